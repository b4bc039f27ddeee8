"""What travels through the pipe between the show and the engine: small frozen values, no arrays.

Down: `Command` (core/command.py) and `Stop`. Up: everything else here. Poses and numbers do not travel here but in shared
memory (show/timeline.py, show/board.py).
"""

from dataclasses import dataclass
from pathlib import Path

from megadance_live.core.control import Control


@dataclass(frozen=True)
class Stop:
    """Finish the take, close the source and end."""


@dataclass(frozen=True)
class Ready:
    """The engine dances: the source is open and the dancer is loaded."""

    source: str
    dancer: str
    experts: tuple[str, ...]


@dataclass(frozen=True)
class Notice:
    """A sentence for the status line."""

    text: str


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
    """A take is being written into `folder`."""

    folder: Path


@dataclass(frozen=True)
class TakeClosed:
    """The take is finished."""

    folder: Path


@dataclass(frozen=True)
class Saved:
    """The musical and motion state, pickled, so that a restarted engine can go on with it. The show keeps it unopened.

    `origin_s` is the host time of stream time zero.
    """

    state: bytes
    origin_s: float


@dataclass(frozen=True)
class Ended:
    """The music has ended."""


@dataclass(frozen=True)
class Failed:
    """The engine cannot go on; `sentence` says why, `mendable` that the user can do something about it."""

    sentence: str
    mendable: bool


Report = Ready | Notice | SourceStatus | Asked | TakeOpened | TakeClosed | Saved | Ended | Failed
"""Everything that comes up."""
