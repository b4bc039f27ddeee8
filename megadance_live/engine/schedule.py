"""Which expert speaks where."""

import math
from dataclasses import dataclass

from megadance_live.core.control import Control

# Bar positions are sums of fractions; two that differ by less than this are the same place.
SAME_PLACE_BARS = 1e-6


@dataclass(frozen=True)
class Schedule:
    """`speaking` up to bar position `from_bars`, `armed` from there on."""

    speaking: str
    armed: str | None = None
    from_bars: float = math.inf

    @classmethod
    def of(cls, control: Control) -> "Schedule":
        if control.armed is None or control.armed_at_bars is None:
            return cls(control.expert)
        return cls(control.expert, control.armed, control.armed_at_bars)

    def expert_at(self, bars: float) -> str:
        if self.armed is not None and bars >= self.from_bars - SAME_PLACE_BARS:
            return self.armed
        return self.speaking


def next_boundary(bars: float, quantize_bars: float) -> float:
    """The first boundary after a bar position; the position itself where nothing is quantised."""
    if quantize_bars <= 0:
        return bars
    return (math.floor(bars / quantize_bars + SAME_PLACE_BARS) + 1) * quantize_bars
