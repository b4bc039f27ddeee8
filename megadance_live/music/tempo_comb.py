"""Which tempo the last eight seconds repeat at: a comb over the autocorrelation of how strongly music sets in."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ

F64 = npt.NDArray[np.float64]

FRAMES = 8 * BEAT_FRAME_RATE_HZ
LEAST_FRAMES = BEAT_FRAME_RATE_HZ
TEETH = 4
LONGEST = 0.75
"""No lag longer than this part of what is remembered: too little of it would be compared."""
FLOOR = 0.05
"""No tempo is ever ruled out, relative to the likeliest."""


@dataclass(frozen=True)
class CombState:
    onsets: F64  # [up to FRAMES] newest last


class TempoComb:
    """For beats of given lengths: how well each explains what was heard."""

    def __init__(self, periods_s: F64) -> None:
        lags = periods_s[:, None] * BEAT_FRAME_RATE_HZ * np.arange(1, TEETH + 1)
        self._counts = lags < LONGEST * FRAMES
        lags = np.minimum(lags, FRAMES - 2)
        self._below = lags.astype(np.int64)
        self._share = lags - self._below
        overlap = FRAMES - np.arange(FRAMES)
        self._unbiased = FRAMES / (overlap + 0.1 * FRAMES)

    def initial_state(self) -> CombState:
        return CombState(np.zeros(0))

    def heard(self, onsets: F64, state: CombState) -> CombState:
        return CombState(np.concatenate([state.onsets, onsets])[-FRAMES:])

    def likelihood(self, state: CombState) -> F64:
        """[periods] from FLOOR / (1 + FLOOR) to 1; all 1 before there is enough to go by."""
        if len(state.onsets) < LEAST_FRAMES:
            return np.ones(len(self._below))
        centred = state.onsets - state.onsets.mean()
        spectrum = np.fft.rfft(centred, 2 * FRAMES)
        correlation = np.fft.irfft(np.abs(spectrum) ** 2)[:FRAMES] * self._unbiased
        teeth = correlation[self._below] * (1 - self._share) + correlation[self._below + 1] * self._share
        comb = np.maximum(np.sum(teeth, axis=1, where=self._counts) / self._counts.sum(axis=1), 0.0)
        greatest = float(comb.max())
        if greatest <= 0:
            return np.ones(len(comb))
        likelihood: F64 = (comb / greatest + FLOOR) / (1 + FLOOR)
        return likelihood
