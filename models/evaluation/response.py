"""How fast the whole chain (ear, tracker, dancer) answers to music that changes.

Tempo: many dances to music whose tempo jumps at one beat, and as many to music that had the later tempo from the
beginning: how well a dance can be aligned depends on the tempo. Alignment (as in BAS) is averaged over dances, beat by
beat; the response is the time from the jump until the mean over the last eight beats is at the mean of the settled
dances, give or take one standard error or a tenth of what that mean is above chance. Where it is not above chance,
there is no response to speak of.

Silence: the response is the time from the last sound until mean joint speed, over one second and all dances, is below
half of what it was in the eight seconds before; and how much of the speed is left in the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ
from models.evaluation.alignment import WIDTH_FRAMES, beat_scores, joint_speed, motion_beats
from models.evaluation.motion import Motion
from models.evaluation.tally import pooled

F64 = npt.NDArray[np.float64]

BEATS_BEFORE = 16
BEATS_MEAN = 8
SLACK = 0.1
SPEED_BEFORE_S = 8.0


@dataclass(frozen=True)
class TempoResponse:
    """`response_s` is infinite where alignment never comes back, NaN where there is none to come back to. Mean
    alignment `before` the jump, and of the `settled` dances with its value by `chance`. `curve` is the mean alignment
    of each beat from BEATS_BEFORE before the jump on."""

    response_s: float
    before: float
    settled: float
    chance: float
    curve: tuple[float, ...]


@dataclass(frozen=True)
class SilenceResponse:
    """`response_s` is infinite where the dance does not calm down. `curve`: speed over that before, ten a second from
    the last sound on."""

    response_s: float
    speed_left: float
    curve: tuple[float, ...]


def tempo_response(
    dances: Sequence[Motion], jumps: Sequence[float], settled: Sequence[Motion], period_after_s: float
) -> TempoResponse:
    """`jumps[i]` is the frame of the beat at which the tempo of `dances[i]` changes. Of `settled` dances only what they
    do from BEATS_BEFORE beats on counts."""
    curves, calm = [], []
    for dance, jump in zip(dances, jumps, strict=True):
        at = int(np.argmin(np.abs(dance.beat_frames - jump)))
        curves.append(_alignment(dance)[at - BEATS_BEFORE :])
    for dance in settled:
        calm.append(_alignment(dance)[BEATS_BEFORE:])
    length = min(len(curve) for curve in curves)
    curve = np.stack([one[:length] for one in curves]).mean(axis=0)
    every = np.concatenate(calm)
    level, error = float(every.mean()), float(every.std() / np.sqrt(every.size))
    chance = pooled([beat_scores(dance.joints_m, dance.beat_frames).chance for dance in settled]).value
    response = float("nan")
    if level - error > chance:
        enough = level - max(error, SLACK * (level - chance))
        response = float("inf")
        for beat in range(BEATS_MEAN, length - BEATS_BEFORE + 1):
            if curve[BEATS_BEFORE + beat - BEATS_MEAN : BEATS_BEFORE + beat].mean() >= enough:
                response = (beat - 1) * period_after_s
                break
    return TempoResponse(
        response, float(curve[:BEATS_BEFORE].mean()), level, chance, tuple(float(value) for value in curve)
    )


def _alignment(dance: Motion) -> F64:
    """Of each beat."""
    beats, moved = dance.beat_frames, motion_beats(dance.joints_m)
    away = np.abs(beats[:, None] - moved).min(axis=1) if len(moved) else np.full(len(beats), np.inf)
    return np.asarray(np.exp(-(away**2) / (2 * WIDTH_FRAMES**2)), np.float64)


def silence_response(dances: Sequence[Motion], last_sound: int) -> SilenceResponse:
    """`last_sound` is the frame of the last sound in every dance."""
    length = min(len(dance) for dance in dances) - 1
    speed = np.mean([joint_speed(dance.joints_m)[:length] for dance in dances], axis=0)
    before = speed[max(0, last_sound - int(SPEED_BEFORE_S * FRAME_RATE_HZ)) : last_sound].mean()
    second = np.convolve(speed[last_sound:], np.ones(FRAME_RATE_HZ) / FRAME_RATE_HZ, mode="valid") / before
    calm = np.flatnonzero(second < 0.5)
    response = (float(calm[0]) / FRAME_RATE_HZ + 1.0) if len(calm) else float("inf")
    return SilenceResponse(response, float(second[-1]), tuple(float(v) for v in second[::3]))
