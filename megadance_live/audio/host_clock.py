"""When was a sample heard? A smooth mapping from sample numbers to the monotonic clock."""

_TOWARDS_EARLIER = 0.2
_DRIFT = 1e-3
"""Sound cards run up to some 100 ppm slow or fast of the system's clock, sound servers up to some 400."""


class HostClock:
    """Learns the offset between stream and host time from when samples arrive.

    Samples can arrive late, never early: the offset follows the earliest arrivals at once (smoothed) and later ones
    only as fast as clocks drift. So a reader that is busy for a while does not bend the mapping.
    """

    def __init__(self, rate_hz: int, latency_s: float) -> None:
        self._rate_hz = rate_hz
        self._latency_s = latency_s
        self._offset_s: float | None = None
        self._seen_s = 0.0

    def arrived(self, end_index: int, now_s: float) -> None:
        """Samples up to (not with) `end_index` are here at `now_s`."""
        offset_s = now_s - end_index / self._rate_hz
        if self._offset_s is None:
            self._offset_s = offset_s
        elif offset_s < self._offset_s:
            self._offset_s += _TOWARDS_EARLIER * (offset_s - self._offset_s)
        else:
            self._offset_s = min(offset_s, self._offset_s + _DRIFT * (now_s - self._seen_s))
        self._seen_s = now_s

    def time_s(self, index: int) -> float:
        """Monotonic time at which sample `index` sounded. Call `arrived` at least once before."""
        if self._offset_s is None:
            raise RuntimeError("no samples have arrived yet")
        return self._offset_s + index / self._rate_hz - self._latency_s
