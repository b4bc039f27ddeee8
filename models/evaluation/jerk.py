"""Jerk: the third difference of joint positions, where a dance that was made in pieces shows its seams.

Mean magnitude over joints and frames, root-relative and heading free, m/s^3. At token borders: its mean where the
stencil of four frames is centred on the border between two tokens, over its mean where it lies within one; 1 is
seamless. At switches: its mean from the bar line to a quarter of a second after, over its mean elsewhere.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ, TOKEN_FRAMES
from models.evaluation.tally import Tally, tally

F64 = npt.NDArray[np.float64]

SWITCH_FRAMES = round(0.25 * FRAME_RATE_HZ)


def jerk(local_joints_m: F64) -> F64:
    """[T - 3] of [T, 24, 3]: entry i spans frames i to i + 3."""
    third = np.diff(local_joints_m, n=3, axis=0) * FRAME_RATE_HZ**3
    return np.asarray(np.linalg.norm(third, axis=-1).mean(axis=1), np.float64)


def mean_jerk(local_joints_m: F64) -> Tally:
    return tally(jerk(local_joints_m))


def border_jerk(local_joints_m: F64, offset: int = 0) -> tuple[Tally, Tally]:
    """At token borders, and within tokens. Frame `offset` is the first of a token."""
    values = jerk(local_joints_m)
    place = (np.arange(len(values)) - offset) % TOKEN_FRAMES
    return tally(values[place == TOKEN_FRAMES // 2]), tally(values[place == 0])


def switch_jerk(local_joints_m: F64, switch_frames: Sequence[int]) -> tuple[Tally, Tally]:
    """Near the switches, and elsewhere."""
    values = jerk(local_joints_m)
    middle = np.arange(len(values)) + 1.5
    near = np.zeros(len(values), np.bool_)
    for frame in switch_frames:
        near |= (middle >= frame - 1.5) & (middle < frame + SWITCH_FRAMES)
    return tally(values[near]), tally(values[~near])
