"""A bar that fills, with words on it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.widgets.sized import Sized


class Gauge(Sized, QWidget):
    least_width = 80.0
    least_height = 22.0

    def __init__(self, *, name: str, says: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawn = (0.0, "", palette.ACCENT)
        self.setObjectName(name)
        self.setAccessibleName(says)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float, text: str, colour: str = palette.ACCENT) -> None:
        """Filled by `share`, 0..1."""
        drawn = (share, text, colour)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.setAccessibleDescription(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        share, text, colour = self._drawn
        painter = QPainter(self)
        box = QRectF(self.rect())
        painter.fillRect(box, QColor(palette.BACKGROUND))
        filled = QRectF(box.left(), box.top(), box.width() * min(max(share, 0.0), 1.0), box.height())
        painter.fillRect(filled, theme.mixed(palette.BACKGROUND, colour, 0.55))
        painter.setPen(QColor(palette.LINE))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        font = theme.font(theme.SMALL, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(palette.TEXT))
        fitting = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, round(box.width()) - theme.px(6))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, fitting)
