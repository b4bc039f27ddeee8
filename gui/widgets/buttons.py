"""Buttons that show by shape and word, not by colour alone, whether they are on, asked for, or waiting for their beat.

A button is told what to look like, and never changes its own look: what is on is what the show says is on.
"""

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui import palette, theme
from gui.widgets.learnable import Learnable
from gui.widgets.sized import Sized
from megadance_live.remote.snapshot import LearnTarget

_LEAST_NOTE = 11.0
"""A second line smaller than this is written on the first."""
_TYPE_OF_LINE = 0.85
"""Size of type to height of line."""
_SHIFT = Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True)
class Look:
    """`lit`: on. `pending`: asked for and not yet confirmed (hatched). `glow` 0..1: how bright one that waits for its
    beat is at this moment, None for one that does not. `fill` 0..1: a bar along the foot. `note` is a second line,
    `corner` a legend in the upper left corner, `mark` a sign in front of the text."""

    lit: bool = False
    pending: bool = False
    glow: float | None = None
    fill: float = 0.0
    colour: str = palette.ACCENT
    note: str = ""
    corner: str = ""
    mark: str = ""


class Button(Learnable, Sized, QAbstractButton):
    """`struck` comes when the button goes down, with whether Shift is held: for what is played. `clicked` comes when
    it is let go: for the rest. `name` is its objectName."""

    struck = Signal(bool)
    note_size: float = theme.SMALL

    def __init__(
        self,
        text: str,
        *,
        name: str,
        tip: str = "",
        size: float = theme.BODY,
        target: LearnTarget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.learn_target = target
        self.look = Look()
        self._size = size
        self.setObjectName(name)
        self.setToolTip(tip)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def setText(self, text: str) -> None:
        """Also what it is called by those who do not see it."""
        if text != self.text() or not self.accessibleName():
            super().setText(text)
            self.setAccessibleName(text or self.objectName())
            self.updateGeometry()

    def set_look(self, look: Look) -> None:
        """Repaints only what has changed."""
        self.refresh_learning()
        if look == self.look:
            return
        said = (look.lit, look.pending, look.note) != (self.look.lit, self.look.pending, self.look.note)
        self.look = look
        if said:
            state = "asked for" if look.pending else "on" if look.lit else ""
            self.setAccessibleDescription(" ".join(part for part in (state, look.note) if part))
        self.update()

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        metrics = QFontMetrics(theme.font(self._size, bold=True))
        wide = max((metrics.horizontalAdvance(line) for line in self.text().splitlines()), default=0)
        return QSize(max(least.width(), wide + theme.px(20)), least.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.struck.emit(bool(event.modifiers() & _SHIFT))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second of two quick taps is a tap."""
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The window presses the focused button with its own key; none of Qt's reaches it."""
        event.ignore()

    def press(self, *, shift: bool = False) -> None:
        """As if it had been pressed and let go."""
        self.struck.emit(shift)
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ground = self._ground()
        self._paint_body(painter, body, ground)
        self._paint_text(painter, body, theme.ink_on(ground.name()) if self.isEnabled() else palette.FAINT)
        self.paint_learning(painter)

    def _ground(self) -> QColor:
        look = self.look
        if not self.isEnabled():
            return QColor(palette.SURFACE)
        if look.lit:
            ground = QColor(look.colour)
        elif look.glow is not None:
            ground = theme.mixed(palette.RAISED, look.colour, 0.15 + 0.85 * look.glow)
        else:
            ground = QColor(palette.PRESSED if self.underMouse() else palette.RAISED)
        return ground.darker(130) if self.isDown() else ground

    def _paint_body(self, painter: QPainter, body: QRectF, ground: QColor) -> None:
        look = self.look
        radius = theme.px(theme.RADIUS)
        waits = look.glow is not None and not look.lit
        focused = self.hasFocus()
        edge = palette.TEXT if focused else look.colour if waits or look.pending or look.lit else palette.LINE
        pen = QPen(QColor(edge), theme.px(2) if waits or focused or look.pending else 1)
        if waits or look.pending:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(ground)
        painter.drawRoundedRect(body, radius, radius)
        if look.pending:
            hatch = QColor(look.colour)
            hatch.setAlpha(150)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
            painter.drawRoundedRect(body, radius, radius)
        if look.fill > 0.0:
            high = theme.px(5)
            bar = QRectF(body.left(), body.bottom() - high, body.width() * min(look.fill, 1.0), high)
            painter.fillRect(bar, QColor(palette.TEXT if look.lit else look.colour))

    def _paint_text(self, painter: QPainter, body: QRectF, ink: str) -> None:
        look = self.look
        painter.setPen(QColor(ink))
        inner = body.adjusted(theme.px(5), theme.px(3), -theme.px(5), -theme.px(3))
        name_high = QFontMetrics(theme.font(self._size)).height()
        if look.corner:
            painter.setFont(theme.font(theme.SMALL))
            painter.drawText(inner, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, look.corner)
            legend = painter.fontMetrics()
            if name_high + 2 * legend.height() > inner.height():
                inner.setLeft(inner.left() + legend.horizontalAdvance(look.corner) + theme.px(4))
        text = f"{look.mark} {self.text()}" if look.mark else self.text()
        room = (inner.height() - name_high) * _TYPE_OF_LINE
        if look.note and room < theme.px(_LEAST_NOTE):
            self._paint_line(painter, inner, f"{text} · {look.note}")
        elif look.note:
            note = theme.font(self.note_size)
            note.setPixelSize(min(note.pixelSize(), int(room)))
            high = name_high + QFontMetrics(note).height()
            upper = QRectF(inner.left(), inner.center().y() - high / 2, inner.width(), name_high)
            lower = QRectF(inner.left(), upper.bottom(), inner.width(), high - name_high)
            self._paint_line(painter, upper, text)
            painter.setFont(note)
            painter.drawText(lower, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, look.note)
        else:
            self._paint_line(painter, inner, text)

    def _paint_line(self, painter: QPainter, room: QRectF, text: str) -> None:
        painter.setFont(self._fitting(text, room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)

    def _fitting(self, text: str, width_px: float) -> QFont:
        """The type of this button, made smaller where the text would not fit."""
        font = theme.font(self._size, bold=self.look.lit or self._size > theme.BODY)
        lines = text.splitlines() or [""]
        wide = max(QFontMetrics(font).horizontalAdvance(line) for line in lines)
        if wide > width_px > 0:
            font.setPixelSize(max(round(font.pixelSize() * width_px / wide), theme.px(10)))
        return font


class Toggle(Button):
    """A button with a lamp: a ring when off, a disc and the word ON when on."""

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width() + theme.px(18), least.height())

    def set_on(self, on: bool, *, pending: bool = False, colour: str = palette.ACCENT, note: str = "") -> None:
        self.set_look(Look(lit=on, pending=pending, colour=colour, mark="●" if on else "○", note=note))


class HoldButton(Button):
    """A button that repeats while it is held: `stepped` comes at once, and then again and again."""

    stepped = Signal()

    def __init__(self, text: str, *, name: str, tip: str = "", **others: Any) -> None:
        super().__init__(text, name=name, tip=tip, **others)
        self.setAutoRepeat(True)
        self.setAutoRepeatDelay(400)
        self.setAutoRepeatInterval(100)
        self.pressed.connect(self.stepped)
