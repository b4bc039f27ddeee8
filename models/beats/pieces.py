"""Pieces of music whose beats are known: band levels, and the beats with their numbers, one file each."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import DataError

F16 = npt.NDArray[np.float16]
F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

CREDITS = "credits.tsv"
HELD_OUT_EVERY = 25
"""Every so many-th piece of each source is never trained on."""


@dataclass(frozen=True)
class Piece:
    """`bands_db` [frames, bands] at the network's frame rate; `beats_s` [n] rising, seconds of the same stream;
    `numbers` [n] in the bar, 1 is a downbeat (all 0: bars not known). `source` says where it comes from."""

    bands_db: F16
    beats_s: F64
    numbers: npt.NDArray[np.int8]
    source: str

    def save(self, path: Path) -> None:
        """As one .npz; a file there appears whole or not at all."""
        scratch = path.with_suffix(".tmp")
        with scratch.open("wb") as file:
            np.savez(file, bands_db=self.bands_db, beats_s=self.beats_s, numbers=self.numbers, source=self.source)
        scratch.replace(path)


def load_piece(path: Path) -> Piece:
    """Raises DataError where there is none."""
    try:
        with np.load(path) as saved:
            return Piece(saved["bands_db"], saved["beats_s"], saved["numbers"], str(saved["source"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} is no piece of music with beats; delete it and prepare it again.") from error


def read_beats(path: Path) -> tuple[F64, npt.NDArray[np.int8]]:
    """Times [n] and numbers [n] from lines of `time<TAB>number`. Raises DataError."""
    try:
        rows = np.loadtxt(path, ndmin=2, dtype=np.float64)
        times_s, numbers = rows[:, 0], rows[:, 1].astype(np.int8)
    except (OSError, ValueError, IndexError) as error:
        raise DataError(f"{path} holds no beats; each line must be a time in seconds and a number.") from error
    if not np.all(np.diff(times_s) > 0):
        raise DataError(f"The beats in {path} do not rise; sort them.")
    return times_s, numbers


def split(folder: Path) -> tuple[list[Path], list[Path]]:
    """Pieces to train on and pieces held out, of a folder and all below it. Raises DataError where there are none."""
    training: list[Path] = []
    held_out: list[Path] = []
    for home in sorted({path.parent for path in folder.rglob("*.npz")}):
        for number, path in enumerate(sorted(home.glob("*.npz"))):
            (held_out if number % HELD_OUT_EVERY == 0 else training).append(path)
    if not training or not held_out:
        raise DataError(f"{folder} holds too few pieces of music with beats; prepare more.")
    return training, held_out


Hear = Callable[[Path], F32]
"""Band levels [frames, bands] of an audio file."""


@dataclass(frozen=True)
class Credit:
    """Where a recording comes from, and on which terms."""

    name: str
    source: str
    licence: str


def prepare_recordings(
    source: Path, target: Path, hear: Hear, without: tuple[str, ...] = ()
) -> Iterator[tuple[str, int]]:
    """Every recording of `source` that has a .beats file beside it, as a piece in `target`: (name, how many in all).
    Pieces already there are kept. An index.tsv beside the recordings (columns file, source, licence) credits them;
    those in whose row a word of `without` stands are left out."""
    credits_by_name = {credit.name: credit for credit in _index(source / "index.tsv")}

    def wanted(path: Path) -> bool:
        credit = credits_by_name.get(path.stem, Credit(path.stem, "", ""))
        return not any(word in part for word in without for part in (credit.name, credit.source, credit.licence))

    found = sorted(path for path in source.iterdir() if path.with_suffix(".beats").exists() and path.suffix != ".beats")
    found = [path for path in found if wanted(path)]
    if not found:
        raise DataError(f"{source} holds no recording with a .beats file of the same name beside it.")
    target.mkdir(parents=True, exist_ok=True)
    known = [credits_by_name[path.stem] for path in found if path.stem in credits_by_name]
    lines = "".join("\t".join((credit.name, credit.source, credit.licence)) + "\n" for credit in known)
    (target / CREDITS).write_text("file\tsource\tlicence\n" + lines, encoding="utf-8")
    for path in found:
        made = target / f"{path.stem}.npz"
        if not made.exists():
            beats_s, numbers = read_beats(path.with_suffix(".beats"))
            Piece(hear(path).astype(np.float16), beats_s, numbers, path.stem).save(made)
        yield path.stem, len(found)


def credited(folder: Path) -> list[Credit]:
    """The recordings below a folder that say where they come from."""
    return [credit for path in sorted(folder.rglob(CREDITS)) for credit in _index(path)]


def _index(path: Path) -> list[Credit]:
    """Raises DataError where a column is missing."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    try:
        return [Credit(Path(row["file"]).stem, row["source"] or "", row["licence"] or "") for row in rows]
    except (KeyError, TypeError) as error:
        raise DataError(f"{path} needs the columns file, source and licence, between tabs.") from error
