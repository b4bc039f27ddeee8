"""Hears every key of the window before any widget does, so that the keys of the show work whatever has the focus."""

import sys
from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from gui.keys import action_for

Actions = Mapping[str, Callable[[int], None]]

REPEATING: Final = ("nudge", "bank")
"""Held keys of these repeat; all others act once."""
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


def _end_typing(pressed: QWidget) -> None:
    """Who presses something else has done with the text field: the letters are the show's again."""
    focused = QApplication.focusWidget()
    if focused is None or focused is pressed or not is_typing(focused) or pressed.window() is not focused.window():
        return
    if not focused.isAncestorOf(pressed):
        focused.clearFocus()


class KeyFilter(QObject):
    """Installed on the application for as long as the window lives."""

    def __init__(self, window: QWidget, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            self._leave_field(watched)
        if kind != QEvent.Type.KeyPress or not isinstance(watched, QWidget | QWindow):
            return False
        return isinstance(event, QKeyEvent) and self._heard(watched, event)

    def _leave_field(self, pressed: QWidget) -> None:
        """Who presses something else has done with writing, and means the keys of the show from now on."""
        focused = QApplication.focusWidget()
        if focused is None or not is_typing(focused) or not self._is_ours(pressed):
            return
        if pressed is not focused and not focused.isAncestorOf(pressed):
            focused.clearFocus()

    def _heard(self, watched: QWidget | QWindow, event: QKeyEvent) -> bool:
        focused = QApplication.focusWidget()
        elsewhere = QApplication.activePopupWidget() is not None or not self._is_ours(watched)
        typing = elsewhere or is_typing(focused)
        name = name_of(event)
        if typing and not elsewhere and name == "Esc" and focused is not None:
            focused.clearFocus()
            return False
        key = action_for(name, typing=typing)
        act = self._actions.get(key.action) if key is not None else None
        if key is None or act is None:
            return False
        if not event.isAutoRepeat() or key.action in REPEATING:
            act(key.argument)
        return True

    def _is_ours(self, watched: QWidget | QWindow) -> bool:
        if isinstance(watched, QWidget):
            return watched.window() is self._window
        return watched is self._window.windowHandle()
