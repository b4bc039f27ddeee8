"""Which poses are final: a pose may still be replaced by one that is not later."""

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.motion import PoseFrame

Shown = tuple[PoseFrame, BarClock]

HORIZON_S = 1.0
"""Nothing that lies this far behind the newest pose is replaced any more: plans reach a fraction of a second ahead."""


class Settle:
    """Holds poses back until they are final."""

    def __init__(self) -> None:
        self._open: list[Shown] = []

    def add(self, pose: PoseFrame, clock: BarClock) -> list[Shown]:
        """Take a pose, which replaces those that are not earlier; give those that are now final."""
        while self._open and self._open[-1][0].time_s >= pose.time_s:
            self._open.pop()
        self._open.append((pose, clock))
        final = [shown for shown in self._open if shown[0].time_s < pose.time_s - HORIZON_S]
        del self._open[: len(final)]
        return final

    def rest(self) -> list[Shown]:
        """What is left, at the end."""
        rest, self._open = self._open, []
        return rest
