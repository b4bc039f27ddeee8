"""Python's own `import`, where Qt for Python has put one of its own.

Qt for Python replaces `builtins.__import__`, so that modules can ask for other names of Qt's methods (`from __feature__
import snake_case`). Its function changes Qt's classes while it runs and takes no notice of other threads. But every
value that is unpickled imports, and the threads that listen to the show unpickle twenty times a second: sooner or later
that corrupts the heap. Nobody here asks for other names.
"""

import builtins
import importlib

from PySide6 import QtCore  # noqa: F401  the first of its modules to be imported puts its function there


def use_plain_import() -> None:
    """Put Python's own `import` back, for good."""
    builtins.__import__ = importlib.__import__
