"""Cue files: what happens on which bar, in TOML (docs/cues.md).

```toml
[[cue]]
bar = 1                # counted from 1; 5.5 is the middle of bar 5
expert = "popping"

[[cue]]
bar = 17
expert = "krump"       # speaks with the first frame of bar 17
energy = 1.4           # as many commands as you like, said in this order
marker = "drop"
```
"""

import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from megadance_live.control.vocabulary import parse, word_of
from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.core.errors import CueError


def load_cues(path: Path, experts: Sequence[str]) -> tuple[Cue, ...]:
    """The cues of a file, earliest first; cues of one bar keep the order of the file.

    Raises CueError, one sentence that names the file, the number of the cue and what would be valid.
    """
    return cues_of(read_cue_table(path), experts, str(path))


def read_cue_table(path: Path) -> dict[str, Any]:
    """A cue file as a plain table. Raises CueError, one sentence that names the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CueError(f'The cue file "{path}" cannot be read: {error.strerror or error}.') from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CueError(f'The cue file "{path}" is not valid TOML: {_plain(error)}.') from error


def cues_of(table: dict[str, object], experts: Sequence[str], where: str) -> tuple[Cue, ...]:
    """The cues of a parsed file; `where` is how messages call it."""
    entries = table.get("cue", [])
    strange = [key for key in table if key != "cue"]
    if strange or not isinstance(entries, list):
        found = f'"{strange[0]}"' if strange else 'a single "cue"'
        raise CueError(f'{where}: begin every cue with a line "[[cue]]"; found {found} outside of one.')
    cues: list[Cue] = []
    for number, entry in enumerate(entries, start=1):
        try:
            cues += _cues_of_entry(entry, experts)
        except CueError as error:
            raise CueError(f"{where}, cue {number}: {error}") from error
    return tuple(sorted(cues, key=lambda cue: cue.bars))


def commands_of(said: Mapping[str, object], experts: Sequence[str]) -> tuple[Command, ...]:
    """What a cue or a scene says, in its order; `true` stands for the value of a command that takes none.

    Raises CueError, one sentence that names what would be valid.
    """
    commands = []
    for name, value in said.items():
        if word_of(name).kind == "none":
            if value is not True:
                raise CueError(f'"{name}" takes no value; write {name} = true.')
            value = None
        commands.append(parse(name, value, experts))
    return tuple(commands)


def _cues_of_entry(entry: object, experts: Sequence[str]) -> list[Cue]:
    if not isinstance(entry, dict):
        raise CueError('a cue is a "[[cue]]" line followed by "bar = ..." and its commands.')
    bars = _bars_of(entry)
    commands = {str(name): value for name, value in entry.items() if name != "bar"}
    if not commands:
        raise CueError('it says nothing; add a command, for example expert = "popping".')
    return [Cue(bars, command) for command in commands_of(commands, experts)]


def _bars_of(entry: dict[str, object]) -> float:
    bar = entry.get("bar")
    if bar is None:
        raise CueError('it has no "bar"; add, for example, bar = 1.')
    if isinstance(bar, bool) or not isinstance(bar, int | float) or not math.isfinite(bar) or bar < 1:
        raise CueError(f"bar = {bar} is not a bar; bars are numbers counted from 1.")
    return float(bar) - 1.0


def _plain(error: Exception) -> str:
    return str(error).rstrip(".")
