"""Foot-skate ratio: how much of what stands on the floor slides.

Of the frames in which an ankle is within 10 cm of the floor and the toe of the same foot within 5 cm, the share in
which the toe moves more than 1 cm horizontally to the next frame; both feet counted. After Li et al., "Lodge", CVPR
2024, section 4.1, with the floor where it is (y = 0) in place of the lowest point of the clip.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core.skeleton import LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT
from models.evaluation.tally import Tally, pooled

ANKLE_M = 0.10
TOE_M = 0.05
SLIDE_M = 0.01
FEET = ((LEFT_ANKLE, LEFT_FOOT), (RIGHT_ANKLE, RIGHT_FOOT))


def foot_skate(joints_m: npt.NDArray[np.float64]) -> Tally:
    """Sliding among standing feet, of joint positions in the world [T, 24, 3]."""
    parts = []
    for ankle, toe in FEET:
        stands = (joints_m[1:, ankle, 1] <= ANKLE_M) & (joints_m[1:, toe, 1] <= TOE_M)
        moved = np.linalg.norm(np.diff(joints_m[:, toe][:, [0, 2]], axis=0), axis=-1)
        parts.append(Tally(float((stands & (moved > SLIDE_M)).sum()), float(stands.sum())))
    return pooled(parts)
