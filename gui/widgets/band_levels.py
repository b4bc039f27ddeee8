"""How much of the sound is low, middle and high."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.view_models.levels import Levels
from gui.widgets.sized import Sized

_STEPS = 100


class BandLevels(Sized, QWidget):
    """Three bars, each under its word."""

    least_width = 150.0
    least_height = 32.0

    def __init__(self, *, name: str = "bands", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bands: tuple[tuple[str, int], ...] = (("LOW", 0), ("MID", 0), ("HIGH", 0))
        self.setObjectName(name)
        self.setAccessibleName("Low, mid and high")
        self.setToolTip("What the dancer hears of the lows, the mids and the highs: OSC /audio/low, /mid, /high")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_levels(self, levels: Levels) -> None:
        """Repaints only what has changed."""
        shown = tuple(
            (word, round(share * _STEPS))
            for word, share in (("LOW", levels.low), ("MID", levels.mid), ("HIGH", levels.high))
        )
        if shown != self._bands:
            self._bands = shown
            self.setAccessibleDescription(", ".join(f"{word} {steps} %" for word, steps in shown))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(theme.SMALL))
        gap, words = theme.px(8), min(theme.px(16), self.height() / 2)
        wide = (self.width() - gap * (len(self._bands) - 1)) / len(self._bands)
        for k, (word, steps) in enumerate(self._bands):
            left = k * (wide + gap)
            painter.setPen(QColor(palette.DIM))
            painter.drawText(QRectF(left, 0, wide, words), Qt.AlignmentFlag.AlignVCenter, word)
            bar = QRectF(left, words, wide, self.height() - words)
            painter.fillRect(bar, QColor(palette.BACKGROUND))
            painter.fillRect(QRectF(left, words, wide * steps / _STEPS, bar.height()), QColor(palette.ACCENT))
