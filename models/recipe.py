"""What to build and how to train it, in TOML: `live` (what ships), `paper` (the published system), and every ablation.

A recipe may name another as its `base` and say only what is different. Its tables are the fields of TokenizerConfig,
GeneratorConfig, TokenizerTraining and GeneratorTraining.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from pydantic import TypeAdapter, ValidationError

from megadance_live.core.errors import ConfigError
from models.generator.config import GeneratorConfig
from models.tokenizer.config import TokenizerConfig
from models.training.settings import GeneratorTraining, TokenizerTraining

SHIPPED = Path(__file__).parent / "recipes"
DEFAULT = "live"

_FROM_DATA = ("experts", "levels", "condition")
"""Fields of a generator that its data and its tokeniser decide."""

Table = Mapping[str, Any]
Part = TypeVar("Part")


@dataclass(frozen=True)
class Recipe:
    """`generator` has no experts yet: they are the genres of the data."""

    name: str
    tokenizer: TokenizerConfig
    generator: GeneratorConfig
    tokenizer_training: TokenizerTraining
    generator_training: GeneratorTraining


_PARTS: dict[str, type] = {
    "tokenizer": TokenizerConfig,
    "generator": GeneratorConfig,
    "tokenizer_training": TokenizerTraining,
    "generator_training": GeneratorTraining,
}


def shipped() -> tuple[str, ...]:
    """Names of the recipes that come with the program."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_recipe(asked: str = DEFAULT) -> Recipe:
    """A recipe by its name, or from a TOML file. Raises ConfigError with what to do about it."""
    path = _path_of(asked, SHIPPED)
    tables = _merged(path, ())
    return Recipe(
        name=path.stem,
        tokenizer=_part(path, "tokenizer", TokenizerConfig, tables["tokenizer"]),
        generator=_part(path, "generator", GeneratorConfig, {**tables["generator"], "experts": ()}),
        tokenizer_training=_part(path, "tokenizer_training", TokenizerTraining, tables["tokenizer_training"]),
        generator_training=_part(path, "generator_training", GeneratorTraining, tables["generator_training"]),
    )


def _path_of(asked: str, beside: Path) -> Path:
    """A shipped recipe by name, else a file, looked for in the folder `beside` too."""
    if asked in shipped():
        return SHIPPED / f"{asked}.toml"
    for path in (Path(asked), beside / asked):
        if path.suffix == ".toml" and path.is_file():
            return path
    known = ", ".join(shipped())
    raise ConfigError(f"There is no recipe {asked!r}; name a TOML file or one of: {known}.")


def _merged(path: Path, above: tuple[Path, ...]) -> dict[str, dict[str, Any]]:
    """The tables of a recipe over those of its base."""
    if path.resolve() in above:
        raise ConfigError(f'{path}: its "base" leads back to itself; name another.')
    said = _read(path)
    base = said.pop("base", None)
    if base is not None and not isinstance(base, str):
        raise ConfigError(f'{path}: "base" must be the name of a recipe, not {base!r}.')
    merged = _merged(_path_of(base, path.parent), (*above, path.resolve())) if base else {name: {} for name in _PARTS}
    for name, table in said.items():
        if name not in _PARTS:
            raise ConfigError(_unknown(path, name, ["base", *_PARTS]))
        if not isinstance(table, dict):
            raise ConfigError(f"{path}: {name!r} must be a table; write [{name}] above its settings.")
        for key in table:
            if key not in _settings(name):
                raise ConfigError(_unknown(path, f"{name}.{key}", [f"{name}.{known}" for known in _settings(name)]))
        merged[name].update(table)
    return merged


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read ({error.strerror}); name another recipe.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {str(error)[:1].lower()}{str(error)[1:]}; mend it there.") from error


def _settings(part: str) -> list[str]:
    return [field.name for field in fields(_PARTS[part]) if part != "generator" or field.name not in _FROM_DATA]


def _unknown(path: Path, name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known here are: {', '.join(known)}."
    return f"{path}: {name!r} is not a setting; {hint}"


def _part(path: Path, name: str, kind: type[Part], table: Table) -> Part:
    types = get_type_hints(kind)
    values = {}
    for key, value in table.items():
        wanted = tuple(value) if isinstance(value, list) else value
        try:
            values[key] = TypeAdapter(types[key]).validate_python(wanted, strict=True)
        except ValidationError as error:
            said = error.errors()[0]["msg"]
            raise ConfigError(f"{path}: {name}.{key}: {said[:1].lower()}{said[1:]}, not {value!r}.") from error
    try:
        return kind(**values)
    except ValueError as error:
        raise ConfigError(f"{path}: [{name}]: {error}.") from error
