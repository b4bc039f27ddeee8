"""Writing presets: whole or not at all, only what differs from the defaults, and never over what was not understood."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomli_w

from megadance_live.config.folders import BACKUP_SUFFIX, SUFFIX, called, own_file
from megadance_live.config.load import Opened, open_text, parse_preset
from megadance_live.config.preset import SCHEMA_VERSION, Preset
from megadance_live.core.errors import ConfigError

HEAD = "# A show of MegaDance Live. docs/presets.md tells every setting; what is not written here has its default.\n"


def save_preset(preset: Preset, name: str, opened: Opened) -> Opened:
    """Write a preset under a name or path, "" for that of `opened`, which it was made from; what is then open.

    What is replaced is kept beside it: a file of an earlier version as NAME.v1.bak.toml, one that the program has not
    written itself as NAME.bak.toml. Raises ConfigError, one sentence, for a name that cannot be used, for a file that
    holds what could not be understood, and where nothing can be written; the old file then is as it was.
    """
    path = own_file(name or opened.name)
    same = path == opened.path
    if same and opened.protected:
        what = "holds what could not be used and stays as it is" if opened.problems else "is an autosave"
        raise ConfigError(f'"{path}" {what}; save under another name.')
    there = _read(path)
    if there and there != (opened.text if same else ""):
        _check_understood(there, path)
    text = to_toml(preset, HEAD if opened.autosave else _head(opened.text))
    version = opened.version if same else SCHEMA_VERSION
    if version < SCHEMA_VERSION and there:
        write(path.with_name(f"{path.name.removesuffix(SUFFIX)}.v{version}{BACKUP_SUFFIX}"), there)
    elif there not in ("", text) and not (same and there == opened.text and _ours(there)):
        write(path.with_name(path.name.removesuffix(SUFFIX) + BACKUP_SUFFIX), there)
    write(path, text)
    return Opened(preset, called(path), path, text)


def to_toml(preset: Preset, head: str = HEAD, note: dict[str, Any] | None = None) -> str:
    """A preset as a file, beginning with the comment `head`: what differs from the defaults, and where the dance goes
    in any case. `note` becomes a table of its own."""
    table = {"schema_version": preset.schema_version, "title": preset.title}
    table |= preset.model_dump(exclude_defaults=True)
    table.setdefault("output", preset.output.model_dump(exclude={"receivers": {"__all__": {"enabled"}}}))
    return head + tomli_w.dumps(table | (note or {}))


def write(path: Path, text: str) -> None:
    """Write a file so that there is either the old one or the whole new one, whatever happens meanwhile.

    Raises ConfigError, one sentence, where that cannot be done.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path = path.resolve()  # a link goes on leading to the file
        temporary = path.with_name(temporary.name)
        data = text.encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except (OSError, ValueError) as error:
        with suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or "its name or a text in it cannot be written"
        raise ConfigError(f'"{path}" cannot be written ({reason}); free some room or choose another folder.') from error


def _read(path: Path) -> str:
    """What a file holds that is about to be replaced; "" if there is none."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise ConfigError(f'"{path}" is there and cannot be read; save under another name.') from error


def _check_understood(text: str, path: Path) -> None:
    try:
        parse_preset(text, f'"{path}"')
    except ConfigError as error:
        raise ConfigError(f"{str(error).rstrip('.')}; it stays as it is: save under another name.") from error


def _head(text: str) -> str:
    """The comment that a file begins with."""
    head = []
    for line in text.splitlines(keepends=True):
        if not line.startswith("#"):
            break
        head.append(line)
    return "".join(head) or HEAD


def _ours(text: str) -> bool:
    """Whether nothing of a text is lost by writing it anew: no comment inside, no other order."""
    opened = open_text(text, "", Path())
    return to_toml(opened.preset, _head(text)) == text
