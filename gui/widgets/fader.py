"""A fader with its name, value and unit."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QEnterEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.widgets.learnable import Learnable
from gui.widgets.sized import Sized
from megadance_live.remote.snapshot import LearnTarget

_FINE = 0.1
_CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True)
class Range:
    """Values of a fader, from `least` to `greatest` in whole `step`s; `default` is where a double click puts it."""

    least: float
    greatest: float
    default: float
    step: float
    unit: str = ""
    decimals: int = 2

    def within(self, value: float) -> float:
        """The nearest value."""
        stepped = self.least + round((value - self.least) / self.step) * self.step
        return min(max(round(stepped, 9), self.least), self.greatest)

    def share(self, value: float) -> float:
        """Where it stands between the ends, 0..1."""
        return min(max((value - self.least) / (self.greatest - self.least), 0.0), 1.0)

    def text(self, value: float) -> str:
        return f"{value:.{self.decimals}f}{f' {self.unit}' if self.unit else ''}"


class Fader(Learnable, Sized, QWidget):
    """The mouse sets it (with Ctrl: finely, from where it is), the wheel and the arrow keys step it, a double click
    puts it to its default. `moved` comes with every value that the hand gives; `show_value` shows the show's, unless
    the hand is on it (`held`)."""

    moved = Signal(float)
    let_go = Signal()

    least_width = 110.0
    least_height = 48.0

    def __init__(
        self,
        text: str,
        values: Range,
        *,
        name: str,
        tip: str = "",
        vertical: bool = False,
        target: LearnTarget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.text = text
        self.values = values
        self.value = values.default
        self.held = False
        self._pending = False
        self.learn_target = target
        self._vertical = vertical
        self._fine_from: tuple[float, float] | None = None
        self.setObjectName(name)
        self.setAccessibleName(text)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        across, along = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(*((across, along) if vertical else (along, across)))

    def minimumSizeHint(self) -> QSize:
        wide, high = (self.least_height * 1.4, self.least_width * 1.4) if self._vertical else (
            self.least_width, self.least_height)  # fmt: skip
        return QSize(theme.px(wide), theme.px(high))

    def show_value(self, value: float, *, pending: bool = False) -> None:
        """What the show says, or has been asked for (`pending`: hatched); not heard while the hand is on the fader."""
        self.refresh_learning()
        if pending != self._pending:
            self._pending = pending
            self.update()
        if not self.held and value != self.value:
            self._put(value)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.held = True
        self._fine_from = None
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.held:
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.held and event.button() == Qt.MouseButton.LeftButton:
            self.held = False
            self.let_go.emit()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._move_to(self.values.default)
        self.let_go.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / 120
        self._step(notches * (1 if event.modifiers() & _CTRL else 5))
        self.let_go.emit()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -1, Qt.Key.Key_Left: -1}.get(
            Qt.Key(event.key()), 0
        )
        if not steps:
            event.ignore()
            return
        self._step(steps * (1 if event.modifiers() & _CTRL else 5))
        self.let_go.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_words(painter)
        track = self._track()
        painter.setPen(QPen(QColor(palette.ACCENT if self.hasFocus() else palette.LINE), 1))
        painter.setBrush(QColor(palette.BACKGROUND))
        radius = theme.px(3)
        painter.drawRoundedRect(track, radius, radius)
        at, zero = self._at(self.value), self._at(self._origin())
        low, high = min(at, zero), max(at, zero)
        if self._vertical:
            filled = QRectF(QPointF(track.left(), low), QPointF(track.right(), high))
        else:
            filled = QRectF(QPointF(low, track.top()), QPointF(high, track.bottom()))
        enabled = self.isEnabled()
        fill = QBrush(QColor(palette.ACCENT if enabled else palette.LINE))
        if self._pending:
            fill.setStyle(Qt.BrushStyle.BDiagPattern)
        painter.fillRect(filled.adjusted(1, 1, -1, -1), fill)
        self._paint_mark(painter, track, self._at(self.values.default), palette.DIM, 1)
        self._paint_mark(painter, track, at, palette.TEXT, 5 if self.held or self.underMouse() else 4)
        self.paint_learning(painter)

    def _paint_words(self, painter: QPainter) -> None:
        high = theme.px(20)
        top = QRectF(theme.px(2), 0, self.width() - theme.px(4), high)
        foot = QRectF(top.left(), self.height() - high, top.width(), high)
        value, bold = self.values.text(self.value), theme.font(theme.BODY, bold=True)
        taken = 0 if self._vertical else QFontMetrics(bold).horizontalAdvance(value) + theme.px(6)
        centre, left, right = (
            Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight)  # fmt: skip
        room = foot if self._vertical else top.adjusted(0, 0, -taken, 0)
        font = self._fitting(room.width())
        painter.setFont(font)
        painter.setPen(QColor(palette.DIM))
        text = QFontMetrics(font).elidedText(self.text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, (centre if self._vertical else left) | Qt.AlignmentFlag.AlignBottom, text)
        painter.setPen(QColor(palette.TEXT))
        painter.setFont(bold)
        painter.drawText(top, (centre if self._vertical else right) | Qt.AlignmentFlag.AlignBottom, value)

    def _fitting(self, width_px: float) -> QFont:
        """The type of the name: small where there is little room."""
        font = theme.font(theme.BODY)
        fits = QFontMetrics(font).horizontalAdvance(self.text) <= width_px
        return font if fits else theme.font(theme.SMALL)

    def _paint_mark(self, painter: QPainter, track: QRectF, at: float, colour: str, thick: float) -> None:
        painter.setPen(QPen(QColor(colour), theme.px(thick)))
        out = theme.px(1)
        if self._vertical:
            painter.drawLine(QPointF(track.left() - out, at), QPointF(track.right() + out, at))
        else:
            painter.drawLine(QPointF(at, track.top() - out), QPointF(at, track.bottom() + out))

    def _track(self) -> QRectF:
        edge, words = theme.px(4), theme.px(24)
        if self._vertical:
            return QRectF(self.width() * 0.28, words, self.width() * 0.44, self.height() - 2 * words)
        return QRectF(edge, words, self.width() - 2 * edge, self.height() - words - edge)

    def _origin(self) -> float:
        """Where the filled part begins: at nought where that lies within, else at the least."""
        return min(max(0.0, self.values.least), self.values.greatest)

    def _at(self, value: float) -> float:
        track, share = self._track(), self.values.share(value)
        return track.bottom() - share * track.height() if self._vertical else track.left() + share * track.width()

    def _follow(self, event: QMouseEvent) -> None:
        track, where = self._track(), event.position()
        share = (
            (track.bottom() - where.y()) / max(track.height(), 1.0)
            if self._vertical
            else (where.x() - track.left()) / max(track.width(), 1.0)
        )
        if event.modifiers() & _CTRL:
            if self._fine_from is None:
                self._fine_from = (share, self.values.share(self.value))
            grabbed, began = self._fine_from
            share = began + (share - grabbed) * _FINE
        else:
            self._fine_from = None
        span = self.values.greatest - self.values.least
        self._move_to(self.values.least + min(max(share, 0.0), 1.0) * span)

    def _step(self, steps: float) -> None:
        self._move_to(self.value + steps * self.values.step)

    def _move_to(self, value: float) -> None:
        value = self.values.within(value)
        if value != self.value:
            self._put(value)
            self.moved.emit(value)

    def _put(self, value: float) -> None:
        self.value = value
        self.setAccessibleDescription(self.values.text(value))
        self.update()
