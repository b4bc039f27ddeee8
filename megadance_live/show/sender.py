"""Sends the show to its destinations, each at its own rate, in one thread.

One thread, because threads of one Python process take turns anyway: in one loop the destinations that are due at the
same moment share one sampled pose, times run forward for all of them, and nothing has to be locked. A frame costs well
under a millisecond (benchmarks/sender.py), so that the earliest deadline is hardly ever kept waiting by another.
"""

import math
import threading
from collections.abc import Sequence

from megadance_live.output.osc.stream import OscStream
from megadance_live.remote.board import StatusBoard
from megadance_live.remote.stage_view import StageView
from megadance_live.show.frame_source import FrameSource
from megadance_live.show.lane import Lane, SendReport, ViewSink
from megadance_live.show.output_clock import HostClock, MonotonicClock
from megadance_live.show.patterns import PatternName
from megadance_live.show.presenter import Switches
from megadance_live.show.timeline import PoseTimeline

VIEW_HZ = 60
"""What surfaces see; at the same deadlines as the usual destinations, so that it costs no pose of its own."""
LEAVE_WITHIN_S = 2.0
"""The end comes by then, whatever fails."""
TOGETHER_S = 0.0005
"""Destinations that are due within this of each other share a pose."""


class Sender:
    """Earliest deadline first.

    `start` and `stop` belong to one thread; all else but `step` may be used from any. Tests call `step` themselves,
    with a clock of their own. With a `view`, surfaces see what receivers are shown.
    """

    def __init__(
        self,
        timeline: PoseTimeline,
        board: StatusBoard,
        streams: Sequence[OscStream],
        clock: HostClock | None = None,
        view: StageView | None = None,
    ) -> None:
        self._clock = clock or MonotonicClock()
        start_s = self._start_s = self._clock.now_s()
        self._source = FrameSource(timeline, board, start_s)
        self._failure = ""
        self._stopping = threading.Event()
        self._leave_by_s = math.inf
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._changing = threading.Lock()
        self._lanes: tuple[Lane, ...] = tuple(Lane(stream, stream.destination.rate_hz, start_s) for stream in streams)
        if view is not None:
            self._lanes += (Lane(ViewSink(view), VIEW_HZ, start_s),)

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

    def serve(self, streams: Sequence[OscStream]) -> None:
        """Send to these from now on. Those that are served already go on undisturbed; those that are left out are told
        that nothing more will come (unless a new one speaks to the same receiver, only otherwise), and closed."""
        with self._changing:
            served = [lane.sink for lane in self._lanes if not lane.retired]
            spoken_to = {_ear(stream) for stream in streams}
            for lane in self._lanes:
                if isinstance(lane.sink, OscStream) and lane.sink not in streams and not lane.retired:
                    lane.retire(silently=_ear(lane.sink) in spoken_to)
            new = [stream for stream in streams if stream not in served]
            now_s = self._clock.now_s()
            lanes = (Lane(stream, stream.destination.rate_hz, self._start_s, now_s) for stream in new)
            self._lanes = (*self._lanes, *lanes)

    def introduce(self, experts: Sequence[str]) -> None:
        """Tell the names of the experts, once they are known; poses carry indices into them."""
        for lane in self._lanes:
            if isinstance(lane.sink, OscStream):
                lane.sink.introduce(experts)

    def switch(self, switches: Switches | None) -> None:
        """Freeze or black out without the way through the engine; None: as the engine says."""
        self._source.switches = switches

    def lay_over(self, pattern: PatternName) -> None:
        """Send a test pose, until it is "off" again."""
        self._source.pattern = pattern

    def served(self) -> tuple[tuple[OscStream, SendReport], ...]:
        """Each stream that is served, and how it is doing."""
        now_s = self._clock.now_s()
        return tuple(
            (lane.sink, lane.report(lane.sink, now_s))
            for lane in self._lanes
            if isinstance(lane.sink, OscStream) and not lane.retired
        )

    def reports(self) -> tuple[SendReport, ...]:
        """One for each destination."""
        return tuple(report for _, report in self.served())

    def step(self) -> bool:
        """Wait for the earliest deadline and serve every destination that is due. False when all have been left."""
        lanes = [lane for lane in self._lanes if not lane.over]
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
            lane.send(frame, now_s, leaving)
        self._clear_away()
        return now_s < self._leave_by_s

    def _clear_away(self) -> None:
        """Retired lanes that have said goodbye."""
        if any(lane.retired and lane.over for lane in self._lanes):
            with self._changing:
                gone = [lane for lane in self._lanes if lane.retired and lane.over]
                self._lanes = tuple(lane for lane in self._lanes if lane not in gone)
            for lane in gone:
                lane.sink.close()

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
        for lane in self._lanes:
            lane.sink.close()


def _ear(stream: OscStream) -> tuple[str, str]:
    """What tells one receiver from another: where it listens, and to which language."""
    return stream.destination.address, stream.destination.layout
