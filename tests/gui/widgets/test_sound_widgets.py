import numpy as np
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from gui import palette
from gui.view_models.levels import ChannelLevel, Levels
from gui.view_models.waveform import PAST_S, Beat, Waveform
from gui.widgets.band_levels import BandLevels
from gui.widgets.meter import StereoMeter
from gui.widgets.waveform_strip import WaveformStrip
from megadance_live.remote.scope import COLUMNS_HZ


def loud(image: QImage, x: int) -> int:
    """Rows of that column that have the colour of sound."""
    ink = QColor(palette.ACCENT)
    column = (image.pixelColor(x, y) for y in range(image.height()))
    return sum(abs(seen.red() - ink.red()) + abs(seen.blue() - ink.blue()) < 60 for seen in column)


def test_sound_is_drawn_where_it_was_loud(qtbot: QtBot) -> None:
    strip = WaveformStrip()
    qtbot.addWidget(strip)
    strip.resize(700, 100)
    amplitude = np.zeros(round(PAST_S * COLUMNS_HZ), np.float32)
    amplitude[: len(amplitude) // 2] = 0.8
    strip.show_waveform(Waveform(now_s=100.0, first_s=100.0 - PAST_S, amplitude=amplitude))
    image = strip.grab().toImage()
    assert loud(image, 150) > 60
    assert loud(image, 450) < 4
    assert loud(image, 680) == 0


def test_a_bar_line_is_thicker_than_a_beat(qtbot: QtBot) -> None:
    strip = WaveformStrip()
    qtbot.addWidget(strip)
    strip.resize(700, 100)
    strip.show_waveform(Waveform(now_s=100.0, passed=(Beat(95.0), Beat(97.0, bar=3))))
    image = strip.grab().toImage()

    def brightness(x: int) -> int:
        return sum(image.pixelColor(column, 60).lightness() for column in range(x - 3, x + 4))

    assert brightness(300) > 1.5 * brightness(100) > 1.5 * brightness(200)


def test_an_empty_waveform_and_words_can_be_drawn(qtbot: QtBot) -> None:
    strip = WaveformStrip()
    qtbot.addWidget(strip)
    strip.resize(300, 80)
    strip.show_waveform(Waveform(), "LOST")
    assert not strip.grab().isNull()
    assert strip.accessibleDescription() == "LOST"


def test_a_louder_channel_has_a_longer_bar(qtbot: QtBot) -> None:
    meter = StereoMeter()
    qtbot.addWidget(meter)
    meter.resize(300, 46)
    meter.show_levels(Levels(ChannelLevel(-12.0, -6.0, -3.0), ChannelLevel(-40.0, -30.0, -30.0)))
    image = meter.grab().toImage()

    def filled(y: int) -> int:
        ground = QColor(palette.BACKGROUND)
        return sum(image.pixelColor(x, y) != ground for x in range(20, image.width()))

    assert filled(6) > filled(22) + 60
    assert meter.accessibleDescription() == "-6 dB"


def test_bands_are_told_in_words(qtbot: QtBot) -> None:
    bands = BandLevels()
    qtbot.addWidget(bands)
    bands.show_levels(Levels(low=0.5, mid=0.25, high=1.0))
    assert bands.accessibleDescription() == "LOW 50 %, MID 25 %, HIGH 100 %"
