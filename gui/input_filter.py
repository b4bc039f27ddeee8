"""Hears every key of the window before any widget does, so that the keys of the show work whatever has the focus."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QWidget

from gui.key_names import is_typing, name_of
from gui.keys import action_for

Actions = Mapping[str, Callable[[int], None]]

REPEATING: Final = ("nudge", "bank")
"""Held keys of these repeat; all others act once."""


class InputFilter(QObject):
    """Installed on the application for as long as the window lives."""

    def __init__(self, window: QWidget, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.Wheel and isinstance(watched, QComboBox | QAbstractSpinBox):
            event.ignore()  # whoever scrolls past a list must not change what it says
            return True
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
