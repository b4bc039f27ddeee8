"""How fast the whole chain (ear, tracker, dancer) answers to music that changes.

Tempo: many dances to music whose tempo jumps at one beat. Alignment (as in BAS) is averaged over dances, beat by beat;
the response is the time from the jump until the mean over the last eight beats is back at the mean over the sixteen
beats before the jump, give or take one standard error or a tenth of what that mean is above chance. Where it is not
above chance, there is no response to speak of.

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
    """`response_s` is infinite where alignment never comes back, NaN where there was none. `curve` is the mean
    alignment of each beat from BEATS_BEFORE before the jump on."""

    response_s: float
    before: float
    chance: float
    curve: tuple[float, ...]


@dataclass(frozen=True)
class SilenceResponse:
    """`response_s` is infinite where the dance does not calm down. `curve`: speed over that before, ten a second from
    the last sound on."""

    response_s: float
    speed_left: float
    curve: tuple[float, ...]


def tempo_response(dances: Sequence[Motion], jumps: Sequence[float], period_after_s: float) -> TempoResponse:
    """`jumps[i]` is the frame of the beat at which the tempo of `dances[i]` changes."""
    rows = []
    chances = []
    for dance, jump in zip(dances, jumps, strict=True):
        beats, moved = dance.beat_frames, motion_beats(dance.joints_m)
        at = int(np.argmin(np.abs(beats - jump)))
        chosen = beats[at - BEATS_BEFORE :]
        away = np.abs(chosen[:, None] - moved).min(axis=1) if len(moved) else np.full(len(chosen), np.inf)
        rows.append(np.exp(-(away**2) / (2 * WIDTH_FRAMES**2)))
        chances.append(beat_scores(dance.joints_m[: int(jump)], beats[beats < jump]).chance)
    length = min(len(row) for row in rows)
    curve = np.stack([row[:length] for row in rows])
    before = curve[:, :BEATS_BEFORE]
    level, error = float(before.mean()), float(before.std() / np.sqrt(before.size))
    chance = pooled(chances).value
    means = curve.mean(axis=0)
    response = float("nan")
    if level - error > chance:
        enough = level - max(error, SLACK * (level - chance))
        response = float("inf")
        for beat in range(BEATS_MEAN, length - BEATS_BEFORE + 1):
            if means[BEATS_BEFORE + beat - BEATS_MEAN : BEATS_BEFORE + beat].mean() >= enough:
                response = (beat - 1) * period_after_s
                break
    return TempoResponse(response, level, chance, tuple(float(v) for v in means))


def silence_response(dances: Sequence[Motion], last_sound: int) -> SilenceResponse:
    """`last_sound` is the frame of the last sound in every dance."""
    length = min(len(dance) for dance in dances) - 1
    speed = np.mean([joint_speed(dance.joints_m)[:length] for dance in dances], axis=0)
    before = speed[max(0, last_sound - int(SPEED_BEFORE_S * FRAME_RATE_HZ)) : last_sound].mean()
    second = np.convolve(speed[last_sound:], np.ones(FRAME_RATE_HZ) / FRAME_RATE_HZ, mode="valid") / before
    calm = np.flatnonzero(second < 0.5)
    response = (float(calm[0]) / FRAME_RATE_HZ + 1.0) if len(calm) else float("inf")
    return SilenceResponse(response, float(second[-1]), tuple(float(v) for v in second[::3]))
