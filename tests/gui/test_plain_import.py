"""Python's own import is used while threads unpickle, not that of Qt for Python."""

import builtins
import importlib
import subprocess
import sys

from gui.plain_import import use_plain_import


def test_the_import_of_qt_for_python_is_put_aside() -> None:
    use_plain_import()
    assert builtins.__import__ is importlib.__import__
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QLabel

    assert QColor("#204060").red() == 0x20
    assert issubclass(QLabel, object)


def test_qt_for_python_still_makes_it_necessary() -> None:
    """In a fresh process, since tests of Qt have long imported it here."""
    script = (
        "import builtins; own = builtins.__import__; from PySide6 import QtCore\n"
        "assert builtins.__import__ is not own, 'Qt for Python leaves import alone now: gui.plain_import can go'"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
