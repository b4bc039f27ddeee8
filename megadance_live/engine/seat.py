"""What one run of the engine works with, and how that is put together and taken apart."""

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from megadance_live.control.cue_file import load_cues
from megadance_live.control.vocabulary import CONTROL_FIELDS, expert_named
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.dancer import Dancer
from megadance_live.core.errors import CueError
from megadance_live.engine.desk import check
from megadance_live.engine.listening import open_listening
from megadance_live.engine.messages import Notice, Report
from megadance_live.engine.recording import Recording
from megadance_live.engine.setup import EngineSetup
from megadance_live.engine.take_setup import TakeSetup
from megadance_live.output.take import TakeRecorder

if TYPE_CHECKING:
    from megadance_live.audio import AudioSource
    from megadance_live.audio.switchable import SwitchableSource
    from megadance_live.engine.session import Session

WARM_UP_S = 1.0
ARM_AFTER_S = 0.2
"""After a restart the expert that spoke speaks again before the next one is armed."""


@dataclass(frozen=True)
class Seat:
    """Everything that one run of the engine works with."""

    source: "SwitchableSource"
    dancer: Dancer
    session: "Session"
    recording: Recording
    takes: "TakeOpener"
    cues: tuple[Cue, ...]


@contextmanager
def take_seat(setup: EngineSetup, report: Callable[[Report], None]) -> Iterator[Seat]:
    """Open and load everything; on leaving, finish the take and close the source.

    Raises whatever MegaDanceError a part raises.
    """
    with ExitStack() as stack:
        source = open_listening(setup, report)
        stack.callback(source.close)
        dancer = setup.make_dancer()
        cues = _cues(setup, dancer, report)
        session = _session(setup, dancer, source, cues, report)
        _warm_up(dancer, source)
        takes = TakeOpener(setup.take, dancer, source, session)
        recording = Recording(takes, report)
        stack.callback(recording.finish)
        yield Seat(source, dancer, session, recording, takes, cues)


def first_expert(wanted: str | None, dancer: Dancer) -> str:
    """The expert that begins. Raises CueError for an unknown one."""
    return dancer.experts[0] if wanted is None else expert_named(wanted, dancer.experts)


def commands_of(wanted: Control, now: Control, time_s: float) -> list[Command]:
    """What to say to a Session that stands at `now`, at stream time `time_s`, so that all is as it was asked for."""
    said = [Command(name, getattr(wanted, field)) for name, field in CONTROL_FIELDS.items()]
    if wanted.expert != now.expert:
        said.append(Command("expert_now", wanted.expert))
    if wanted.armed is not None:
        said.append(Command("expert", wanted.armed, time_s + ARM_AFTER_S))
    return said


def _cues(setup: EngineSetup, dancer: Dancer, report: Callable[[Report], None]) -> tuple[Cue, ...]:
    """Those of the setup; where it is patient, those that can be used."""
    if not setup.patient:
        return load_cues(setup.cues, dancer.experts) if isinstance(setup.cues, Path) else setup.cues
    usable = []
    try:
        cues = load_cues(setup.cues, dancer.experts) if isinstance(setup.cues, Path) else setup.cues
        for cue in cues:
            try:
                check(cue.command, dancer.experts)
            except CueError as error:
                report(Notice(f"The cue at bar {math.floor(cue.bars) + 1} is left out: {error}"))
            else:
                usable.append(cue)
    except CueError as error:
        report(Notice(str(error)))
    return tuple(usable)


def _first_expert(setup: EngineSetup, dancer: Dancer, report: Callable[[Report], None]) -> str:
    try:
        return first_expert(setup.expert, dancer)
    except CueError as error:
        if not setup.patient:
            raise
        report(Notice(f"{error} {dancer.experts[0]} begins."))
        return dancer.experts[0]


def _session(
    setup: EngineSetup,
    dancer: Dancer,
    source: "AudioSource",
    cues: tuple[Cue, ...],
    report: Callable[[Report], None],
) -> "Session":
    from megadance_live.engine.session import Session

    session = Session(
        dancer,
        source.rate_hz,
        source.channels,
        expert=_first_expert(setup, dancer, report),
        seed=setup.seed,
        cues=cues,
        tracker=setup.tracker,
        ghost=True,
    )
    resume = setup.resume
    if resume is not None:
        if resume.saved is not None:
            session.restore(resume.saved.state)
            session.set_cues(cues)
        for command in commands_of(resume.control, session.control, session.time_s):
            session.command(command)
    return session


def _warm_up(dancer: Dancer, source: "AudioSource") -> None:
    """Let a Session that nobody sees hear a moment of noise: whatever is slow the first time has then been done."""
    from megadance_live.engine.session import Session

    frames = round(WARM_UP_S * source.rate_hz)
    noise = np.random.default_rng(0).normal(0.0, 0.05, (frames, source.channels)).astype(np.float32)
    Session(dancer, source.rate_hz, source.channels).push(AudioBlock(noise, source.rate_hz, 0, 0.0))


class TakeOpener:
    """Begins takes; `setup` says where they go and what they hold, and may change between two."""

    def __init__(self, setup: TakeSetup, dancer: Dancer, source: "AudioSource", session: "Session") -> None:
        self.setup = setup
        self._dancer = dancer
        self._source = source
        self._session = session

    def __call__(self, *, ago_s: float = 0.0, suffix: str = "", realtime: bool = True) -> TakeRecorder:
        """The recorder of a take that began `ago_s` ago."""
        began = datetime.now(UTC) - timedelta(seconds=ago_s)
        return TakeRecorder(
            self.setup.folder,
            formats=self.setup.formats,
            seed=self._session.control.seed,
            model=self._dancer.name,
            source=self._source.name,
            started=began.isoformat(timespec="seconds"),
            suffix=suffix,
            realtime=realtime,
        )
