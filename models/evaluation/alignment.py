"""How the dance meets the beat: BAS, its value by chance, precision, recall and lag.

Motion beats are the minima of mean joint speed in the world, smoothed with sigma 5 frames; for each music beat the
score is exp(-d^2 / 2 (3 frames)^2), d its distance to the nearest motion beat, and BAS is the mean (Siyao et al.,
"Bailando", CVPR 2022, section 4.1, at 30 frames per second as MEGADance's code has it). The score rewards many motion
beats, wherever they are, so its value by chance stands beside it: the same with the music's beats shifted through a
whole period.

Precision and recall count pairs of a motion beat and a music beat within 3 frames (100 ms); lag is the signed distance
of each motion beat from its nearest music beat, positive where the dancer is late.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ
from models.evaluation.tally import Tally, tally

F64 = npt.NDArray[np.float64]

SMOOTHING_FRAMES = 5.0
WIDTH_FRAMES = 3.0
HIT_FRAMES = 3.0
SHIFTS = 16


@dataclass(frozen=True)
class BeatScores:
    """Of one dance. `lags_ms` has one entry for each motion beat."""

    alignment: Tally
    chance: Tally
    precision: Tally
    recall: Tally
    lags_ms: F64


def joint_speed(joints_m: F64) -> F64:
    """Mean speed of the joints between each frame and the next [T - 1], m/s."""
    return np.asarray(np.linalg.norm(np.diff(joints_m, axis=0), axis=-1).mean(axis=1) * FRAME_RATE_HZ, np.float64)


def motion_beats(joints_m: F64) -> F64:
    """Fractional frames at which the dance is slowest."""
    speed = _smoothed(joint_speed(joints_m), SMOOTHING_FRAMES)
    slowest = np.flatnonzero((speed[1:-1] < speed[:-2]) & (speed[1:-1] <= speed[2:])) + 1
    # A speed lies between two frames.
    return np.asarray(slowest + 0.5, np.float64)


def beat_scores(joints_m: F64, beat_frames: F64) -> BeatScores:
    """Of a dance [T, 24, 3] to music whose beats fall on `beat_frames`; those outside the dance are not asked for."""
    moved = motion_beats(joints_m)
    last = len(joints_m) - 1
    heard = _inside(beat_frames, last)
    if len(heard) < 2:
        nothing = Tally(0.0, 0.0)
        return BeatScores(nothing, nothing, nothing, nothing, np.zeros(0))
    period = float(np.diff(heard).mean())
    shifts = np.arange(SHIFTS) / SHIFTS * period
    by_chance = [_closeness(_inside(beat_frames + shift, last), moved) for shift in shifts]
    lags = _nearest(moved, heard)
    return BeatScores(
        alignment=tally(_closeness(heard, moved)),
        chance=tally(np.concatenate(by_chance)),
        precision=tally(np.abs(lags) <= HIT_FRAMES),
        recall=tally(np.abs(_nearest(heard, moved)) <= HIT_FRAMES),
        lags_ms=lags * 1000.0 / FRAME_RATE_HZ,
    )


def _inside(frames: F64, last: int) -> F64:
    return frames[(frames >= 0) & (frames <= last)]


def _closeness(beats: F64, moved: F64) -> F64:
    return np.exp(-(_nearest(beats, moved) ** 2) / (2.0 * WIDTH_FRAMES**2))


def _nearest(points: F64, others: F64) -> F64:
    """Signed distance [n] of each point from the nearest of the others; infinite where there are none."""
    if not len(others):
        return np.full(len(points), np.inf)
    away = points[:, None] - others
    return np.asarray(np.take_along_axis(away, np.abs(away).argmin(axis=1)[:, None], axis=1)[:, 0], np.float64)


def _smoothed(values: F64, sigma: float) -> F64:
    """Convolved with a Gaussian that is cut at four sigma; the ends are held."""
    reach = round(4 * sigma)
    kernel = np.exp(-(np.arange(-reach, reach + 1) ** 2) / (2.0 * sigma**2))
    return np.convolve(np.pad(values, reach, mode="edge"), kernel / kernel.sum(), mode="valid")
