"""The engine's loop: a source, a Session, a recorder; poses and numbers out, commands in.

The same runner is the body of the engine process and of the engine's thread in `--single-process`. It ends on `Stop`,
when the music has ended, or when the other end of its pipe has gone.
"""

import logging
import math
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from megadance_live.audio.switchable import LONGEST_GAP_S, Switched
from megadance_live.control.vocabulary import parse
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import MegaDanceError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.desk import obey
from megadance_live.engine.event import Event
from megadance_live.engine.late_steps import LateSteps
from megadance_live.engine.messages import (
    Asked,
    CuesChanged,
    Ended,
    Failed,
    Link,
    Notice,
    Ready,
    Report,
    Said,
    Saved,
    SetCues,
    SetTakes,
    SourceChanged,
    SourceStatus,
    Stop,
    Wanted,
)
from megadance_live.engine.outlet import Outlet
from megadance_live.engine.reporter import Reporter
from megadance_live.engine.scope_writer import ScopeWriter
from megadance_live.engine.seat import Seat, take_seat
from megadance_live.engine.setup import EngineSetup
from megadance_live.engine.status import number_of, status_of
from megadance_live.engine.step_times import StepTimes
from megadance_live.engine.stream_time import StreamTime

_log = logging.getLogger(__name__)

READ_S = 0.05
"""How long to wait for audio before the heart beats again."""
SAVE_EVERY_S = 4.0
"""How often the state is saved for a restart, in stream time."""
MOMENTS = frozenset({"tap", "resync"})
"""Commands that mean the moment at which they were given."""
HEARD_AT_ONCE = 16
"""So many messages are answered before the next block of audio: a controller gone wild must not stop the dance."""
SILENCE_S = 10.0
"""After so much lost time the heart beats: the ear needs a moment to pass through it."""
PANIC_SHOWN_S = 1.0
"""For how long receivers are told of a panic."""


Seating = Callable[[EngineSetup, Callable[[Report], None]], AbstractContextManager[Seat]]
"""Opens and loads what a setup asks for; tests give seats of their own."""


