"""How long the engine's steps take."""

from collections import deque

import numpy as np

KEPT_S = 10.0
REFRESH_S = 0.5


class StepTimes:
    """`median_ms` and `p99_ms` are those of the last KEPT_S, brought up to date every REFRESH_S."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, float]] = deque()
        self._refreshed_s = -REFRESH_S
        self.median_ms = 0.0
        self.p99_ms = 0.0

    def add(self, now_s: float, took_s: float) -> None:
        """A step that ended at `now_s`."""
        self._steps.append((now_s, 1e3 * took_s))
        if now_s - self._refreshed_s < REFRESH_S:
            return
        self._refreshed_s = now_s
        while self._steps[0][0] < now_s - KEPT_S:
            self._steps.popleft()
        self.median_ms, self.p99_ms = map(float, np.percentile([ms for _, ms in self._steps], (50, 99)))
