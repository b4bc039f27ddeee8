"""Time that passes only when somebody waits for it."""

from collections.abc import Callable


class VirtualClock:
    """`oversleep(n)` gives the seconds by which the n-th wait ends too late."""

    def __init__(self, now_s: float = 1000.0, oversleep: Callable[[int], float] = lambda _: 0.0) -> None:
        self._now_s = now_s
        self._oversleep = oversleep
        self.waits = 0

    def now_s(self) -> float:
        return self._now_s

    def wait_until(self, time_s: float) -> None:
        self._now_s = max(self._now_s, time_s) + self._oversleep(self.waits)
        self.waits += 1
