"""Kinetic features of a dance (72 numbers): what FID_k and DIV_k compare.

For each of 24 joints, the mean over frames of its squared horizontal speed, of its squared vertical speed (the kinetic
energies of Onuma, Faloutsos and Hodgins, "FMDistance", Eurographics 2008 short papers, section 3), and of its
acceleration's magnitude (their energy expenditure). Used for dance by Li et al., "AI Choreographer", ICCV 2021,
section 5.2. Velocities and accelerations are means over five frames, in metres and seconds; frames without the whole
five are left out.

Published code differs in frame time, joints, edges and, in one library, in a slip of operator precedence in the
acceleration: FID_k must not be compared between papers, only between rows of one table.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ

F64 = npt.NDArray[np.float64]

KINETIC_SIZE = 72
_SMOOTHED_FRAMES = 5


def kinetic_features(joints_m: F64) -> F64:
    """[72] of joint positions in the world [T >= 7, 24, 3]: horizontal, then vertical energy, then acceleration."""
    step = np.diff(joints_m, axis=0)
    velocity = _smoothed(step) * FRAME_RATE_HZ
    acceleration = _smoothed(np.diff(step, axis=0)) * FRAME_RATE_HZ**2
    horizontal = (velocity[..., [0, 2]] ** 2).sum(axis=-1).mean(axis=0)
    vertical = (velocity[..., 1] ** 2).mean(axis=0)
    effort = np.linalg.norm(acceleration, axis=-1).mean(axis=0)
    return np.concatenate([horizontal, vertical, effort])


def _smoothed(values: F64) -> F64:
    """Means over five frames [T - 4, ...]."""
    sums = np.cumsum(np.concatenate([np.zeros_like(values[:1]), values]), axis=0)
    means: F64 = (sums[_SMOOTHED_FRAMES:] - sums[:-_SMOOTHED_FRAMES]) / _SMOOTHED_FRAMES
    return means
