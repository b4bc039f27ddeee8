"""Freezing: frames in which nothing moves.

A frame is frozen where no joint moves faster than 4 cm/s in the world. Shared names hide different measures in the
literature; this one is ours, and dancers who hold a pose on purpose freeze by it, too: compare it by genre.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ
from models.evaluation.tally import Tally, tally

STILL_M_S = 0.04


def frozen(joints_m: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """[T - 1] of joint positions in the world [T, 24, 3]."""
    speed = np.linalg.norm(np.diff(joints_m, axis=0), axis=-1) * FRAME_RATE_HZ
    return np.asarray(speed.max(axis=1) < STILL_M_S, np.bool_)


def freeze_ratio(joints_m: npt.NDArray[np.float64]) -> Tally:
    return tally(frozen(joints_m))


def longest_freeze_s(joints_m: npt.NDArray[np.float64]) -> float:
    """Duration of the longest run of frozen frames."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], frozen(joints_m).astype(int), [0]])))
    return float((edges[1::2] - edges[::2]).max(initial=0)) / FRAME_RATE_HZ
