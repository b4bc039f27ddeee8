"""Which of the twelve pitch classes sound: chroma from three windows, each as long as its octaves need.

The notes up to B3 need windows of 1.07 and 0.53 s, of which only 78 bins are wanted. Their spectra are summed up from
those of the single hops in them (a discrete Fourier transform is linear; a shift in time is a turn of each bin), and
the Hann window is put on afterwards, where it is a sum over three neighbouring bins: the same numbers as from whole
transforms, for a tenth of the work.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import FEATURE_HOP, FEATURE_RATE_HZ
from megadance_live.music.spectrum import chroma_filters, periodic_hann

F32 = npt.NDArray[np.float32]
C64 = npt.NDArray[np.complex64]

LONG, MIDDLE, SHORT = 16_384, 8_192, 4_096
"""Samples in the windows for the notes C2 to B2, C3 to B3 and C4 to B7."""
LOW_NOTE, OCTAVE, HIGH_NOTE = 36, 12, 108  # MIDI
TAPS = 11
STEPS = (0.05, 0.1, 0.2, 0.4)
"""A pitch class gains one for each of these parts of the whole that it exceeds (Mueller & Ewert, CENS, ISMIR 2011)."""
_STEPS = np.array(STEPS, np.float32)[:, None]


@dataclass(frozen=True)
class PitchState:
    """Spectra of the hops in the two longer windows, and the quantised pitch classes of the frames before, oldest
    first."""

    long: C64  # [32, bins]
    middle: C64  # [16, bins]
    recent: F32  # [11, 12]


class PitchClasses:
    """Hop by hop [512] -> [12], CENS with a causal Hann of 11 frames, of unit length."""

    def __init__(self) -> None:
        low = chroma_filters(FEATURE_RATE_HZ, LONG, LOW_NOTE, LOW_NOTE + OCTAVE)
        # An octave up in a window half as long: the same bins, so that one filter serves both.
        bins = np.flatnonzero(low.any(axis=0))
        first, last = int(bins[0]), int(bins[-1])
        self._low = low[:, first : last + 1].copy()
        wide = np.arange(first - 1, last + 2)  # the Hann window reaches one bin further
        self._bins = len(wide)
        samples = np.arange(FEATURE_HOP)[:, None]
        waves = [np.exp(-2j * np.pi * samples * wide / size) * (4 / size) for size in (LONG, MIDDLE)]
        self._waves = np.ascontiguousarray(np.concatenate(waves, axis=1).astype(np.complex64)).view(np.float32)
        self._turns = [
            np.exp(-2j * np.pi * FEATURE_HOP * np.arange(size // FEATURE_HOP)[:, None] * wide / size).astype(
                np.complex64
            )
            for size in (LONG, MIDDLE)
        ]
        high = chroma_filters(FEATURE_RATE_HZ, SHORT, LOW_NOTE + 2 * OCTAVE, HIGH_NOTE)
        bins = np.flatnonzero(high.any(axis=0))
        self._high_bins = slice(int(bins[0]), int(bins[-1]) + 1)
        self._high = high[:, self._high_bins].copy()
        self._window = periodic_hann(SHORT)
        taps = np.hanning(TAPS + 2)[1:-1]
        self._taps = (taps / taps.sum()).astype(np.float32)

    def initial_state(self) -> PitchState:
        long, middle = (np.zeros((size // FEATURE_HOP, self._bins), np.complex64) for size in (LONG, MIDDLE))
        return PitchState(long, middle, np.zeros((TAPS, 12), np.float32))

    def rested(self, hop: F32, state: PitchState) -> PitchState:
        """After a hop in silence."""
        long, middle = self._heard(hop, state)
        return PitchState(long, middle, np.zeros_like(state.recent))

    def step(self, hop: F32, history: F32, state: PitchState) -> tuple[F32, PitchState]:
        """`history` [>= 4096] ends with the hop."""
        long, middle = self._heard(hop, state)
        low = sum(_hann(spectra, turns) for spectra, turns in zip((long, middle), self._turns, strict=True))
        high = np.fft.rfft(history[-SHORT:] * self._window)[self._high_bins]
        chroma = self._low @ low + self._high @ np.sqrt(high.real**2 + high.imag**2)
        share = chroma / max(float(chroma.sum()), 1e-9)
        recent = np.empty_like(state.recent)
        recent[:-1] = state.recent[1:]
        recent[-1] = (share > _STEPS).sum(axis=0)
        smooth = self._taps @ recent
        length = float(np.sqrt(np.dot(smooth, smooth)))
        return (smooth / max(length, 1e-6)).astype(np.float32), PitchState(long, middle, recent)

    def _heard(self, hop: F32, state: PitchState) -> tuple[C64, C64]:
        spectra = (hop @ self._waves).view(np.complex64).reshape(2, 1, self._bins)
        return np.concatenate([state.long[1:], spectra[0]]), np.concatenate([state.middle[1:], spectra[1]])


def _hann(spectra: C64, turns: C64) -> F32:
    """Magnitudes of the windowed spectrum of all hops, without the outermost bins."""
    whole = np.add.reduce(spectra * turns)
    windowed = 0.5 * whole[1:-1] - 0.25 * (whole[:-2] + whole[2:])
    magnitude: F32 = np.sqrt(windowed.real**2 + windowed.imag**2)
    return magnitude
