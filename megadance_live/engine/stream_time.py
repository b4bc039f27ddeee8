"""Stream time to host time, smoothly.

A sound card's clock drifts against the computer's, and the time stamps of its blocks jitter by milliseconds. The
destinations must see neither: the offset between the two clocks follows the stamps through a low-pass of bounded slew.
"""

from dataclasses import dataclass

SMOOTHING_S = 2.0
"""Time constant of the low-pass: long against jitter, short against drift (50 ppm are 0.1 ms in that time)."""
MAX_SLEW = 0.02
"""The offset moves at most this many seconds per second, less than a dancer's tempo is ever seen to change."""
JUMP_S = 0.1
"""A greater difference is no jitter: samples were lost or the computer slept. It is taken over at once."""


@dataclass(frozen=True)
class StreamTime:
    """`offset_s` is added to stream time to give host time; None before the first block. `heard_s` is the latest stream
    time of which the host time was told; `jumps` counts how often the offset was taken over at once."""

    offset_s: float | None = None
    heard_s: float = 0.0
    jumps: int = 0

    def observed(self, stream_s: float, host_s: float) -> "StreamTime":
        """As it stands once a sample of that stream time has come in with that stamp."""
        measured_s = host_s - stream_s
        if self.offset_s is None:
            return StreamTime(measured_s, stream_s, self.jumps)
        error_s = measured_s - self.offset_s
        if abs(error_s) > JUMP_S:
            return StreamTime(measured_s, stream_s, self.jumps + 1)
        elapsed_s = max(0.0, stream_s - self.heard_s)
        limit_s = MAX_SLEW * elapsed_s
        step_s = error_s * min(1.0, elapsed_s / SMOOTHING_S)
        return StreamTime(self.offset_s + min(max(step_s, -limit_s), limit_s), stream_s, self.jumps)

    def to_host_s(self, stream_s: float) -> float:
        """Host (monotonic) time of a stream time. Raises ValueError before the first block."""
        return stream_s + self._offset_s

    def to_stream_s(self, host_s: float) -> float:
        """Stream time of a host time. Raises ValueError before the first block."""
        return host_s - self._offset_s

    @property
    def _offset_s(self) -> float:
        if self.offset_s is None:
            raise ValueError("no block has been observed yet")
        return self.offset_s
