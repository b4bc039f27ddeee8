"""HFDQ: motion to FSQ tokens and back."""
