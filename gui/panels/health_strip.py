"""The strip of figures at the foot of the window; a click opens the log."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import palette, theme
from gui.view_models.health import Figure, HealthModel
from gui.widgets.lamp import COLOURS, paint_lamp
from gui.widgets.sized import Sized


class HealthStrip(Sized, QWidget):
    """Each figure is a lamp, a name, a value and a word. Repainted only when something has changed."""

    clicked = Signal()

    least_width = 600.0
    least_height = 34.0

    def __init__(self, model: HealthModel) -> None:
        super().__init__()
        self._model = model
        self._drawn: tuple[Figure, ...] = ()
        self.setObjectName("health")
        self.setAccessibleName("health")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def refresh(self) -> None:
        if self._model.figures == self._drawn:
            return
        self._drawn = self._model.figures
        self.setAccessibleDescription(", ".join(f"{each.name} {each.value} {each.word}" for each in self._drawn))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = int(event.pos().x() / max(self.width(), 1) * len(self._drawn))
            if 0 <= place < len(self._drawn):
                each = self._drawn[place]
                QToolTip.showText(event.globalPos(), f"{each.help}: {each.value}, {each.word}.", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(palette.SURFACE))
        if not self._drawn:
            return
        wide = self.width() / len(self._drawn)
        for i, figure in enumerate(self._drawn):
            self._paint(painter, QRectF(i * wide, 0, wide, self.height()), figure)

    def _paint(self, painter: QPainter, box: QRectF, figure: Figure) -> None:
        side = theme.px(9)
        paint_lamp(painter, QRectF(box.left() + theme.px(6), box.center().y() - side / 2, side, side), figure.level)
        left = box.left() + theme.px(20)
        plain, bold = theme.font(theme.SMALL), theme.font(theme.SMALL, bold=True)
        upper = QRectF(left, box.top() + theme.px(2), box.right() - left, box.height() / 2 - theme.px(2))
        lower = QRectF(left, upper.bottom(), upper.width(), upper.height())
        painter.setFont(plain)
        painter.setPen(QColor(palette.DIM))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, figure.name)
        word_left = left + QFontMetrics(plain).horizontalAdvance(f"{figure.name} ")
        if figure.word not in ("OK", ""):
            painter.setPen(QColor(COLOURS[figure.level]))
            painter.setFont(bold)
            painter.drawText(upper.adjusted(word_left - left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, figure.word)
        else:
            painter.drawText(upper.adjusted(word_left - left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, figure.word)
        painter.setPen(QColor(palette.TEXT))
        painter.setFont(bold)
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, figure.value)
