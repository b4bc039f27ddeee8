"""Which expert speaks where, and which bars repeat the one before them."""

import math
from dataclasses import dataclass, replace

from megadance_live.core.control import Control

# Bar positions are sums of fractions; two that differ by less than this are the same place.
SAME_PLACE_BARS = 1e-6


@dataclass(frozen=True)
class Schedule:
    """`speaking` up to bar position `from_bars`, `armed` from there on; `again_bars` as in Control."""

    speaking: str
    armed: str | None = None
    from_bars: float = math.inf
    again_bars: tuple[int, ...] = ()

    @classmethod
    def of(cls, control: Control) -> "Schedule":
        if control.armed is None or control.armed_at_bars is None:
            return cls(control.expert, again_bars=control.again_bars)
        return cls(control.expert, control.armed, control.armed_at_bars, control.again_bars)

    def expert_at(self, bars: float) -> str:
        if self.armed is not None and bars >= self.from_bars - SAME_PLACE_BARS:
            return self.armed
        return self.speaking

    def differs_from_bars(self, other: "Schedule") -> float:
        """The first bar position where the two may differ, infinity where they are the same."""
        voices = replace(self, again_bars=()) != replace(other, again_bars=())
        first = min(self.from_bars, other.from_bars) if voices else math.inf
        return min(first, *(set(self.again_bars) ^ set(other.again_bars)), math.inf)


def next_boundary(bars: float, quantize_bars: float) -> float:
    """The first boundary after a bar position; the position itself where nothing is quantised."""
    if quantize_bars <= 0:
        return bars
    return (math.floor(bars / quantize_bars + SAME_PLACE_BARS) + 1) * quantize_bars
