"""How the show stands, in one large word that is read from across the room."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.view_models.standing import Standing, StandingModel, Tone
from gui.widgets.sized import Sized

_COLOURS: Final[dict[Tone, str]] = {
    "plain": palette.DIM,
    "good": palette.GOOD,
    "warning": palette.WARNING,
    "bad": palette.BAD,
    "frozen": palette.FROZEN,
    "black": palette.BLACKOUT,
}
_SIGNS: Final[dict[Tone, str]] = {
    "plain": "○", "good": "●", "warning": "▲", "bad": "✕", "frozen": "❚❚", "black": "■",
}  # fmt: skip


class StandingPanel(Sized, QWidget):
    least_width = 176.0
    least_height = 96.0

    def __init__(self, model: StandingModel) -> None:
        super().__init__()
        self._model = model
        self._drawn = Standing(word="")
        self.setObjectName("standing")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setToolTip("How the show stands: what receivers are sent at this moment")
        self.refresh()

    def refresh(self) -> None:
        if self._model.state == self._drawn:
            return
        self._drawn = self._model.state
        self.setAccessibleName(self._drawn.word)
        self.setAccessibleDescription(self._drawn.detail)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        standing, colour = self._drawn, _COLOURS[self._drawn.tone]
        calm = standing.tone in ("good", "plain")
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QColor(colour))
        painter.setBrush(QColor(palette.SURFACE if calm else colour))
        painter.drawRoundedRect(box, theme.px(theme.RADIUS), theme.px(theme.RADIUS))
        painter.setPen(QColor(colour if calm else theme.ink_on(colour)))
        inner = box.adjusted(theme.px(8), theme.px(6), -theme.px(8), -theme.px(6))
        room = inner.height() * (0.55 if standing.detail else 1.0)
        upper = QRectF(inner.left(), inner.top(), inner.width(), room)
        text = f"{_SIGNS[standing.tone]} {standing.word}"
        font = theme.font(theme.LARGE, bold=True)
        wide = QFontMetrics(font).horizontalAdvance(text)
        if wide > upper.width():
            font.setPixelSize(int(font.pixelSize() * upper.width() / wide))
        painter.setFont(font)
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, text)
        if standing.detail:
            lower = QRectF(inner.left(), upper.bottom(), inner.width(), inner.height() - room)
            painter.setFont(theme.font(theme.BODY, bold=True))
            painter.drawText(lower, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, standing.detail)
