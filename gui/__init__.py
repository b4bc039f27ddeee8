"""The control app: PySide6 only, in a process of its own (see docs/adr/0002)."""
