"""What every kind of data folder is listed as: clips that have not been read yet."""

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

from megadance_live.core.errors import DataError
from models.data.clips import Clip, Skipped
from models.data.genres import Genres

Kind = Literal["manifest", "aist", "finedance", "amass", "bvh"]


@dataclass(frozen=True)
class Wishes:
    """What the user says about a folder beside where it is."""

    genre: str | None = None
    """Of every clip that says nothing of its own."""
    music: Path | None = None
    """A folder of recordings, looked into before the places where the data set keeps them."""
    genres: Genres = field(default_factory=Genres)


@dataclass(frozen=True)
class Entry:
    """A clip to be read. `read` raises DataError for what is wrong with it, or what broken files raise."""

    name: str
    read: Callable[[], Clip]


@dataclass(frozen=True)
class Listing:
    """A data folder: its clips, what is left out without being read, and what is to be said of it all."""

    kind: Kind
    folder: Path
    entries: tuple[Entry, ...]
    skipped: tuple[Skipped, ...] = ()
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.entries) + len(self.skipped)


class Skipping:
    """Collects what a listing leaves out."""

    def __init__(self) -> None:
        self._all: list[Skipped] = []

    @property
    def all(self) -> tuple[Skipped, ...]:
        return tuple(self._all)

    def add(self, name: str, why: str) -> None:
        self._all.append(Skipped(name, why))

    def or_value(self, name: str, tell: Callable[[], str]) -> str | None:
        """What `tell` tells, or None where it raises DataError, which is noted."""
        try:
            return tell()
        except DataError as error:
            self.add(name, str(error))
            return None


def read_entry(entry: Entry) -> Clip | Skipped:
    """The clip, or why it cannot be used."""
    try:
        return entry.read()
    except OSError as error:
        return Skipped(entry.name, f"it cannot be read ({error.strerror or error})")
    except (BadZipFile, EOFError, pickle.UnpicklingError) as error:
        return Skipped(entry.name, f"it is broken ({error})")
    except (DataError, ValueError, KeyError, IndexError, TypeError) as error:
        return Skipped(entry.name, str(error))
    except MemoryError:
        return Skipped(entry.name, "it does not fit into memory")


def name_of(file: Path, folder: Path) -> str:
    """A clip's name from where it lies: one flat name, so that equal file names in two folders stay two clips."""
    return "_".join(file.relative_to(folder).parts)


def files_below(folder: Path, suffix: str) -> list[Path]:
    """All files of a suffix, in any case, sorted; hidden ones are no data."""
    found = (path for path in folder.rglob("*") if path.suffix.lower() == suffix and path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))
