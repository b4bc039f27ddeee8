"""What an engine is started with: plain values that travel into a child process."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.dancer import Dancer
from megadance_live.core.trackers import DEFAULT_TRACKER
from megadance_live.engine.messages import Saved
from megadance_live.engine.take_setup import TakeSetup


@dataclass(frozen=True)
class Resume:
    """What a restarted engine goes on with.

    With a state that was `saved`, stream time, and with it every bar and cue, goes on counting through the gap.
    `control` is what the performer had asked for in the end, which may be younger than the state. `source_began_s` is
    the host time at which the music began, so that a file goes on where it would be.
    """

    control: Control
    saved: Saved | None = None
    source_began_s: float | None = None


@dataclass(frozen=True)
class EngineSetup:
    """`make_dancer` is called in the engine; it must be importable there (a function of a module, or a partial of one).

    `cues` may be the path of a cue file, which is read when the names of the experts are known. `commands` are said at
    the start. `record` starts a take at once. With `patient` an engine that lacks something (its source, an expert, a
    cue) says so and does without; without, it fails.
    """

    audio: str
    make_dancer: Callable[[], Dancer]
    take: TakeSetup
    expert: str | None = None
    seed: int = 0
    cues: Path | tuple[Cue, ...] = ()
    commands: tuple[Command, ...] = ()
    loop: bool = True
    tracker: str = DEFAULT_TRACKER
    record: bool = False
    patient: bool = False
    resume: Resume | None = None
