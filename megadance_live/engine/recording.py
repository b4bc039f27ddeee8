"""Takes while the engine runs: started and finished on command, and never in the way of the dance."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.event import Event
from megadance_live.engine.messages import Notice, Report, TakeClosed, TakeOpened
from megadance_live.engine.retro import LastMinute, OpenTake, RetroTake
from megadance_live.engine.take_writer import TakeWriter
from megadance_live.output.take import TakeRecorder

FINISHED_AT_ONCE = 4
"""Each take is finished by a process of its own, of which there must not be ever more."""


class Recording:
    """At most one open take, those that are being finished, and the last minute, which may still become one. What fails
    costs the take and one sentence.
    """

    def __init__(self, open_take: OpenTake, report: Callable[[Report], None]) -> None:
        self._open_take = open_take
        self._report = report
        self._open: TakeWriter | None = None
        self._finishing: list[tuple[TakeRecorder | RetroTake, str]] = []  # and the problem that was told
        self._problem = ""
        self._last_minute = LastMinute()

    @property
    def running(self) -> bool:
        return self._open is not None

    def start(self) -> None:
        """Open a take, unless one is open."""
        if self._open is not None:
            return
        if self._busy():
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
            self._finishing.append((self._open.recorder, self._problem))
            self._open = None

    def keep_last_minute(self) -> None:
        """Make a take of what has happened in the last minute, whether one is open or not; its files are written beside
        the show, see `tend`."""
        played = self._last_minute.so_far()
        if not played:
            self._report(Notice("Nothing has been heard yet that could be kept as a take."))
        elif not self._busy():
            self._finishing.append((RetroTake(played, self._open_take), ""))

    def write(self, block: AudioBlock, poses: Sequence[PoseFrame], clock: BarClock, events: Sequence[Event]) -> None:
        """What the Session did with a block."""
        self._last_minute.add(block, poses, clock, events)
        if self._open is not None:
            self._open.write(block, poses, clock, events)

    def tend(self) -> None:
        """Say what has changed: a problem of the open take, takes that are finished."""
        if self._open is not None and self._open.recorder.problem != self._problem:
            self._problem = self._open.recorder.problem
            if self._problem:
                self._report(Notice(self._problem))
        for take, told in [entry for entry in self._finishing if entry[0].done]:
            self._finishing.remove((take, told))
            self._say_closed(take, told)

    def finish(self) -> None:
        """Finish every take and wait for it."""
        if self._open is not None:
            self._finishing.append((self._open.recorder, self._problem))
            self._open = None
        for take, told in self._finishing:
            with suppress(TakeError):  # its sentence is the problem, which is told
                take.close()
            self._say_closed(take, told)
        self._finishing.clear()

    def _busy(self) -> bool:
        """Whether so many takes are being finished that there must not be another; says so."""
        if len(self._finishing) < FINISHED_AT_ONCE:
            return False
        self._report(Notice("Takes that ended a moment ago are still being finished; record again when they are."))
        return True

    def _say_closed(self, take: TakeRecorder | RetroTake, told: str) -> None:
        if take.folder is not None:
            self._report(TakeClosed(take.name, take.folder))
        if take.problem not in ("", told):
            self._report(Notice(take.problem))
