"""A line of text that ends in dots where it does not fit, and then shows itself whole as a tooltip."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.widgets.sized import Sized


class ElidedLabel(Sized, QWidget):
    least_width = 40.0
    least_height = 22.0

    def __init__(
        self, text: str = "", *, name: str, size: float = theme.BODY, bold: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.text = ""
        self.colour = palette.TEXT
        self._size = size
        self._bold = bold
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def show_text(self, text: str, colour: str = palette.TEXT) -> None:
        if (text, colour) == (self.text, self.colour):
            return
        self.text, self.colour = text, colour
        self.setAccessibleName(text)
        self._tip()
        self.update()

    def minimumSizeHint(self) -> QSize:
        high = QFontMetrics(theme.font(self._size)).height()
        return QSize(theme.px(self.least_width), max(high, theme.px(self.least_height)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = theme.font(self._size, bold=self._bold)
        painter.setFont(font)
        painter.setPen(QColor(self.colour))
        text = QFontMetrics(font).elidedText(self.text, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _tip(self) -> None:
        wide = QFontMetrics(theme.font(self._size, bold=self._bold)).horizontalAdvance(self.text)
        self.setToolTip(self.text if wide > self.width() else "")
