"""What the network should say of a stretch of music, from the beats that are known."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.beats.config import METRES, BeatNetConfig

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

SPREAD_FRAMES = 2.0
"""A beat is a triangle this wide to either side."""
LONGEST_GAP_S = 2.4
"""Between beats further apart than this, there is no beat."""
UNKNOWN = -100
"""What a loss leaves out."""


@dataclass(frozen=True)
class Targets:
    """`beat`, `downbeat` [T] 0..1 (`downbeat` NaN where bars are not known); `tempo`, `metre` [T] classes."""

    beat: F32
    downbeat: F32
    tempo: I64
    metre: I64


def targets(beats_s: F64, numbers: npt.NDArray[np.integer], frames: int, config: BeatNetConfig) -> Targets:
    """Of `frames` frames from time 0 on."""
    bars_known = bool(len(numbers)) and bool(np.any(numbers > 0))
    beat = _triangles(beats_s, frames, config)
    downbeat = _triangles(beats_s[numbers == 1], frames, config) if bars_known or not len(beats_s) else beat * np.nan
    none = Targets(beat, downbeat, np.full(frames, config.tempi, np.int64), np.full(frames, len(METRES), np.int64))
    if len(beats_s) < 2:
        return none
    now_s = (np.arange(frames) + 1) / config.frame_rate_hz
    at = np.searchsorted(beats_s, now_s, side="right") - 1
    inside = (at >= 0) & (at < len(beats_s) - 1)
    gaps_s = np.diff(beats_s)
    at = np.clip(at, 0, len(gaps_s) - 1)
    inside &= gaps_s[at] < LONGEST_GAP_S
    around = np.clip(at[:, None] + np.arange(-1, 2), 0, len(gaps_s) - 1)
    period_s = np.median(gaps_s[around], axis=1)
    tempo = np.where(inside, tempo_class(60 / period_s, config), config.tempi)
    if bars_known:
        metre = np.where(inside, _metre_classes(numbers)[at], len(METRES))
    else:
        metre = np.where(inside, UNKNOWN, len(METRES))
    return Targets(beat, downbeat, tempo.astype(np.int64), metre.astype(np.int64))


def tempo_class(bpm: npt.ArrayLike, config: BeatNetConfig) -> I64:
    """The class of a tempo; beyond the ends, the nearest."""
    through = np.log(np.asarray(bpm) / config.lowest_bpm) / np.log(config.highest_bpm / config.lowest_bpm)
    classes: I64 = np.clip(np.floor(through * config.tempi), 0, config.tempi - 1).astype(np.int64)
    return classes


def _triangles(times_s: F64, frames: int, config: BeatNetConfig) -> F32:
    out = np.zeros(frames, np.float32)
    # Frame i ends at (i + 1) / rate.
    at = times_s * config.frame_rate_hz - 1 + config.delay_frames
    for offset in range(-2, 4):
        frame = np.floor(at).astype(int) + offset
        height = 1 - np.abs(frame - at) / SPREAD_FRAMES
        inside = (frame >= 0) & (frame < frames) & (height > 0)
        np.maximum.at(out, frame[inside], height[inside].astype(np.float32))
    return out


def _metre_classes(numbers: npt.NDArray[np.integer]) -> I64:
    """[n] for each beat the class of its bar's length: the highest number before the next downbeat."""
    bar = np.cumsum(numbers == 1)
    longest = np.zeros(int(bar[-1]) + 1, np.int64)
    np.maximum.at(longest, bar, numbers.astype(np.int64))
    if len(longest) > 1:
        # The first and the last bar may be cut off: they count as their neighbours.
        longest[0] = max(longest[0], longest[1])
        longest[-1] = max(longest[-1], longest[-2])
    table = np.full(16, UNKNOWN)
    table[list(METRES)] = np.arange(len(METRES))
    classes: I64 = table[np.clip(longest, 0, 15)][bar]
    return classes
