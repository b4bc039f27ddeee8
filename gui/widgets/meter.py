"""A stereo meter: RMS and peak of both channels in dB below full scale, with a held peak."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.view_models.levels import FLOOR_DB, ChannelLevel, Levels
from gui.widgets.sized import Sized

TOP_DB = 3.0
_MARKS_DB = (0, -12, -24, -48, -6, -36)
"""The most important first: where it is narrow, the others are left out."""
_ZONES = ((-12.0, palette.GOOD), (-3.0, palette.WARNING), (TOP_DB, palette.BAD))
"""Up to which level a colour goes; where in the scale that is can be read without it."""


class StereoMeter(Sized, QWidget):
    """Two bars, left above right, over one scale: RMS solid, peak lighter, the held peak a line."""

    least_width = 150.0
    least_height = 46.0

    def __init__(self, *, name: str = "meter", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._levels = Levels()
        self.setObjectName(name)
        self.setAccessibleName("Input level")
        self.setToolTip(
            "Level of the input after the gain, in dB below full scale: RMS solid, peak lighter, held peak as a line"
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_levels(self, levels: Levels) -> None:
        """Repaints only what has changed."""
        if (levels.left, levels.right) != (self._levels.left, self._levels.right):
            self.setAccessibleDescription(f"{levels.peak_db:.0f} dB")
            self._levels = levels
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font(theme.SMALL))
        letters = theme.px(16)
        words = min(theme.px(15), self.height() // 3)
        gap = theme.px(3)
        high = (self.height() - words - gap) / 2
        for k, (letter, level) in enumerate((("L", self._levels.left), ("R", self._levels.right))):
            bar = QRectF(letters, k * (high + gap), self.width() - letters, high)
            painter.setPen(QColor(palette.DIM))
            painter.drawText(QRectF(0, bar.top(), letters, high), Qt.AlignmentFlag.AlignVCenter, letter)
            _paint_bar(painter, bar, level)
        self._paint_scale(painter, QRectF(letters, 0, self.width() - letters, self.height()), words)

    def _paint_scale(self, painter: QPainter, field: QRectF, words: float) -> None:
        painter.setPen(QColor(palette.DIM))
        wide = painter.fontMetrics().horizontalAdvance("-48 ")
        written: list[float] = []
        for mark_db in _MARKS_DB:
            x = min(field.left() + _share(mark_db) * field.width(), field.right() - wide / 2)
            if any(abs(x - other) < wide for other in written):
                continue
            written.append(x)
            tick = field.left() + _share(mark_db) * field.width()
            painter.fillRect(QRectF(tick, field.bottom() - words - theme.px(3), 1, theme.px(4)), QColor(palette.DIM))
            align = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(QRectF(x - wide / 2, field.bottom() - words, wide, words), align, f"{mark_db}")


def _share(db: float) -> float:
    """From left to right, 0..1."""
    return min(max((db - FLOOR_DB) / (TOP_DB - FLOOR_DB), 0.0), 1.0)


def _paint_bar(painter: QPainter, bar: QRectF, level: ChannelLevel) -> None:
    painter.fillRect(bar, QColor(palette.BACKGROUND))
    from_db = FLOOR_DB
    for to_db, colour in _ZONES:
        for value_db, alpha in ((level.peak_db, 110), (level.rms_db, 255)):
            _fill(painter, bar, from_db, min(value_db, to_db), colour, alpha)
        from_db = to_db
    if level.hold_db > FLOOR_DB:
        at = bar.left() + _share(level.hold_db) * bar.width()
        thick = theme.px(2)
        painter.fillRect(QRectF(min(at, bar.right() - thick), bar.top(), thick, bar.height()), QColor(palette.TEXT))


def _fill(painter: QPainter, bar: QRectF, from_db: float, to_db: float, colour: str, alpha: int) -> None:
    if to_db <= from_db:
        return
    left, right = (bar.left() + _share(db) * bar.width() for db in (from_db, to_db))
    ink = QColor(colour)
    ink.setAlpha(alpha)
    painter.fillRect(QRectF(left, bar.top(), right - left, bar.height()), ink)
