"""A lamp for each beat of the bar. The downbeat is a diamond and stands higher: it is seen without its colour."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.widgets.sized import Sized

_RAISED = 0.3
"""Part of the height by which the downbeat stands above the others."""


class BeatLamps(Sized, QWidget):
    least_width = 120.0
    least_height = 34.0

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawn = (4, 0, 0.0)
        self.setObjectName(name)
        self.setAccessibleName("beats")
        self.setToolTip("The beats of the bar as they are heard; the diamond is the first")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_beat(self, beats_per_bar: int, beat: int, glow: float) -> None:
        """`beat` from 1 shines by `glow`, 0..1; 0: none does."""
        drawn = (beats_per_bar, beat, glow)
        if drawn == self._drawn:
            return
        if drawn[:2] != self._drawn[:2]:
            self.setAccessibleDescription(f"{beat} of {beats_per_bar}" if beat else "")
        self._drawn = drawn
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        count, lit, glow = self._drawn
        pitch = self.width() / max(count, 1)
        side = min(pitch * 0.78, self.height() * (1 - _RAISED))
        for beat in range(1, count + 1):
            middle = pitch * (beat - 0.5)
            top = 0.0 if beat == 1 else self.height() - side
            box = QRectF(middle - side / 2, top, side, side).adjusted(1, 1, -1, -1)
            colour = palette.WARNING if beat == 1 else palette.ACCENT
            strength = 0.35 + 0.65 * glow if beat == lit else 0.0
            painter.setBrush(theme.mixed(palette.RAISED, colour, strength))
            painter.setPen(QPen(QColor(colour if beat == lit else palette.DIM), theme.px(1.5)))
            if beat == 1:
                painter.drawPolygon(_diamond(box))
            else:
                radius = theme.px(3)
                painter.drawRoundedRect(box, radius, radius, Qt.SizeMode.AbsoluteSize)


def _diamond(box: QRectF) -> QPolygonF:
    middle = box.center()
    return QPolygonF(
        [QPointF(middle.x(), box.top()), QPointF(box.right(), middle.y()),
         QPointF(middle.x(), box.bottom()), QPointF(box.left(), middle.y())]
    )  # fmt: skip
