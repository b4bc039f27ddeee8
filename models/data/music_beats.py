"""The bar grid of a recording, from the beats that an ear has heard in it."""

import numpy as np
import numpy.typing as npt

from models.data.grid import BEATS_PER_BAR

F64 = npt.NDArray[np.float64]

_FEWEST = 4 * BEATS_PER_BAR
_SLACK = 0.2
"""Of a beat: farther from a whole number of beats after its neighbour, a beat is out of step."""
_OUT_OF_STEP = 0.1
"""A larger part of such beats, and the ear was lost."""


def bar_grid(times_s: F64, numbers: npt.NDArray[np.int64]) -> F64 | None:
    """Every beat from the first downbeat on, s, from beats heard at rising `times_s` [k] with their `numbers` in the
    bar (1 a downbeat): beats that were missed are put in, beats too many left out, and the downbeat is where most say.

    None where too few beats were heard, or too many of them out of step.
    """
    if len(times_s) < _FEWEST:
        return None
    period = float(np.median(np.diff(times_s)))
    index, place = [0], [0]  # of kept beats: which beat of the grid, and which of those heard
    out_of_step = 0
    for heard in range(1, len(times_s)):
        after = (times_s[heard] - times_s[place[-1]]) / period
        out_of_step += abs(after - round(after)) > _SLACK
        if round(after) >= 1:
            index.append(index[-1] + round(after))
            place.append(heard)
    if out_of_step > _OUT_OF_STEP * len(times_s) or len(index) < _FEWEST:
        return None
    votes = np.bincount((np.array(index) - (numbers[place] - 1)) % BEATS_PER_BAR, minlength=BEATS_PER_BAR)
    downbeat = int(np.argmax(votes))
    beats: F64 = np.interp(np.arange(downbeat, index[-1] + 1), index, times_s[place])
    return beats
