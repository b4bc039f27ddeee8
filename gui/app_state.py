"""What the app remembers of itself from one time to the next: not the show, only its window."""

import json
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import platformdirs

FILE = "app.json"


@dataclass(frozen=True)
class AppState:
    """Place and size of the window in logical pixels (0 x 0: none remembered), the page, and whether the first steps
    are to be shown."""

    x: int = 0
    y: int = 0
    width: int = 0
    height: int = 0
    full_screen: bool = False
    page: str = "PLAY"
    first_steps: bool = True


def state_file() -> Path:
    """Where it is kept."""
    return Path(platformdirs.user_state_path("megadance-live", appauthor=False)) / FILE


def load(path: Path) -> AppState:
    """What was remembered; what cannot be read is forgotten."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return AppState()
    if not isinstance(stored, dict):
        return AppState()
    plain = AppState()
    kept = {
        field.name: stored[field.name]
        for field in fields(AppState)
        if type(stored.get(field.name)) is type(getattr(plain, field.name))
    }
    return AppState(**kept)


def save(path: Path, state: AppState) -> None:
    """Remember, or, where that cannot be written, do not."""
    temporary = path.with_suffix(".tmp")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
        temporary.replace(path)
