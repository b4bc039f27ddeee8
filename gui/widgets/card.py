"""A sentence in the middle of the dark."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.widgets.sized import Sized


class Card(Sized, QWidget):
    """Stands where there is nothing else to be seen yet."""

    least_width = 320.0
    least_height = 180.0

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.setObjectName("waiting")

    def say(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.SURFACE))
        painter.setPen(QColor(palette.TEXT))
        painter.setFont(theme.font(theme.LARGE))
        edge = theme.px(24)
        room = QRect(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.text)