class EngineRunner:
    """`run` returns when the engine has ended; what went wrong has then been reported, never raised."""

    def __init__(self, setup: EngineSetup, link: Link, outlet: Outlet, seating: Seating = take_seat) -> None:
        self._setup = setup
        self._link = link
        self._reporter = Reporter(link)
        self._outlet = outlet
        self._seating = seating
        self._stopping = False
        self._time = StreamTime()
        self._shift: int | None = (
            None  # from the source's count of samples to stream time, which a restart goes on with
        )
        self._steps = StepTimes()
        self._scope: ScopeWriter | None = None
        self._ghost_of: str | None = None
        self._late_steps = LateSteps()
        self._overflows = 0
        self._panic_until_s = 0.0
        self._saved_at_s = -math.inf
        self._source_text = ""
        self._asked: Control | None = None
        self._opening = (*setup.commands, *([Command("record", True)] if setup.record else []))

    def run(self) -> None:
        """Take the seat, dance until told to stop, leave in order."""
        try:
            with self._seating(self._setup, self._report) as seat:
                self._begin(seat)
                while not self._stopping:
                    self._turn(seat)
        except MegaDanceError as error:
            self._report(Failed(str(error)))
        except Exception as error:
            self._report(Failed(_sentence(error)))
        finally:
            self._outlet.close()
            self._reporter.close()

    def _begin(self, seat: Seat) -> None:
        seat.source.start()
        self._outlet.heartbeat()
        self._report(Ready(seat.source.name, seat.dancer.name, seat.dancer.experts, seat.cues))
        for command in self._opening:
            self._obey(seat, Said(command, time.monotonic()))
        if self._setup.record:
            seat.recording.start()

    def _turn(self, seat: Seat) -> None:
        """Hear what was said, then one block of audio."""
        self._stopping = self._stopping or self._reporter.broken
        self._hear(seat)
        block = seat.source.read(READ_S)
        if block is not None:
            self._push(seat, self._placed(seat, block))
        else:
            self._outlet.heartbeat()
            self._stopping = self._stopping or seat.source.ended
            if seat.source.ended:
                self._report(Ended())
        seat.recording.tend()
        self._tell_source(seat)

    def _hear(self, seat: Seat) -> None:
        try:
            for _ in range(HEARD_AT_ONCE):
                if not self._link.poll():
                    return
                message = self._link.recv()
                if isinstance(message, Said):
                    self._obey(seat, message)
                elif isinstance(message, SetTakes):
                    seat.takes.setup = message.takes
                elif isinstance(message, SetCues):
                    self._set_cues(seat, message)
                elif isinstance(message, Stop):
                    self._stopping = True
        except (EOFError, OSError):  # the show has gone: finish the take and go, too
            self._stopping = True

    def _obey(self, seat: Seat, said: Said) -> None:
        command = said.command
        if command.name in MOMENTS and command.at_s is None and self._time.offset_s is not None:
            command = replace(command, at_s=self._time.to_stream_s(said.host_time_s))
        try:
            seat.session.command(command)
        except MegaDanceError as error:
            self._report(Notice(str(error)))
            return
        if command.name == "panic":
            self._panic_until_s = seat.session.time_s + PANIC_SHOWN_S

    def _set_cues(self, seat: Seat, wanted: SetCues) -> None:
        try:
            seat.session.set_cues(wanted.cues)
        except MegaDanceError as error:
            self._report(Notice(str(error)))
        else:
            self._report(CuesChanged(wanted.cues))

    def _record(self, seat: Seat, on: bool) -> None:
        if on:
            seat.recording.start()
        else:
            seat.recording.stop()

    def _placed(self, seat: Seat, block: AudioBlock) -> AudioBlock:
        """The block at its place in stream time. After a restart that is where it would be, had nothing happened: the
        Session takes the time that was lost for silence."""
        if self._shift is None:
            begins = round(seat.session.time_s * block.rate_hz)
            saved = self._setup.resume.saved if self._setup.resume is not None else None
            if saved is not None:
                lost_s = block.host_time_s - saved.origin_s - seat.session.time_s
                begins += round(min(max(lost_s, 0.0), LONGEST_GAP_S) * block.rate_hz)
            self._shift = begins - block.index
            self._scope = ScopeWriter(self._outlet.scope, block.rate_hz)
        return replace(block, index=block.index + self._shift)

    def _push(self, seat: Seat, block: AudioBlock) -> None:
        self._time = self._time.observed(block.time_s, block.host_time_s)
        self._overflows += block.overflow
        gain_db = seat.session.control.gain_db
        self._pass_gap(seat, block)
        began_s = time.monotonic()
        poses = seat.session.push(block)
        ended_s = time.monotonic()
        if poses:
            self._steps.add(ended_s, ended_s - began_s)
        late_s = self._deliver(seat, poses)
        events = seat.session.events()
        if told := self._late_steps.note(late_s, seat.session.time_s):
            _log.info(told)
            events.append(Event("note", seat.session.time_s, {"text": told}))
        seat.recording.write(block, poses, seat.session.clock, events)
        self._note(seat, events)
        self._publish(seat, block)
        if self._scope is not None:
            self._scope.write(block, gain_db, seat.session.music, self._time)
        self._show_ghost(seat)
        self._tell_control(seat)
        self._save(seat, block)

    def _pass_gap(self, seat: Seat, block: AudioBlock) -> None:
        """Bring the Session near a block before which much was lost."""
        step = round(SILENCE_S * block.rate_hz)
        index = round(seat.session.time_s * block.rate_hz)
        while block.index - index > 2 * step:
            index += step
            seat.session.push(replace(block, samples=block.samples[:0], index=index))
            self._outlet.heartbeat()

    def _show_ghost(self, seat: Seat) -> None:
        armed = seat.session.control.armed
        if armed != self._ghost_of:
            self._ghost_of = armed
            self._outlet.no_ghost()
        for pose in seat.session.ghost():
            self._outlet.ghost(self._time.to_host_s(pose.time_s), pose, number_of(pose.expert, seat.dancer.experts))

    def _publish(self, seat: Seat, block: AudioBlock) -> None:
        session = seat.session
        status = status_of(self._time, session.clock, session.music, session.control, seat.dancer.experts)
        self._outlet.status(
            replace(
                status,
                panic=session.time_s < self._panic_until_s,
                audio_lost=block.lost,
                recording=seat.recording.running,
                late_steps=self._late_steps.count,
                overflows=self._overflows,
                step_ms=self._steps.median_ms,
                step_p99_ms=self._steps.p99_ms,
                heard_s=self._time.to_host_s((block.index + block.frames) / block.rate_hz),
            )
        )

    def _deliver(self, seat: Seat, poses: list[PoseFrame]) -> float:
        """Returns by how many seconds the first came later than it should have been seen; 0 or less: in time."""
        due_s = time.monotonic() + seat.session.control.latency_ms / 1e3
        for pose in poses:
            host_s = self._time.to_host_s(pose.time_s)
            self._outlet.pose(host_s, pose, number_of(pose.expert, seat.dancer.experts))
        return due_s - self._time.to_host_s(poses[0].time_s) if poses else 0.0

    def _note(self, seat: Seat, events: list[Event]) -> None:
        """Pass on what has happened in the Session."""
        for event in events:
            if event.kind == "record":
                self._record(seat, bool(event.details.get("value")))
            elif event.kind == "retro":
                seat.recording.keep_last_minute()
            elif event.kind == "source":
                seat.source.switch(str(event.details.get("value")))
            elif event.kind == "wanted":
                self._report(Wanted(parse(str(event.details["command"]), event.details["value"], seat.dancer.experts)))
            elif event.kind == "notice":
                self._report(Notice(str(event.details.get("text", ""))))

    def _tell_control(self, seat: Seat) -> None:
        control = seat.session.control
        if seat.session.music is None:
            # What was said at the start is obeyed with the first hop; an engine that dies before must not have it lost.
            if self._setup.resume is not None:
                return
            for command in self._opening:
                control = obey(control, command, seat.session.clock, seat.session.time_s)
        if self._asked is None or control.revision != self._asked.revision:
            self._asked = control
            self._report(Asked(control))

    def _save(self, seat: Seat, block: AudioBlock) -> None:
        """The state is a value, so another thread may write it down while the dance goes on."""
        origin_s = self._time.to_host_s(0.0)
        due = seat.session.music is not None and seat.session.time_s - self._saved_at_s >= SAVE_EVERY_S
        if due and self._reporter.idle:
            self._saved_at_s = seat.session.time_s
            self._reporter.say(lambda: Saved(seat.session.save(), origin_s, block.rate_hz, block.channels))

    def _tell_source(self, seat: Seat) -> None:
        for news in seat.source.news():
            if isinstance(news, Switched):
                self._report(SourceChanged(news.name, news.spec, news.began_s))
            else:
                self._report(Notice(news.sentence))
        text = seat.source.status()
        if text != self._source_text:
            self._source_text = text
            self._report(SourceStatus(text))

    def _report(self, report: Report) -> None:
        self._reporter.say(report)


def _sentence(error: Exception) -> str:
    """An error that nobody expected, with the place where it happened."""
    where = ""
    trace = error.__traceback__
    while trace is not None:
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"The engine failed ({type(error).__name__}: {error}, {where})."
