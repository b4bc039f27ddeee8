"""A list to choose one thing from, which the wheel does not turn by accident."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget


class Choice(QComboBox):
    """`chosen` comes with the value that the performer has picked, and never with what `show_value` puts."""

    chosen = Signal(object)

    def __init__(self, *, name: str, says: str, tip: str = "", letters: int = 8, parent: QWidget | None = None) -> None:
        """As wide as so many `letters`."""
        super().__init__(parent)
        self._values: tuple[Hashable, ...] = ()
        self._texts: tuple[str, ...] = ()
        self.setObjectName(name)
        self.setAccessibleName(says)
        self.setToolTip(tip)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.activated.connect(lambda place: self.chosen.emit(self._values[place]))

    def offer(self, choices: Sequence[tuple[Hashable, str]]) -> None:
        """Values and what is written for them."""
        values, texts = tuple(value for value, _ in choices), tuple(text for _, text in choices)
        if (values, texts) == (self._values, self._texts):
            return
        self._values, self._texts = values, texts
        self.clear()
        self.addItems(texts)

    def show_value(self, value: Hashable) -> None:
        """What holds, while the list is not open."""
        place = self._values.index(value) if value in self._values else -1
        if place != self.currentIndex() and not self.view().isVisible():
            self.setCurrentIndex(place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()
