"""A mean whose parts can be put together: over the frames, beats or contacts of one dance, of many, of a bootstrap."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Tally:
    """`total` over `count` things. The value of none is NaN."""

    total: float
    count: float

    @property
    def value(self) -> float:
        return self.total / self.count if self.count else float("nan")


def tally(values: npt.ArrayLike) -> Tally:
    """Of an array of numbers or truths."""
    array = np.asarray(values, np.float64)
    return Tally(float(array.sum()), float(array.size))


def pooled(tallies: Iterable[Tally]) -> Tally:
    """As if all had been counted together."""
    parts = list(tallies)
    return Tally(sum(part.total for part in parts), sum(part.count for part in parts))
