"""Configurations as JSON beside weights, and back."""

import json
from dataclasses import asdict, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar

Config = TypeVar("Config")


def write_config(path: Path, config: Any) -> None:
    """As JSON; raises OSError."""
    path.write_text(json.dumps(asdict(config), indent=1) + "\n", encoding="utf-8")


def config_from(kind: type[Config], values: dict[str, Any]) -> Config:
    """A configuration of `kind`; raises TypeError for a field that it does not know."""
    assert is_dataclass(kind)
    names = {field.name for field in fields(kind)}
    unknown = set(values) - names
    if unknown:
        raise TypeError(f"unknown: {', '.join(sorted(unknown))}")
    return kind(**{name: tuple(value) if isinstance(value, list) else value for name, value in values.items()})


def read_config(kind: type[Config], path: Path) -> Config:
    """A configuration of `kind`; raises OSError, ValueError for broken JSON, and TypeError as `config_from`."""
    return config_from(kind, json.loads(path.read_text(encoding="utf-8")))
