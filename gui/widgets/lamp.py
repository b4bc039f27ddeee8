"""A lamp: its state shows in its shape, its colour and its word."""

from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.widgets.sized import Sized

LampState = Literal["off", "good", "warning", "bad"]
COLOURS: Final[dict[LampState, str]] = {
    "off": palette.DIM,
    "good": palette.GOOD,
    "warning": palette.WARNING,
    "bad": palette.BAD,
}


class Lamp(Sized, QWidget):
    """Off is a ring, good a disc, warning a triangle, bad a cross; `text` stands beside it."""

    least_width = 20.0
    least_height = 24.0

    def __init__(self, *, name: str, tip: str = "", size: float = theme.BODY, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state: LampState = "off"
        self.text = ""
        self._size = size
        self.setObjectName(name)
        self.setAccessibleName(name)
        self.setToolTip(tip)

    def show_state(self, state: LampState, text: str) -> None:
        if (state, text) == (self.state, self.text):
            return
        if text != self.text:
            self.updateGeometry()
        self.state, self.text = state, text
        self.setAccessibleDescription(text)
        self.update()

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font(self._size))
        side = theme.px(self._size * 0.8)
        words = theme.px(6) + metrics.horizontalAdvance(self.text) if self.text else 0
        return QSize(side + words + theme.px(4), max(metrics.height(), theme.px(self.least_height)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(self._size * 0.8)
        box = QRectF(theme.px(2), (self.height() - side) / 2, side, side)
        paint_lamp(painter, box, self.state)
        painter.setPen(QColor(palette.TEXT if self.state in ("off", "good") else COLOURS[self.state]))
        painter.setFont(theme.font(self._size))
        rest = QRectF(box.right() + theme.px(6), 0, self.width() - box.right() - theme.px(6), self.height())
        painter.drawText(rest, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text)


def paint_lamp(painter: QPainter, box: QRectF, state: LampState) -> None:
    """The sign alone."""
    colour = QColor(COLOURS[state])
    line = max(box.width() / 7, 1.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    if state == "good":
        painter.drawEllipse(box)
    elif state == "warning":
        painter.drawPolygon(QPolygonF([QPointF(box.center().x(), box.top()), box.bottomRight(), box.bottomLeft()]))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, line))
        inner = box.adjusted(line / 2, line / 2, -line / 2, -line / 2)
        if state == "off":
            painter.drawEllipse(inner)
        else:
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
