"""Presets on disk: those that ship, those of the user, and any other file."""

import tomllib
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from megadance_live.config.preset import SCHEMA_VERSION, Preset
from megadance_live.core.errors import ConfigError

APP_NAME = "megadance-live"


def user_presets_folder() -> Path:
    """Where a user's own presets are found by name."""
    return user_config_path(APP_NAME, appauthor=False) / "presets"


def preset_names() -> tuple[str, ...]:
    """Every preset that can be called by name."""
    shipped = {entry.name for entry in files("presets").iterdir() if entry.name.endswith(".toml")}
    own = {path.name for path in user_presets_folder().glob("*.toml")}
    return tuple(sorted(name.removesuffix(".toml") for name in shipped | own))


def load_preset(name_or_path: str) -> Preset:
    """A preset by name (the user's own come before those that ship) or by path.

    Raises ConfigError, one sentence, for a file that is missing, broken, of a newer version or that holds something
    unknown or out of range.
    """
    text, where = _text_of(name_or_path)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"The preset {where} is not valid TOML: {str(error).rstrip('.')}.") from error
    version = table.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise ConfigError(
            f"The preset {where} is of version {version}, newer than this program's {SCHEMA_VERSION}; "
            "update MegaDance Live."
        )
    try:
        return Preset.model_validate(table)
    except ValidationError as error:
        raise ConfigError(f"The preset {where} is wrong: {_sentence(error.errors()[0])}") from error


def _text_of(name_or_path: str) -> tuple[str, str]:
    """The text of a preset, and how a message calls it."""
    path = Path(name_or_path).expanduser()
    by_path = path.suffix == ".toml" or path.name != name_or_path
    own = user_presets_folder() / f"{name_or_path}.toml"
    shipped = files("presets") / f"{name_or_path}.toml"
    try:
        if by_path:
            return path.read_text(encoding="utf-8"), f'"{path}"'
        if own.is_file():
            return own.read_text(encoding="utf-8"), f'"{own}"'
        if shipped.is_file():
            return shipped.read_text(encoding="utf-8"), f'"{name_or_path}"'
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise ConfigError(f'The preset "{name_or_path}" cannot be read: {reason}.') from error
    raise ConfigError(
        f'There is no preset "{name_or_path}"; use one of: {", ".join(preset_names())}, or the path of a .toml file.'
    )


def _sentence(error: ErrorDetails) -> str:
    """The first thing that is wrong, in words."""
    location = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        known = _keys_at(error["loc"][:-1])
        near = get_close_matches(str(error["loc"][-1]), known, n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        return f'"{location}" is not a setting{hint}; known here are: {", ".join(known)}.'
    message = error["msg"].removeprefix("Value error, ")
    return f'"{location}": {message[:1].lower()}{message[1:]}, not {error["input"]!r}.'


def _keys_at(location: tuple[int | str, ...]) -> tuple[str, ...]:
    model: Any = Preset
    for part in location:
        model = model.model_fields[part].annotation
    return tuple(model.model_fields) if issubclass(model, BaseModel) else ()
