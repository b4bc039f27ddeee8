"""A control that a key or knob of a MIDI controller can be bound to, by choosing it while the window learns."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.view_models.learn import LearnMode
from megadance_live.remote.snapshot import LearnTarget

if TYPE_CHECKING:
    _Base = QWidget
else:
    _Base = object

_KEPT = (
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
)


def learn_mode_of(widget: QWidget) -> LearnMode | None:
    """The LearnMode of the window that the widget is in: its attribute `learn_mode`."""
    mode = getattr(widget.window(), "learn_mode", None)
    return mode if isinstance(mode, LearnMode) else None


class Learnable(_Base):
    """Stands before the Qt class among the bases. While the window learns, the mouse chooses the control instead of
    moving it. Call `paint_learning` at the end of the paint event."""

    learn_target: LearnTarget | None = None
    _drawn_revision = -1

    def event(self, event: QEvent) -> bool:
        mode = learn_mode_of(self) if event.type() in _KEPT else None
        if mode is None or not mode.active or self.learn_target is None:
            return super().event(event)
        if event.type() == QEvent.Type.MouseButtonPress:
            mode.choose(self.learn_target)
        event.accept()
        return True

    def refresh_learning(self) -> None:
        """Repaint if what is bound, or whether the window learns, has changed."""
        mode = learn_mode_of(self)
        if mode is not None and self.learn_target is not None and mode.revision != self._drawn_revision:
            self._drawn_revision = mode.revision
            self.update()

    def paint_learning(self, painter: QPainter) -> None:
        """The binding as a tag, a dashed frame while the window learns, a thick one around the chosen control."""
        mode = learn_mode_of(self)
        if mode is None or not mode.active or self.learn_target is None:
            return
        chosen = mode.target == self.learn_target
        frame = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        pen = QPen(QColor(palette.WARNING), theme.px(3 if chosen else 1.5))
        pen.setStyle(Qt.PenStyle.SolidLine if chosen else Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame, theme.px(theme.RADIUS), theme.px(theme.RADIUS))
        text = "?" if chosen else mode.tags(self.learn_target)
        if text:
            self._paint_tag(painter, text)

    def _paint_tag(self, painter: QPainter, text: str) -> None:
        """In the lower right corner: names and values stand above."""
        painter.setFont(theme.font(theme.SMALL, bold=True))
        metrics = painter.fontMetrics()
        width = min(metrics.horizontalAdvance(text) + theme.px(8), self.width())
        height = metrics.height() + theme.px(2)
        box = QRectF(self.width() - width, self.height() - height, width, height)
        painter.fillRect(box, QColor(palette.WARNING))
        painter.setPen(QColor(palette.INK))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
