"""Reading presets: strictly for the command line, and leniently for the app, which leaves out what is broken."""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from pydantic import ValidationError

from megadance_live.config.folders import (
    SUFFIX,
    called,
    is_path,
    own_file,
    preset_names,
    shipped_names,
    shipped_text,
    user_presets_folder,
)
from megadance_live.config.migrate import migrate, version_of
from megadance_live.config.mistakes import Place, optional_at, place_of, sentence
from megadance_live.config.preset import SCHEMA_VERSION, Preset
from megadance_live.core.errors import ConfigError

NOTE = "autosave"
"""A table that an autosave has beside what a preset holds, so that it can be opened like one."""
_DECORATION = ("name", "colour")
"""An entry in which only one of these is wrong is kept without it."""
_HEADING = re.compile(r"^[ \t]*\[\[?[ \t]*[A-Za-z]", re.MULTILINE)
HEADING_SHOWN = 40
"""Characters of a heading that is named in a sentence."""


@dataclass(frozen=True)
class Opened:
    """A preset that was opened by `name` (or path), with one sentence for everything that was left out.

    `path` is the file that saving under the same name writes, `text` what stood in the file that was read, and
    `version` that of its format.
    """

    preset: Preset
    name: str
    path: Path
    text: str = ""
    version: int = SCHEMA_VERSION
    problems: tuple[str, ...] = ()
    autosave: bool = False

    @property
    def protected(self) -> bool:
        """Saving never writes over this file: what could not be read would be lost, and an autosave is written over by
        the program itself."""
        return bool(self.problems) or self.autosave


def load_preset(name_or_path: str) -> Preset:
    """A preset by name (the user's own come before those that ship) or by path.

    Raises ConfigError, one sentence, for a file that is missing, broken, of a newer version or that holds something
    unknown or out of range.
    """
    text, where = _text_of(name_or_path)
    return parse_preset(text, where)


def parse_preset(text: str, where: str) -> Preset:
    """The preset that stands in a text; `where` is how messages call it. Raises ConfigError, one sentence."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The preset {where} is not valid TOML: {str(error).rstrip('.')}.") from error
    if version_of(table) > SCHEMA_VERSION:
        raise ConfigError(f"The preset {where} is {_newer(table)}")
    table.pop(NOTE, None)
    try:
        return Preset.model_validate(migrate(table))
    except ValidationError as error:
        raise ConfigError(f"The preset {where} is wrong: {sentence(error.errors()[0])}") from error


def open_preset(name_or_path: str) -> Opened:
    """A preset by name or path, with whatever can be used of it. Raises ConfigError only if there is no such file, or
    it cannot be read at all."""
    text, _ = _text_of(name_or_path, errors="replace")
    path = own_file(name_or_path)
    return open_text(text, called(path), path)


def open_shipped(name: str) -> Opened:
    """A preset that ships, even where the user has one of the same name."""
    return open_text(shipped_text(name), name, own_file(name))


def open_text(text: str, name: str, path: Path) -> Opened:
    """Whatever can be used of a text."""
    table, problems = _table_of(text)
    version = version_of(table)
    autosave = table.pop(NOTE, None) is not None
    if version > SCHEMA_VERSION:
        problems.append(f"The preset is {_newer(table)}")
        table["schema_version"] = SCHEMA_VERSION
    table = migrate(table)
    preset, left_out = _usable(table)
    return Opened(preset, name, path, text, version, (*problems, *left_out), autosave)


def _newer(table: dict[str, Any]) -> str:
    return f"of version {version_of(table)}, newer than this program's {SCHEMA_VERSION}; update MegaDance Live."


def _usable(table: dict[str, Any]) -> tuple[Preset, list[str]]:
    """The preset without what is wrong in it, and a sentence for each thing that was left out."""
    table, problems = deepcopy(table), list[str]()
    while True:
        try:
            return Preset.model_validate(table), problems
        except ValidationError as error:
            wrong: dict[Place, str] = {}
            for details in error.errors():
                wrong.setdefault(_to_leave_out(place_of(details), details["type"]), sentence(details))
        problems += [f"Left out: {what}" for what in wrong.values()]
        for place in sorted(wrong, reverse=True):  # the last entry of a list first, so that the others keep their place
            _remove(table, place)


def _to_leave_out(place: Place, kind: str) -> Place:
    """The smallest thing that can be left out and leaves sense behind: a setting, or the entry that it belongs to."""
    entries = [depth for depth, part in enumerate(place, start=1) if isinstance(part, int)]
    harmless = kind == "extra_forbidden" or (place[-1] in _DECORATION and optional_at(place))
    return place if harmless or not entries else place[: entries[-1]]


def _remove(table: Any, place: Place) -> None:
    for part in place[:-1]:
        table = table[part]
    del table[place[-1]]


def _table_of(text: str) -> tuple[dict[str, Any], list[str]]:
    """The table of a text, and of one that is not TOML the parts that are."""
    try:
        return tomllib.loads(text), []
    except tomllib.TOMLDecodeError as error:
        problems = [f"The preset is not valid TOML: {str(error).rstrip('.')}."]
    table: dict[str, Any] = {}
    for part in _parts(text):
        try:
            _merge(table, tomllib.loads(part))
        except tomllib.TOMLDecodeError:
            heading = part.strip().partition("\n")[0]
            problems.append(f'Left out: what stands under "{heading[:HEADING_SHOWN]}", which cannot be read.')
    return table, problems


def _parts(text: str) -> Iterator[str]:
    """A text cut before every heading."""
    starts = [0, *(match.start() for match in _HEADING.finditer(text)), len(text)]
    return (text[start:end] for start, end in pairwise(starts))


def _merge(table: dict[str, Any], more: dict[str, Any]) -> None:
    """Put a part in where TOML would: what follows an entry of a list belongs to that entry."""
    for key, value in more.items():
        there = table.get(key)
        if isinstance(there, list) and isinstance(value, list):
            there.extend(value)
            continue
        if isinstance(there, list) and there:
            there = there[-1]
        if isinstance(there, dict) and isinstance(value, dict):
            _merge(there, value)
        else:
            table[key] = value


def _text_of(name_or_path: str, errors: Literal["strict", "replace"] = "strict") -> tuple[str, str]:
    """The text of a preset, and how a message calls it. `errors`: what becomes of bytes that are no text."""
    by_path = is_path(name_or_path)
    path = Path(name_or_path).expanduser() if by_path else user_presets_folder() / f"{name_or_path}{SUFFIX}"
    try:
        if by_path or path.is_file():
            return path.read_text(encoding="utf-8", errors=errors), f'"{path}"'
        if name_or_path in shipped_names():
            return shipped_text(name_or_path), f'"{name_or_path}"'
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ConfigError(f'The preset "{name_or_path}" cannot be read: {reason}.') from error
    raise ConfigError(
        f'There is no preset "{name_or_path}"; use one of: {", ".join(preset_names())}, or the path of a .toml file.'
    )
