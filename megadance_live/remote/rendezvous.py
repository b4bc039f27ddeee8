"""Where a running show is found: a small file of the user's, which only the user can read."""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from multiprocessing.connection import Client
from pathlib import Path

import psutil
from platformdirs import user_state_path

APP_NAME = "megadance-live"
_SUFFIX = ".show.json"


@dataclass(frozen=True)
class Rendezvous:
    """How to reach the show of process `pid`: an address of multiprocessing.connection and its key, in hex."""

    pid: int
    address: str
    key: str


def rendezvous_folder() -> Path:
    """Where running shows say how they are reached."""
    return user_state_path(APP_NAME, appauthor=False) / "running"


def publish(rendezvous: Rendezvous) -> Path:
    """Let surfaces find a show. Raises OSError."""
    folder = rendezvous_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{rendezvous.pid}{_SUFFIX}"
    temporary = path.with_suffix(".tmp")
    temporary.unlink(missing_ok=True)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(rendezvous), file)
    temporary.replace(path)
    return path


def running_shows() -> tuple[Rendezvous, ...]:
    """Shows that can be reached, the newest first. Files of shows that have gone are removed."""
    found: list[tuple[float, Rendezvous]] = []
    for path in rendezvous_folder().glob(f"*{_SUFFIX}"):
        with suppress(OSError, ValueError, TypeError):
            rendezvous = Rendezvous(**json.loads(path.read_text()))
            if psutil.pid_exists(rendezvous.pid):
                found.append((path.stat().st_mtime, rendezvous))
            else:
                path.unlink()
    return tuple(rendezvous for _, rendezvous in sorted(found, key=lambda entry: entry[0], reverse=True))


def answers(rendezvous: Rendezvous) -> bool:
    """Whether anybody listens there: the process of a show that was cut off may have left its number to another."""
    try:
        Client(rendezvous.address).close()
    except (OSError, EOFError, ValueError):
        return False
    return True
