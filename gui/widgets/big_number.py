"""A number that is read from across the room."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.widgets.sized import Sized

_CAPTION = 16.0


class BigNumber(Sized, QWidget):
    """`widest` is the longest text that it has to hold; the type is as large as that allows."""

    least_height = 60.0

    def __init__(self, widest: str, *, name: str, says: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._caption = ""
        self._widest = widest
        self.least_width = 24.0 * len(widest)
        self.setObjectName(name)
        self.setAccessibleName(says)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_number(self, text: str, caption: str = "") -> None:
        """With a legend under it, in small type."""
        if (text, caption) == (self.text, self._caption):
            return
        self.text, self._caption = text, caption
        self.setAccessibleDescription(f"{text} {caption}".strip())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        room = QRectF(self.rect())
        if self._caption:
            room.setBottom(room.bottom() - theme.px(_CAPTION))
        font = theme.font(theme.HUGE * 1.4, bold=True)
        metrics = QFontMetrics(font)
        share = min(room.width() / metrics.horizontalAdvance(self._widest), room.height() / metrics.capHeight() * 0.8)
        font.setPixelSize(max(int(font.pixelSize() * min(share, 1.0)), 1))
        painter.setFont(font)
        painter.setPen(QColor(palette.TEXT))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, self.text)
        if self._caption:
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(QColor(palette.DIM))
            foot = QRectF(0, room.bottom(), self.width(), theme.px(_CAPTION))
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self._caption)
