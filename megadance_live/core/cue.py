"""A command that waits for a bar."""

from dataclasses import dataclass

from megadance_live.core.command import Command


@dataclass(frozen=True)
class Cue:
    """`bars` counts from 0.0, the first bar line of the show; a cue file counts bars from 1."""

    bars: float
    command: Command
