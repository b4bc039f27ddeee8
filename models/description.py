"""What a model folder says of itself in its `config.json`, read without torch."""

import json
from pathlib import Path
from typing import Any

from megadance_live.core.errors import WeightsError

FORMAT = 1
SHIPPED = Path(__file__).parent / "weights" / "live"


def experts_of(folder: Path | None = None) -> tuple[str, ...]:
    """The experts of a model (None: the one that ships), in the order of their numbers. Raises WeightsError."""
    folder = folder or SHIPPED
    try:
        return tuple(str(name) for name in described_in(folder)["generator"]["experts"])
    except (KeyError, TypeError) as error:
        raise WeightsError(f"{folder / 'config.json'} names no experts; export the model again.") from error


def described_in(folder: Path) -> dict[str, Any]:
    """The contents of `config.json`. Raises WeightsError with what to do about it."""
    path = folder / "config.json"
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise WeightsError(f"{folder} holds no model (no config.json); name a model folder, or export one.") from error
    except (OSError, ValueError) as error:
        raise WeightsError(f"{path} cannot be read; fetch it again, or export the model again.") from error
    found = described.get("format") if isinstance(described, dict) else None
    if found != FORMAT:
        raise WeightsError(
            f"{folder} holds a model of format {found}, and this version reads format {FORMAT}; export it again."
        )
    return dict(described)
