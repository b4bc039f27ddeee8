"""The cue list of a preset, from and to cue files (docs/cues.md)."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import tomli_w
from pydantic import ValidationError

from megadance_live.config.preset import CueEntry, CuesSection
from megadance_live.config.save import write
from megadance_live.control.cue_file import cues_of, read_cue_table
from megadance_live.core.errors import CueError

HEAD = "# Cues of MegaDance Live (docs/cues.md): what happens on which bar, counted from 1.\n"


def import_cues(path: Path, experts: Sequence[str]) -> tuple[CueEntry, ...]:
    """The entries of a cue file, earliest first. Raises CueError, one sentence, for a file that is not understood."""
    table = read_cue_table(path)
    cues_of(table, experts, str(path))
    entries = [
        {"bar": entry["bar"], "commands": {name: value for name, value in entry.items() if name != "bar"}}
        for entry in table.get("cue", [])
    ]
    try:
        section = CuesSection.model_validate({"entries": entries})
    except ValidationError as error:
        number = error.errors()[0]["loc"][1]
        raise CueError(f"{path}, cue {int(number) + 1}: values are numbers, texts, true or false.") from error
    return tuple(sorted(section.entries, key=lambda entry: entry.bar))


def export_cues(path: Path, entries: Iterable[CueEntry]) -> None:
    """Write a cue file; entries that say nothing are left out. Raises ConfigError, one sentence."""
    ordered = sorted((entry for entry in entries if entry.commands), key=lambda entry: entry.bar)
    write(path, HEAD + "".join(f"\n[[cue]]\n{_lines(entry)}" for entry in ordered))


def _lines(entry: CueEntry) -> str:
    bar = int(entry.bar) if entry.bar.is_integer() else entry.bar
    return tomli_w.dumps({"bar": bar, **entry.commands})
