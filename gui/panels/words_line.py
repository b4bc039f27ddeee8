"""The line of words at the foot of the window; a click opens what was said before."""

from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.view_models.words import Weight, Words, WordsModel
from gui.widgets.sized import Sized

_COLOURS: Final[dict[Weight, str]] = {
    "bad": palette.BAD,
    "warning": palette.WARNING,
    "notice": palette.TEXT,
    "old": palette.DIM,
}
_SIGNS: Final[dict[Weight, str]] = {"bad": "✕", "warning": "▲", "notice": "›", "old": "›"}


class WordsLine(Sized, QWidget):
    clicked = Signal()

    least_width = 300.0
    least_height = 30.0

    def __init__(self, model: WordsModel) -> None:
        super().__init__()
        self._model = model
        self._drawn = Words()
        self.setObjectName("words")
        self.setAccessibleName("words")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._tell()

    def refresh(self) -> None:
        if self._model.state != self._drawn:
            self._drawn = self._model.state
            self._tell()
            self.update()

    def _tell(self) -> None:
        self.setAccessibleDescription(self._drawn.text)
        self.setToolTip(f"{self._drawn.text}\nA click shows everything that was said.".strip())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(self.least_width), theme.px(self.least_height))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        words = self._drawn
        if not words.text:
            return
        painter = QPainter(self)
        colour = _COLOURS[words.weight]
        font = theme.font(theme.SHOW, bold=words.weight == "bad")
        painter.setFont(font)
        metrics = QFontMetrics(font)
        room = self.rect().adjusted(theme.px(4), 0, -theme.px(4), 0)
        if words.more:
            more = f"+{words.more} more"
            painter.setPen(QColor(palette.DIM))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, more)
            room = QRect(room.left(), 0, room.width() - metrics.horizontalAdvance(more) - theme.px(12), room.height())
        painter.setPen(QColor(colour))
        text = metrics.elidedText(f"{_SIGNS[words.weight]} {words.text}", Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
