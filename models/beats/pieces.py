"""Pieces of music whose beats are known: band levels, and the beats with their numbers, one file each."""

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


def prepare_recordings(source: Path, target: Path, hear: Hear) -> Iterator[tuple[str, int]]:
    """Every recording of `source` that has a .beats file beside it, as a piece in `target`: (name, how many in all).
    Pieces already there are kept."""
    found = sorted(path for path in source.iterdir() if path.with_suffix(".beats").exists() and path.suffix != ".beats")
    if not found:
        raise DataError(f"{source} holds no recording with a .beats file of the same name beside it.")
    target.mkdir(parents=True, exist_ok=True)
    for path in found:
        made = target / f"{path.stem}.npz"
        if not made.exists():
            beats_s, numbers = read_beats(path.with_suffix(".beats"))
            Piece(hear(path).astype(np.float16), beats_s, numbers, path.stem).save(made)
        yield path.stem, len(found)
