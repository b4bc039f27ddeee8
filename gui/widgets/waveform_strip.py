"""The sound of the last seconds as it runs to the left, with onsets, beats, and the beats to come."""

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui import palette, theme
from gui.view_models.waveform import Beat, Waveform
from gui.widgets.sized import Sized
from megadance_live.remote.scope import COLUMNS_HZ

MOST_ROWS = 128
LOUDNESS = 0.6
"""Power of the amplitude that is drawn: quiet passages are to be seen, too."""


class WaveformStrip(Sized, QWidget):
    """A thin line is a beat, a thick one with a number begins a bar, a tick at the foot is an onset. Right of the
    bright line lies what comes: the stretch up to the next beat is filled, beats are dashed."""

    least_width = 200.0
    least_height = 64.0

    def __init__(self, *, name: str = "waveform", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = Waveform()
        self._words = ""
        self.setObjectName(name)
        self.setAccessibleName("Sound of the last seconds")
        self.setToolTip(
            "Sound of the last seconds. Lines are beats, thick ones begin a bar, ticks at the foot are onsets; right "
            "of the bright line: the beats to come"
        )
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_waveform(self, waveform: Waveform, words: str = "") -> None:
        """`words` are written across it, for instance that the input is lost."""
        self._shown, self._words = waveform, words
        self.setAccessibleDescription(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(palette.BACKGROUND))
        self._paint_future(painter)
        self._paint_sound(painter)
        for beat in self._shown.passed:
            self._paint_beat(painter, beat, coming=False)
        for beat in self._shown.coming:
            self._paint_beat(painter, beat, coming=True)
        self._paint_onsets(painter)
        now = self._x(self._shown.now_s)
        painter.fillRect(QRectF(now - theme.px(1), 0, theme.px(2), self.height()), QColor(palette.TEXT))
        if self._words:
            self._paint_words(painter)

    def _x(self, time_s: float) -> float:
        return self._shown.place(time_s) * self.width()

    def _paint_future(self, painter: QPainter) -> None:
        now = self._x(self._shown.now_s)
        painter.fillRect(QRectF(now, 0, self.width() - now, self.height()), QColor(palette.SURFACE))
        if self._shown.coming:
            ahead = QColor(palette.ACCENT)
            ahead.setAlpha(70)
            following = self._x(self._shown.coming[0].time_s)
            painter.fillRect(QRectF(now, 0, following - now, self.height()), ahead)
            top, half = theme.px(8), theme.px(5)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.ACCENT))
            painter.drawPolygon(
                QPolygonF([QPointF(following - half, 0), QPointF(following + half, 0), QPointF(following, top)])
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_sound(self, painter: QPainter) -> None:
        amplitude = self._shown.amplitude
        if not len(amplitude):
            return
        pixels = _picture(amplitude, min(max(self.height(), 2), MOST_ROWS))
        rows, columns = pixels.shape
        picture = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32_Premultiplied)
        left, right = (self._x(self._shown.first_s + n / COLUMNS_HZ) for n in (0, columns))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(left, 0, right - left, self.height()), picture)

    def _paint_beat(self, painter: QPainter, beat: Beat, *, coming: bool) -> None:
        x = self._x(beat.time_s)
        colour = palette.TEXT if beat.downbeat else palette.DIM
        pen = QPen(QColor(colour), theme.px(2) if beat.downbeat else 1)
        if coming:
            pen.setStyle(Qt.PenStyle.DashLine)
        ink = QColor(colour)
        ink.setAlpha(200 if beat.downbeat else 110)
        pen.setColor(ink)
        painter.setPen(pen)
        painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        if beat.downbeat:
            painter.setFont(theme.font(theme.SMALL))
            painter.setPen(QColor(palette.TEXT))
            painter.drawText(QPointF(x + theme.px(4), theme.px(12)), f"{beat.bar}")

    def _paint_onsets(self, painter: QPainter) -> None:
        wide, most = theme.px(2), min(theme.px(16), self.height() / 3)
        for time_s, strength in self._shown.onsets:
            high = most * (0.35 + 0.65 * min(max(strength, 0.0), 1.0))
            tick = QRectF(self._x(time_s) - wide / 2, self.height() - high, wide, high)
            painter.fillRect(tick, QColor(palette.WARNING))

    def _paint_words(self, painter: QPainter) -> None:
        painter.setFont(theme.font(theme.SHOW, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(self._words) + theme.px(24)
        high = painter.fontMetrics().height() + theme.px(8)
        box = QRectF((self.width() - wide) / 2, (self.height() - high) / 2, wide, high)
        painter.fillRect(box, QColor(palette.BACKGROUND))
        painter.setPen(QPen(QColor(palette.BAD), theme.px(2)))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._words)


def _picture(amplitude: npt.NDArray[np.float32], rows: int) -> npt.NDArray[np.uint32]:
    """[rows, n] premultiplied ARGB: every column filled as far from the middle as it is loud, with soft ends."""
    middle = (rows - 1) / 2
    away = np.abs(np.arange(rows, dtype=np.float32) - middle)[:, None]
    coverage = np.clip(amplitude**LOUDNESS * middle + 0.5 - away, 0.0, 1.0)
    inks = QColor(palette.ACCENT)
    levels = (coverage * 255).astype(np.uint32)
    pixels = np.zeros(coverage.shape, np.uint32)
    for shift, part in ((24, 255), (16, inks.red()), (8, inks.green()), (0, inks.blue())):
        pixels |= (levels * part // 255) << shift
    return np.ascontiguousarray(pixels)
