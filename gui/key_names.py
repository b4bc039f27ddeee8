"""What the keys of any keyboard are called in the table of keys, and whether somebody is typing."""

import sys
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

_DIGIT_CODES: Final[dict[str, tuple[int, ...]]] = {
    "linux": (19, 10, 11, 12, 13, 14, 15, 16, 17, 18),
    "win32": (0x0B, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A),
    "darwin": (0x1D, 0x12, 0x13, 0x14, 0x15, 0x17, 0x16, 0x1A, 0x1C, 0x19),
}
"""The keys 0 to 9 above the letters, as the hardware numbers them."""
_NAMES: Final = {
    Qt.Key.Key_Space: "Space",
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Escape: "Esc",
    Qt.Key.Key_PageUp: "PageUp",
    Qt.Key.Key_PageDown: "PageDown",
}
_SHIFTED_DIGITS: Final = dict(zip(")!@#$%^&*(", "0123456789", strict=True))
_SIGNS: Final = "[],.?"
_BRACKETS: Final = "[]"
"""On some keyboards they lie on digits."""


def name_of(event: QKeyEvent, platform: str = sys.platform) -> str:
    """As `gui.keys` calls it; "" for a key that has no name there. Digits are found by where they lie, so that Shift
    and a digit are the same on every keyboard."""
    held = event.modifiers()
    if held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier):
        return event.text() if event.text() in _BRACKETS else ""
    ctrl = "Ctrl+" if held & Qt.KeyboardModifier.ControlModifier else ""
    shift = "Shift+" if held & Qt.KeyboardModifier.ShiftModifier else ""
    text, key = event.text(), event.key()
    if text and text in _BRACKETS:
        return text
    if (digit := _digit(event, platform)) is not None:
        return f"{ctrl}{shift}{digit}"
    if not ctrl and text and text in _SIGNS:
        return text
    if Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        return f"{ctrl}{shift}{chr(key)}"
    if Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12:
        return f"{ctrl}{shift}F{key - Qt.Key.Key_F1 + 1}"
    named = _NAMES.get(Qt.Key(key)) if key in tuple(_NAMES) else None
    return f"{ctrl}{named}" if named else ""


def _digit(event: QKeyEvent, platform: str) -> str | None:
    code = event.nativeVirtualKey() if platform == "darwin" else event.nativeScanCode()
    codes = _DIGIT_CODES.get(platform, ())
    if code and code in codes:
        return str(codes.index(code))
    key = event.key()
    if Qt.Key.Key_0 <= key <= Qt.Key.Key_9:
        return chr(key)
    if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and key < 0x80:
        return _SHIFTED_DIGITS.get(chr(key)) if not code else None
    return None


def is_typing(widget: QWidget | None) -> bool:
    """Does what has the focus want letters?"""
    if isinstance(widget, QLineEdit | QAbstractSpinBox):
        return not widget.isReadOnly()
    if isinstance(widget, QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    return isinstance(widget, QComboBox) and widget.isEditable()
