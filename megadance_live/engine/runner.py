"""The engine's loop: a source, a Session, a recorder; poses and numbers out, commands in.

The same runner is the body of the engine process and of the engine's thread in `--single-process`. It ends on `Stop`,
when the music has ended, or when the other end of its pipe has gone.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import MegaDanceError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.messages import (
    Asked,
    Ended,
    Failed,
    Link,
    Notice,
    Ready,
    Report,
    Said,
    Saved,
    SourceStatus,
    Stop,
)
from megadance_live.engine.outlet import Outlet
from megadance_live.engine.seat import Seat, take_seat
from megadance_live.engine.setup import EngineSetup
from megadance_live.engine.status import number_of, status_of
from megadance_live.engine.stream_time import StreamTime

READ_S = 0.05
"""How long to wait for audio before the heart beats again."""
SAVE_EVERY_S = 2.0
"""How often the state is saved for a restart, in stream time."""
MOMENTS = frozenset({"tap", "resync"})
"""Commands that mean the moment at which they were given."""
CALMING = frozenset({"expert", "expert_now", "freeze", "blackout"})
"""Commands after which a panic is over."""


Seating = Callable[[EngineSetup, Callable[[Report], None]], AbstractContextManager[Seat]]
"""Opens and loads what a setup asks for; tests give seats of their own."""


class EngineRunner:
    """`run` returns when the engine has ended; what went wrong has then been reported, never raised."""

    def __init__(self, setup: EngineSetup, link: Link, outlet: Outlet, seating: Seating = take_seat) -> None:
        self._setup = setup
        self._link = link
        self._outlet = outlet
        self._seating = seating
        self._stopping = False
        self._time = StreamTime()
        self._shift: int | None = None
        self._late_steps = 0
        self._overflows = 0
        self._panic = False
        self._saved_at_s = 0.0
        self._source_text = ""
        self._asked: Control | None = None

    def run(self) -> None:
        """Take the seat, dance until told to stop, leave in order."""
        try:
            with self._seating(self._setup, self._report) as seat:
                self._begin(seat)
                while not self._stopping:
                    self._turn(seat)
        except MegaDanceError as error:
            self._report(Failed(str(error), mendable=True))
        except Exception as error:
            self._report(Failed(_sentence(error), mendable=False))
        finally:
            self._outlet.close()

    def _begin(self, seat: Seat) -> None:
        self._outlet.heartbeat()
        for command in (*self._setup.commands, *([Command("record", True)] if self._setup.record else [])):
            self._obey(seat, Said(command, time.monotonic()))
        self._report(Ready(seat.source.name, seat.dancer.name, seat.dancer.experts, seat.cues))
        seat.source.start()

    def _turn(self, seat: Seat) -> None:
        """Hear what was said, then one block of audio."""
        self._hear(seat)
        block = seat.source.read(READ_S)
        if block is not None:
            self._push(seat, self._placed(block))
        else:
            self._outlet.heartbeat()
            self._stopping = self._stopping or seat.source.ended
            if seat.source.ended:
                self._report(Ended())
        seat.recording.tend()
        self._tell_source(seat)

    def _hear(self, seat: Seat) -> None:
        try:
            while self._link.poll():
                message = self._link.recv()
                if isinstance(message, Said):
                    self._obey(seat, message)
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
        self._act(seat, command)

    def _act(self, seat: Seat, command: Command) -> None:
        """What a command means beyond the Session."""
        self._panic = command.name == "panic" or (self._panic and command.name not in CALMING)
        if command.name == "record":
            if command.value:
                seat.recording.start()
            else:
                seat.recording.stop()
        elif command.name == "marker":
            seat.recording.event("marker", seat.session.time_s, text=str(command.value))

    def _placed(self, block: AudioBlock) -> AudioBlock:
        """The block, counted on from the stream time of the engine that this one takes over from."""
        if self._shift is None:
            resume = self._setup.resume
            origin_s = block.host_time_s if resume is None or resume.origin_s is None else resume.origin_s
            self._shift = round((block.host_time_s - origin_s) * block.rate_hz)
        return replace(block, index=block.index + self._shift) if self._shift else block

    def _push(self, seat: Seat, block: AudioBlock) -> None:
        self._time = self._time.observed(block)
        self._overflows += block.overflow
        seat.recording.audio(block)
        poses = seat.session.push(block)
        self._deliver(seat, poses)
        self._note(seat)
        self._publish(seat, block)
        self._save(seat)

    def _publish(self, seat: Seat, block: AudioBlock) -> None:
        session = seat.session
        seat.recording.clock(session.clock)
        status = status_of(self._time, session.clock, session.music, session.control, seat.dancer.experts)
        self._outlet.status(
            replace(
                status,
                panic=self._panic,
                audio_lost=block.lost,
                recording=seat.recording.running,
                late_steps=self._late_steps,
                overflows=self._overflows,
            )
        )

    def _deliver(self, seat: Seat, poses: list[PoseFrame]) -> None:
        now_s = time.monotonic()
        for number, pose in enumerate(poses):
            host_s = self._time.to_host_s(pose.time_s)
            self._outlet.pose(host_s, pose, number_of(pose.expert, seat.dancer.experts))
            seat.recording.pose(pose)
            if number == 0 and host_s < now_s:
                self._late_steps += 1

    def _note(self, seat: Seat) -> None:
        """Pass on what has happened in the Session."""
        for event in seat.session.events():
            seat.recording.event(event.kind, event.time_s, **event.details)
            if event.kind == "notice":
                self._report(Notice(str(event.details.get("text", ""))))
        control = seat.session.control
        if self._asked is None or control.revision != self._asked.revision:
            self._asked = control
            self._report(Asked(control))

    def _save(self, seat: Seat) -> None:
        if seat.session.time_s - self._saved_at_s >= SAVE_EVERY_S and self._time.offset_s is not None:
            self._saved_at_s = seat.session.time_s
            self._report(Saved(seat.session.save(), self._time.offset_s))

    def _tell_source(self, seat: Seat) -> None:
        text = seat.source.status()
        if text != self._source_text:
            self._source_text = text
            self._report(SourceStatus(text))

    def _report(self, report: Report) -> None:
        try:
            self._link.send(report)
        except (OSError, ValueError):  # nobody listens any more
            self._stopping = True


def _sentence(error: Exception) -> str:
    """An error that nobody expected, with the place where it happened."""
    where = ""
    trace = error.__traceback__
    while trace is not None:
        where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"The engine failed ({type(error).__name__}: {error}, {where})."
