"""Repetition: how much of a dance has been danced before.

The dance is cut into stretches of one second, a fifth of a second apart; one repeats where an earlier stretch, begun a
second before or more, is nearer than 5 cm on the mean over frames and joints (root-relative, heading free). The measure
grows with the length of a dance: compare dances of the same length only. Dancers repeat phrases on purpose.
"""

import numpy as np
import numpy.typing as npt

from models.evaluation.tally import Tally

STRETCH_FRAMES = 30
STEP_FRAMES = 6
NEAR_M = 0.05


def repetition(local_joints_m: npt.NDArray[np.float64]) -> Tally:
    """Of root-relative joints [T, 24, 3]: repeating among stretches that could repeat."""
    starts = np.arange(0, len(local_joints_m) - STRETCH_FRAMES + 1, STEP_FRAMES)
    stretches = np.stack([local_joints_m[s : s + STRETCH_FRAMES] for s in starts]) if len(starts) else np.zeros(0)
    repeated = asked = 0
    for index in range(len(starts)):
        earlier = starts[:index] <= starts[index] - STRETCH_FRAMES
        if not earlier.any():
            continue
        asked += 1
        away = np.linalg.norm(stretches[:index][earlier] - stretches[index], axis=-1).mean(axis=(1, 2))
        repeated += int(away.min() < NEAR_M)
    return Tally(float(repeated), float(asked))
