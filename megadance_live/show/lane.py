"""One way out of the sender: something that takes frames at a rate of its own."""

from dataclasses import dataclass, replace
from typing import Protocol

from megadance_live.core.destination import Destination
from megadance_live.core.output_frame import AppState, OutputFrame
from megadance_live.output.osc.outlet import OutletCounts
from megadance_live.output.osc.stream import OscStream
from megadance_live.remote.stage_view import StageView
from megadance_live.show.output_clock import Lateness, OutputClock

CLOSING_FRAMES = 3
"""Frames that end a stream are repeated, since any packet may be lost."""


@dataclass(frozen=True)
class SendReport:
    """How one destination is doing; `trouble` is "" or a sentence for the status line."""

    destination: Destination
    frames: int
    rate_hz: float
    counts: OutletCounts
    lateness: Lateness
    trouble: str


class Sink(Protocol):
    """Takes frames. For one thread at a time; `send` never waits and never raises for what the network does."""

    def send(self, frame: OutputFrame, now_s: float) -> None: ...

    def close(self) -> None: ...


class ViewSink:
    """Shows surfaces what receivers are shown."""

    def __init__(self, view: StageView) -> None:
        self._view = view

    def send(self, frame: OutputFrame, now_s: float) -> None:
        self._view.write(now_s, frame)

    def close(self) -> None:
        """The view belongs to the show."""


class Lane:
    """A sink with its deadlines, which count from `start_s`, so that lanes of one rate share them; the first is after
    `now_s`."""

    def __init__(self, sink: Sink, rate_hz: float, start_s: float, now_s: float | None = None) -> None:
        self.sink = sink
        self.clock = OutputClock(rate_hz, start_s, now_s)
        self.retired = False
        self._frames = 0
        self._closing_frames = 0

    @property
    def over(self) -> bool:
        """Its receiver has been told that nothing more will come."""
        return self._closing_frames >= CLOSING_FRAMES

    def retire(self, *, silently: bool) -> None:
        """Serve no longer. `silently`: another lane goes on where this one ends, so there is no goodbye to say."""
        if silently:
            self._closing_frames = CLOSING_FRAMES
        self.retired = True

    def send(self, frame: OutputFrame, now_s: float, leaving: bool) -> None:
        """Send a frame; when everything ends (`leaving`) the invisible ones are counted. A retired lane says goodbye
        at once, one that is over says nothing more."""
        retired = self.retired  # looked at before `over`, which `retire` settles first
        if self.over:
            return
        if retired:
            frame = replace(frame, state=AppState.IDLE, visible=False)
        self.sink.send(replace(frame, index=self._frames, fps=self.clock.rate_now_hz(now_s)), now_s)
        self._frames += 1
        self._closing_frames += (leaving or retired) and not frame.visible

    def report(self, stream: OscStream, now_s: float) -> SendReport:
        """Of a lane that leads to this stream."""
        return SendReport(
            stream.destination,
            self._frames,
            self.clock.rate_now_hz(now_s),
            stream.counts,
            self.clock.lateness(now_s),
            stream.trouble(now_s),
        )
