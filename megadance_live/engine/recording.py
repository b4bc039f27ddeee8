"""Takes while the engine runs: started and finished on command, and never in the way of the dance."""

from collections.abc import Callable, Sequence

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.event import Event
from megadance_live.engine.messages import Notice, Report, TakeClosed, TakeOpened
from megadance_live.engine.take_writer import TakeWriter
from megadance_live.output.take import TakeRecorder

FINISHED_AT_ONCE = 4
"""Each take is finished by a process of its own, of which there must not be ever more."""


class Recording:
    """At most one open take, and those that are being finished. What fails costs the take and one sentence.

    `open_take` makes the recorder of a new take.
    """

    def __init__(self, open_take: Callable[[], TakeRecorder], report: Callable[[Report], None]) -> None:
        self._open_take = open_take
        self._report = report
        self._open: TakeWriter | None = None
        self._finishing: list[TakeRecorder] = []
        self._problem = ""

    @property
    def running(self) -> bool:
        return self._open is not None

    def start(self) -> None:
        """Open a take, unless one is open."""
        if self._open is not None:
            return
        if len(self._finishing) >= FINISHED_AT_ONCE:
            self._report(Notice("Takes that ended a moment ago are still being finished; record again when they are."))
            return
        try:
            recorder = self._open_take()
        except TakeError as error:
            self._report(Notice(str(error)))
            return
        if not recorder.name:
            self._report(Notice(recorder.problem))
            return
        self._open = TakeWriter(recorder)
        self._problem = ""
        self._report(TakeOpened(recorder.name))

    def stop(self) -> None:
        """End the open take, if there is one; its files are written beside the show, see `tend`."""
        if self._open is not None:
            self._open.recorder.close_async()
            self._finishing.append(self._open.recorder)
            self._open = None

    def write(self, block: AudioBlock, poses: Sequence[PoseFrame], clock: BarClock, events: Sequence[Event]) -> None:
        """What the Session did with a block."""
        if self._open is not None:
            self._open.write(block, poses, clock, events)

    def tend(self) -> None:
        """Say what has changed: a problem of the open take, takes that are finished."""
        if self._open is not None and self._open.recorder.problem != self._problem:
            self._problem = self._open.recorder.problem
            if self._problem:
                self._report(Notice(self._problem))
        for recorder in [recorder for recorder in self._finishing if recorder.done]:
            self._finishing.remove(recorder)
            self._say_closed(recorder)

    def finish(self) -> None:
        """Finish every take and wait for it."""
        if self._open is not None:
            self._open.recorder.close()
            self._finishing.append(self._open.recorder)
            self._open = None
        for recorder in self._finishing:
            recorder.close()
            self._say_closed(recorder)
        self._finishing.clear()

    def _say_closed(self, recorder: TakeRecorder) -> None:
        if recorder.folder is not None:
            self._report(TakeClosed(recorder.name, recorder.folder))
        elif recorder.problem:
            self._report(Notice(recorder.problem))
