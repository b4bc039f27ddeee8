"""What the drum detector looks at: how loud each of 24 bands is in the short frames of the last three hops."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import FEATURE_HOP, FRAME_RATE_HZ
from megadance_live.music.beat_spectrum import SHORT_BANDS_PER_OCTAVE, band_filters
from megadance_live.music.spectrum import mean, periodic_hann

F32 = npt.NDArray[np.float32]

WINDOW = 512
FRAMES_PER_HOP = 2
FRAME = FEATURE_HOP // FRAMES_PER_HOP
HOPS = 3
RANGE_DB = 60.0
"""How far below the running level a band can still be told from silence."""
MEAN_GAIN = np.float32(1.0 / (2 * FRAME_RATE_HZ))
"""Of the running mean of each band, over two seconds."""


@dataclass(frozen=True)
class DrumSpectrumState:
    recent: F32  # [4, bands] frames of the two hops before, oldest first
    mean: F32  # [bands]


class DrumSpectrum:
    """Levels in bels above the least that can be told, relative to the running level of the music."""

    def __init__(self) -> None:
        self._window = periodic_hann(WINDOW)
        self._bands = np.ascontiguousarray(band_filters(WINDOW, SHORT_BANDS_PER_OCTAVE).T)
        self.bands = self._bands.shape[1]
        self.inputs = (HOPS * FRAMES_PER_HOP + 1) * self.bands

    def initial_state(self) -> DrumSpectrumState:
        recent = np.zeros(((HOPS - 1) * FRAMES_PER_HOP, self.bands), np.float32)
        return DrumSpectrumState(recent, np.zeros(self.bands, np.float32))

    def step(self, history: F32, level_db: float, state: DrumSpectrumState) -> tuple[F32, DrumSpectrumState]:
        """[168] frames of three hops, oldest first, then the running means; `history` [>= 768] ends with the hop,
        `level_db` is the running level."""
        windows = np.array([history[-FRAME - WINDOW : -FRAME], history[-WINDOW:]])
        spectrum = np.fft.rfft((windows - mean(windows.T)[:, None]) * self._window)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32) @ self._bands
        levels = np.log10(1 + power * np.float32(10 ** ((RANGE_DB - level_db) / 10)))
        seen = np.concatenate([state.recent, levels])
        usual = state.mean + MEAN_GAIN * (mean(levels) - state.mean)
        return np.concatenate([seen.reshape(-1), usual]), DrumSpectrumState(seen[FRAMES_PER_HOP:], usual)
