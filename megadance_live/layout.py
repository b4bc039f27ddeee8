"""Are our top-level packages ours? Another distribution may have laid a `models` or `gui` over them (ADR 3)."""

from importlib.util import find_spec
from pathlib import Path

import megadance_live
from megadance_live.core.errors import ConfigError

BESIDE = ("models", "gui", "presets")


def check_layout() -> None:
    """Raises ConfigError unless `models`, `gui` and `presets` lie beside `megadance_live`."""
    home = Path(megadance_live.__file__).resolve().parent.parent
    for name in BESIDE:
        spec = find_spec(name)
        origin = spec.origin if spec is not None else None
        if origin is None:
            raise ConfigError(
                f'The package "{name}" is missing beside "{home / "megadance_live"}"; install MegaDance Live again.'
            )
        found = Path(origin).resolve().parent
        if found.parent != home:
            raise ConfigError(
                f'Another package named "{name}" ({found}) hides ours; '
                "install MegaDance Live in a virtual environment of its own."
            )
