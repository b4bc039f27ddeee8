"""What the beat network hears: sixty times a second, how loud each band is and how much louder than just before.

Two right-aligned windows end with every frame: a long one that tells pitches apart, and a short one that tells when
something began. Levels are taken relative to the running level of the music, so that the same music gives the same
numbers however loud it comes in. Bands are spaced evenly in pitch: another key is the same picture, moved.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import FEATURE_HOP, FEATURE_RATE_HZ
from megadance_live.core.stage import StageSpec
from megadance_live.music.spectrum import periodic_hann

F32 = npt.NDArray[np.float32]

FRAMES_PER_HOP = 2
FRAME = FEATURE_HOP // FRAMES_PER_HOP  # samples
BEAT_FRAME_RATE_HZ = FEATURE_RATE_HZ // FRAME
"""Frame i describes the stream up to (i + 1) / 60 s."""

LONG_WINDOW, LONG_BANDS_PER_OCTAVE = 2_048, 9
SHORT_WINDOW, SHORT_BANDS_PER_OCTAVE = 512, 3
LOWEST_HZ, OCTAVES = 30.0, 8
LONG_BANDS = LONG_BANDS_PER_OCTAVE * OCTAVES
BANDS = LONG_BANDS + SHORT_BANDS_PER_OCTAVE * OCTAVES
INPUTS = 2 * BANDS
"""Levels of all bands, then their rises."""

SILENCE_DB = -140.0
GATE_DB = -75.0
"""A frame quieter than this (0 dB: a sine of full scale, about) counts as silence: it is all zeros."""
RANGE_DB = 60.0
"""How far below the running level a band can still be told from silence."""
LEVEL_TAU_FRAMES = 8 * BEAT_FRAME_RATE_HZ
HEADROOM_DB = 10.0
"""The running level is never further than this below the present: it follows a sudden rise at once."""
LONG_LAG, SHORT_LAG = 3, 2
"""Rises are against so many frames before."""
_NEPERS_PER_DB = np.float32(np.log(10) / 10)
_BELS_PER_NEPER = np.float32(1 / np.log(10))


@dataclass(frozen=True)
class LevelState:
    """The running level of any number of streams side by side; `heard` counts the frames above the gate."""

    level_db: F32  # [...]
    heard: F32  # [...]
    recent: F32  # [..., LONG_LAG, BANDS] levels of the frames before, newest last


@dataclass(frozen=True)
class SpectrumState:
    history: F32  # [LONG_WINDOW - FRAME] samples, newest last
    level: LevelState


def band_filters(window: int, bands_per_octave: int) -> F32:
    """[bands, window / 2 + 1] triangles of height 1 about centres evenly spaced in pitch, each at least three bins wide
    in all."""
    bins_hz = np.arange(window // 2 + 1) * FEATURE_RATE_HZ / window
    centre = LOWEST_HZ * 2.0 ** ((np.arange(bands_per_octave * OCTAVES)[:, None] + 0.5) / bands_per_octave)
    half_width = np.maximum(centre * (2.0 ** (1.0 / bands_per_octave) - 1), 1.5 * FEATURE_RATE_HZ / window)
    filters: F32 = np.maximum(0.0, 1.0 - np.abs(bins_hz - centre) / half_width).astype(np.float32)
    return filters


def silent_level(shape: tuple[int, ...] = ()) -> LevelState:
    """Nothing heard yet, for streams [shape]."""
    return LevelState(
        np.full(shape, SILENCE_DB, np.float32),
        np.zeros(shape, np.float32),
        np.zeros((*shape, LONG_LAG, BANDS), np.float32),
    )


def relative(bands_db: F32, state: LevelState) -> tuple[F32, LevelState]:
    """Network inputs [..., frames, INPUTS] from levels [..., frames, BANDS] in dB, for any number of streams."""
    power = np.exp(bands_db[..., :LONG_BANDS] * _NEPERS_PER_DB).sum(axis=-1, dtype=np.float32)
    total_db = np.log(power) / _NEPERS_PER_DB
    sounding = total_db > GATE_DB
    level, heard = state.level_db, state.heard
    reference = np.empty_like(total_db)
    for frame in range(bands_db.shape[-2]):
        now, loud = total_db[..., frame], sounding[..., frame]
        gain = 1 / np.minimum(heard + 1, np.float32(LEVEL_TAU_FRAMES))
        followed = np.maximum(level + gain * (now - level), now - np.float32(HEADROOM_DB))
        level, heard = np.where(loud, followed, level), heard + loud
        reference[..., frame] = level
    above = np.exp((bands_db - (reference - np.float32(RANGE_DB))[..., None]) * _NEPERS_PER_DB)
    levels = np.where(sounding[..., None], np.log(1 + above) * _BELS_PER_NEPER, np.float32(0))
    seen = np.concatenate([state.recent, levels], axis=-2)
    frames = levels.shape[-2]
    rises = [
        levels[..., bands] - seen[..., LONG_LAG - lag : LONG_LAG - lag + frames, bands]
        for lag, bands in ((LONG_LAG, slice(LONG_BANDS)), (SHORT_LAG, slice(LONG_BANDS, BANDS)))
    ]
    inputs: F32 = np.concatenate([levels, np.maximum(np.concatenate(rises, axis=-1), 0)], axis=-1)
    return inputs, LevelState(level, heard.astype(np.float32), seen[..., frames:, :].copy())


class BeatSpectrum:
    """Stage: hops float32 [k, 512] at 15,360 Hz -> k arrays [2, INPUTS].

    Only the Resampler's output may go in (finite, within its limit).
    """

    spec = StageSpec(1, 0.0, float("inf"))

    def __init__(self) -> None:
        self._long, self._short = periodic_hann(LONG_WINDOW), periodic_hann(SHORT_WINDOW)
        self._long_bands = band_filters(LONG_WINDOW, LONG_BANDS_PER_OCTAVE).T.copy()
        self._short_bands = band_filters(SHORT_WINDOW, SHORT_BANDS_PER_OCTAVE).T.copy()

    def initial_state(self) -> SpectrumState:
        return SpectrumState(np.zeros(LONG_WINDOW - FRAME, np.float32), silent_level())

    def step(self, hops: F32, state: SpectrumState, /) -> tuple[list[F32], SpectrumState]:
        out: list[F32] = []
        history, level = state.history, state.level
        for hop in hops:
            if not (hop.any() or history.any() or level.recent.any()):
                out.append(np.zeros((FRAMES_PER_HOP, INPUTS), np.float32))  # nothing comes of nothing, at no cost
                continue
            bands_db, history = self.bands_db(hop, history)
            inputs, level = relative(bands_db, level)
            out.append(inputs)
        return out, SpectrumState(history, level)

    def bands_db(self, hop: F32, history: F32) -> tuple[F32, F32]:
        """Levels [2, BANDS] of one hop [512], before any normalisation, and the history after it."""
        heard = np.concatenate([history, hop])
        ends = LONG_WINDOW + FRAME * np.arange(FRAMES_PER_HOP)
        long = np.stack([heard[end - LONG_WINDOW : end] for end in ends])
        long -= long.mean(axis=1, keepdims=True)  # else it would leak into the lowest bands
        short = long[:, -SHORT_WINDOW:]
        power = np.concatenate(
            [
                np.abs(np.fft.rfft(long * self._long)) ** 2 @ self._long_bands,
                np.abs(np.fft.rfft(short * self._short)) ** 2 @ self._short_bands,
            ],
            axis=1,
        )
        floor = np.float32(10 ** (SILENCE_DB / 10))
        decibels: F32 = 10 * np.log10(np.maximum(power, floor)).astype(np.float32)
        return decibels, heard[FRAMES_PER_HOP * FRAME :]


def heard_bands_db(hops: F32) -> F32:
    """Levels [2 k, BANDS] of a whole recording [k, 512], before any normalisation."""
    spectrum = BeatSpectrum()
    history = spectrum.initial_state().history
    out: list[F32] = []
    for hop in hops:
        bands_db, history = spectrum.bands_db(hop, history)
        out.append(bands_db)
    return np.concatenate(out) if out else np.zeros((0, BANDS), np.float32)
