"""What travels through the pipe between the show and the engine: small frozen values, no arrays.

Down: `Said`, `SetCues`, `SetTakes` and `Stop`. Up: everything else here. Poses and numbers do not travel here but in
shared memory (show/timeline.py, remote/board.py).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.engine.take_setup import TakeSetup


@dataclass(frozen=True)
class Said:
    """A command, and the host time at which the performer gave it: a tap means that moment, however late it arrives."""

    command: Command
    host_time_s: float


@dataclass(frozen=True)
class SetCues:
    """The cues from now on; those whose bar has passed are not obeyed."""

    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class SetTakes:
    """How takes that begin from now on are kept."""

    takes: TakeSetup


@dataclass(frozen=True)
class Stop:
    """Finish the take, close the source and end."""


@dataclass(frozen=True)
class Ready:
    """The engine dances: the source is open and the dancer is loaded. `cues` are those that it has read."""

    source: str
    dancer: str
    experts: tuple[str, ...]
    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class Notice:
    """A sentence for the status line."""

    text: str


@dataclass(frozen=True)
class SourceChanged:
    """The source called `name`, opened as `spec`, is listened to. Its first sample sounded at host time `began_s`."""

    name: str
    spec: str
    began_s: float = 0.0


@dataclass(frozen=True)
class CuesChanged:
    """The cues are these now."""

    cues: tuple[Cue, ...]


@dataclass(frozen=True)
class Wanted:
    """A cue has asked for something that the show answers."""

    command: Command


@dataclass(frozen=True)
class SourceStatus:
    """How the source is; "" when well."""

    text: str


@dataclass(frozen=True)
class Asked:
    """What the performer has asked for, whenever it has changed."""

    control: Control


@dataclass(frozen=True)
class TakeOpened:
    """A take of that name is being recorded."""

    name: str


@dataclass(frozen=True)
class TakeClosed:
    """A take is finished, in `folder`."""

    name: str
    folder: Path


@dataclass(frozen=True)
class Saved:
    """The musical and motion state, pickled, so that a restarted engine can go on with it. The show keeps it unopened.

    `origin_s` is the host time of stream time zero; the audio has this rate and so many channels.
    """

    state: bytes
    origin_s: float
    rate_hz: int
    channels: int


@dataclass(frozen=True)
class Ended:
    """The music has ended."""


@dataclass(frozen=True)
class Failed:
    """The engine cannot go on; `sentence` says why."""

    sentence: str


Order = Said | SetCues | SetTakes | Stop
"""Everything that goes down."""

Report = (
    Ready
    | Notice
    | SourceChanged
    | SourceStatus
    | CuesChanged
    | Wanted
    | Asked
    | TakeOpened
    | TakeClosed
    | Saved
    | Ended
    | Failed
)
"""Everything that comes up."""


class Link(Protocol):
    """One end of the pipe (multiprocessing's Connection)."""

    def send(self, message: Any, /) -> None: ...

    def recv(self) -> Any: ...

    def poll(self, timeout: float = 0.0, /) -> bool: ...

    def close(self) -> None: ...
