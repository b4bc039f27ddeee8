"""A field for a number or a name, which says beside itself what is wrong with it."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gui import palette, theme
from gui.widgets.panel import label
from gui.widgets.sized import Sized

_BUBBLE = 260.0
"""Width of the sentence, in units."""


class Entry(Sized, QLineEdit):
    """`take` gets the text on Enter and says whether it could be used: then the field lets go of the keys, which are
    the show's again. `left` comes when it has lost them, whatever was typed."""

    left = Signal()
    least_width = 72.0

    def __init__(
        self, take: Callable[[str], bool], *, name: str, says: str, tip: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._take = take
        self._held = ""
        self._bubble: QLabel | None = None
        self.setObjectName(name)
        self.setAccessibleName(says)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.returnPressed.connect(self._enter)

    def show_text(self, text: str) -> None:
        """What holds; not heard while somebody types."""
        self._held = text
        if not self.hasFocus() and self.text() != text:
            self.setText(text)

    def show_trouble(self, trouble: str) -> None:
        """A sentence below the field, "" for none. Nobody has to answer it."""
        if trouble == self.accessibleDescription():
            return
        self.setAccessibleDescription(trouble)
        self.setProperty("invalid", bool(trouble))
        self.style().unpolish(self)
        self.style().polish(self)
        if trouble and self.isVisible():
            self._show_bubble(trouble)
        elif self._bubble is not None:
            self._bubble.hide()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.setText(self._held)
            self.left.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.show_trouble("")

    def _enter(self) -> None:
        if self._take(self.text()):
            self.clearFocus()

    def _show_bubble(self, trouble: str) -> None:
        window = self.window()
        if self._bubble is None:
            self._bubble = label(tone="warning", name="trouble", wrap=True)
            self._bubble.setMargin(theme.px(6))
            self._bubble.setStyleSheet(f"background: {palette.RAISED}; border: 1px solid {palette.BAD};")
        self._bubble.setParent(window)
        self._bubble.setText(trouble)
        self._bubble.setFixedWidth(theme.px(_BUBBLE))
        self._bubble.adjustSize()
        corner = self.mapTo(window, QPoint(0, self.height()))
        right = max(window.width() - self._bubble.width(), 0)
        self._bubble.move(min(corner.x(), right), corner.y())
        self._bubble.raise_()
        self._bubble.show()
