"""PFC, physical foot contact (Tseng et al., "EDGE", CVPR 2023, section 5): what speeds up has to stand on a foot.

For each frame: the acceleration of the pelvis (its upward part only where it is upward), over its maximum in the dance,
times the horizontal displacement of the slower of ankle and toe of the left foot, times that of the right foot. PFC is
the mean over frames x 10,000; lower is better. It falls for a dance that moves little, so read it beside the speed.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core.skeleton import PELVIS
from models.evaluation.skating import FEET
from models.evaluation.tally import Tally, tally

SCALE = 10_000.0
_LEAST_M = 1e-6
"""Of acceleration, per frame and frame: what is less is rounding."""


def physical_foot_contact(joints_m: npt.NDArray[np.float64]) -> Tally:
    """Of joint positions in the world [T >= 3, 24, 3]."""
    acceleration = np.diff(joints_m[:, PELVIS], n=2, axis=0)
    acceleration[:, 1] = np.maximum(acceleration[:, 1], 0.0)
    effort = np.linalg.norm(acceleration, axis=-1)
    effort = effort / max(float(effort.max(initial=0.0)), _LEAST_M)
    step = np.linalg.norm(np.diff(joints_m[1:][..., [0, 2]], axis=0), axis=-1)
    left, right = (step[:, foot].min(axis=1) for foot in FEET)
    return tally(SCALE * effort * left * right)
