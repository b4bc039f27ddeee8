"""Intervals of measures over few clips: the bootstrap (Efron and Tibshirani, 1993, chapters 10 and 13).

Clips are drawn with replacement, whole, because stretches of one clip are alike. The interval is that of percentiles.
A Frechet distance of resampled sets is greater than that of the sets: its interval is moved by the bootstrap's own
estimate of that bias, and does not reach below 0.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Indices = npt.NDArray[np.int64]

RESAMPLES = 200
LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value and its 95 % interval; NaN where there is none."""

    value: float
    low: float = float("nan")
    high: float = float("nan")


def bootstrap(
    statistic: Callable[[Indices], float],
    clips: int,
    resamples: int = RESAMPLES,
    seed: int = 0,
    *,
    distance: bool = False,
) -> Estimate:
    """Of a statistic of the clips with the given numbers, which may repeat; `distance`: it grows by resampling."""
    value = statistic(np.arange(clips))
    if clips < 2 or not np.isfinite(value):
        return Estimate(value)
    rng = np.random.default_rng(seed)
    drawn = np.array([statistic(rng.integers(clips, size=clips)) for _ in range(resamples)])
    drawn = drawn[np.isfinite(drawn)]
    if len(drawn) < resamples // 2:
        return Estimate(value)
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(drawn, [tail, 100.0 - tail])
    if distance:
        bias = drawn.mean() - value
        low, high = max(low - bias, 0.0), max(high - bias, 0.0)
    return Estimate(value, float(low), float(high))
