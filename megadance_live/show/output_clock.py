"""Absolute deadlines, and how well they are kept."""

import math
import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np

KEPT_S = 60.0


class HostClock(Protocol):
    """Time, and waiting for it. Tests give one of their own that never sleeps."""

    def now_s(self) -> float: ...

    def wait_until(self, time_s: float) -> None: ...


class MonotonicClock:
    """The clock that every host time of the program is told in."""

    def now_s(self) -> float:
        return time.monotonic()

    def wait_until(self, time_s: float) -> None:
        remaining_s = time_s - time.monotonic()
        if remaining_s > 0:
            time.sleep(remaining_s)


@dataclass(frozen=True)
class Lateness:
    """Of the frames of the last minute; `dropped` counts the deadlines since the start that were given up because the
    next one had come."""

    count: int
    median_ms: float
    p99_ms: float
    worst_ms: float
    dropped: int


class OutputClock:
    """Deadlines at `start_s + n / rate_hz`, from `now_s` on (None: from the start). Sleeping from each frame to the
    next would add up the work between them."""

    def __init__(self, rate_hz: float, start_s: float, now_s: float | None = None) -> None:
        self.rate_hz = rate_hz
        self._start_s = start_s
        self._next = 0 if now_s is None else math.ceil((now_s - start_s) * rate_hz)
        self._frames = 0
        self._dropped = 0
        size = math.ceil(KEPT_S * rate_hz)
        self._sent_s = np.full(size, -np.inf)
        self._late_s = np.zeros(size)

    @property
    def deadline_s(self) -> float:
        """When the next frame is due."""
        return self._start_s + self._next / self.rate_hz

    def keep(self, now_s: float) -> None:
        """The frame that was due is being sent. Deadlines that have passed meanwhile are dropped: a burst would only
        fill the receiver's queue."""
        place = self._frames % len(self._sent_s)
        self._sent_s[place] = now_s
        self._late_s[place] = now_s - self.deadline_s
        self._frames += 1
        following = max(math.floor((now_s - self._start_s) * self.rate_hz) + 1, self._next + 1)
        if self._start_s + following / self.rate_hz <= now_s:
            following += 1  # the division above was rounded down onto this deadline
        self._dropped += following - self._next - 1
        self._next = following

    def rate_now_hz(self, now_s: float) -> float:
        """Frames sent during the last second."""
        return float(np.count_nonzero(self._sent_s > now_s - 1.0))

    def lateness(self, now_s: float) -> Lateness:
        late_ms = self._late_s[self._sent_s > now_s - KEPT_S] * 1e3
        if late_ms.size == 0:
            return Lateness(0, 0.0, 0.0, 0.0, self._dropped)
        median, p99 = np.percentile(late_ms, [50, 99])
        return Lateness(int(late_ms.size), float(median), float(p99), float(late_ms.max()), self._dropped)
