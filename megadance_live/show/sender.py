"""Sends the show to its destinations, each at its own rate, in one thread.

One thread, because threads of one Python process take turns anyway: in one loop the destinations that are due at the
same moment share one sampled pose, times run forward for all of them, and nothing has to be locked. A frame costs well
under a millisecond (benchmarks/sender.py), so that the earliest deadline is hardly ever kept waiting by another.
"""

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace

from megadance_live.core.destination import Destination
from megadance_live.core.errors import DestinationError
from megadance_live.core.output_frame import OutputFrame
from megadance_live.output.osc.outlet import OutletCounts
from megadance_live.output.osc.stream import OscStream
from megadance_live.remote.board import StatusBoard
from megadance_live.show.frame_source import FrameSource
from megadance_live.show.output_clock import HostClock, Lateness, MonotonicClock, OutputClock
from megadance_live.show.presenter import Switches
from megadance_live.show.timeline import PoseTimeline

CLOSING_FRAMES = 3
"""Frames that end a stream are repeated, since any packet may be lost."""
LEAVE_WITHIN_S = 2.0
"""The end comes by then, whatever fails."""
TOGETHER_S = 0.0005
"""Destinations that are due within this of each other share a pose."""


@dataclass(frozen=True)
class SendReport:
    """How one destination is doing; `trouble` is "" or a sentence for the status line."""

    destination: Destination
    frames: int
    rate_hz: float
    counts: OutletCounts
    lateness: Lateness
    trouble: str


class _Lane:
    """One destination with its deadlines."""

    def __init__(self, stream: OscStream, start_s: float) -> None:
        self.stream = stream
        self.clock = OutputClock(stream.destination.rate_hz, start_s)
        self.frames = 0
        self.closing_frames = 0

    def send(self, frame: OutputFrame, now_s: float) -> None:
        self.stream.send(replace(frame, index=self.frames, fps=self.clock.rate_now_hz(now_s)), now_s)
        self.frames += 1

    def report(self, now_s: float) -> SendReport:
        return SendReport(
            self.stream.destination,
            self.frames,
            self.clock.rate_now_hz(now_s),
            self.stream.counts,
            self.clock.lateness(now_s),
            self.stream.trouble(now_s),
        )


class Sender:
    """Earliest deadline first.

    `start` and `stop` belong to one thread; `introduce`, `switch`, `reports` and `trouble` may be used from any. Tests
    call `step` themselves, with a clock of their own.
    """

    def __init__(
        self,
        timeline: PoseTimeline,
        board: StatusBoard,
        destinations: Sequence[Destination],
        experts: Sequence[str] = (),
        clock: HostClock | None = None,
    ) -> None:
        """Resolve the destinations and open their sockets. Raises DestinationError."""
        self._clock = clock or MonotonicClock()
        start_s = self._clock.now_s()
        self._source = FrameSource(timeline, board, start_s)
        self._lanes: list[_Lane] = []
        self._failure = ""
        self._stopping = threading.Event()
        self._leave_by_s = math.inf
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        try:
            for destination in destinations:
                self._lanes.append(_Lane(OscStream(destination, experts), start_s))
        except DestinationError:
            self._close()
            raise

    @property
    def trouble(self) -> str:
        """The last failure of the sending itself, "" when there was none."""
        return self._failure

    def start(self) -> None:
        """Begin to send, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Take leave of every receiver (resting pose, then hidden and idle) and end. Takes about half a second."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()
        else:
            self._run()

    def introduce(self, experts: Sequence[str]) -> None:
        """Tell the names of the experts, once they are known; poses carry indices into them."""
        for lane in self._lanes:
            lane.stream.introduce(experts)

    def switch(self, switches: Switches | None) -> None:
        """Freeze or black out without the way through the engine; None: as the engine says."""
        self._source.switches = switches

    def reports(self) -> tuple[SendReport, ...]:
        """One for each destination."""
        now_s = self._clock.now_s()
        return tuple(lane.report(now_s) for lane in self._lanes)

    def step(self) -> bool:
        """Wait for the earliest deadline and serve every destination that is due. False when all have been left."""
        lanes = [lane for lane in self._lanes if lane.closing_frames < CLOSING_FRAMES]
        if not lanes:
            return False
        self._clock.wait_until(min(lane.clock.deadline_s for lane in lanes))
        now_s = self._clock.now_s()
        leaving = self._leave(now_s)
        due = [lane for lane in lanes if lane.clock.deadline_s <= now_s + TOGETHER_S]
        for lane in due:
            lane.clock.keep(now_s)
        frame = self._source.at(now_s)
        for lane in due:
            lane.send(frame, now_s)
            lane.closing_frames += leaving and not frame.visible
        return now_s < self._leave_by_s

    def _leave(self, now_s: float) -> bool:
        """Has the end been asked for?"""
        if not self._stopping.is_set():
            return False
        if self._leave_by_s == math.inf:
            self._leave_by_s = now_s + LEAVE_WITHIN_S
            self._source.leave()
        return True

    def _run(self) -> None:
        """Whatever fails, the next frame may well succeed: the show goes on, and the status line tells."""
        going = True
        while going:
            try:
                going = self.step()
            except Exception as error:
                self._failure = f"a frame could not be sent ({type(error).__name__}: {error})"
                going = self._clock.now_s() < self._leave_by_s
        self._close()

    def _close(self) -> None:
        for lane in self._lanes:
            lane.stream.close()
