"""What a control surface may ask of a show, beside the words of the vocabulary."""

from dataclasses import dataclass
from typing import Any

from megadance_live.core.command import Command
from megadance_live.remote.snapshot import LearnTarget


@dataclass(frozen=True)
class Say:
    """A command, and the host time at which the performer gave it."""

    command: Command
    host_time_s: float


@dataclass(frozen=True)
class Revise:
    """A new value for one field of the preset's document, for instance `Revise("pads", PadsSection(...))`."""

    field: str
    value: Any


@dataclass(frozen=True)
class OpenPreset:
    """By name or path."""

    name: str


@dataclass(frozen=True)
class SavePreset:
    """Under this name; "" is the name that it was opened by."""

    name: str = ""


@dataclass(frozen=True)
class ScanDevices:
    """Look for audio inputs, without disturbing the one that runs."""


@dataclass(frozen=True)
class LearnMidi:
    """Bind the next message; None: stop learning."""

    target: LearnTarget | None


@dataclass(frozen=True)
class LookForTakes:
    """Read the folder of the takes again."""


@dataclass(frozen=True)
class ExportTake:
    """Write a take in more formats, in the background."""

    take: str
    formats: tuple[str, ...]


@dataclass(frozen=True)
class RecoverTakes:
    """Finish the takes that were cut off, in the background."""


@dataclass(frozen=True)
class WatchReceiver:
    """Send what this receiver is sent; None: nobody's."""

    place: int | None


@dataclass(frozen=True)
class EndShow:
    """Finish the take, take leave of the receivers, end."""


Request = (
    Say
    | Revise
    | OpenPreset
    | SavePreset
    | ScanDevices
    | LearnMidi
    | LookForTakes
    | ExportTake
    | RecoverTakes
    | WatchReceiver
    | EndShow
)
"""Everything that a surface sends."""
