"""Prepared data: one npz a clip, holding motion on the bar grid in channels, and what the dancer hears with it."""

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import DataError

F32 = npt.NDArray[np.float32]

FORMAT = 3


@dataclass(frozen=True)
class PreparedClip:
    """`upper` and `lower` hold [2, 4 n, C]: as danced, and mirrored. `music` holds [renders, n, MUSIC_SIZE]: pooled
    features of differently rendered music, as heard HEARING_DELAY_HOPS before each token."""

    name: str
    genre: str
    split: str
    upper: F32
    lower: F32
    music: F32
    phase: F32  # [n, 10]
    travel: float  # 0..1: trust in the horizontal travel
    beats_known: bool

    @property
    def tokens(self) -> int:
        return int(self.phase.shape[0])

    def save(self, folder: Path) -> None:
        """Writes through a temporary file, so that an interrupted run leaves no broken clip."""
        path = folder / f"{Path(self.name).stem}.npz"
        scratch = path.with_suffix(".tmp")
        with scratch.open("wb") as file:
            np.savez_compressed(
                file,
                format=FORMAT,
                name=self.name,
                genre=self.genre,
                split=self.split,
                upper=self.upper.astype(np.float16),
                lower=self.lower.astype(np.float32),
                music=self.music.astype(np.float16),
                phase=self.phase,
                travel=self.travel,
                beats_known=self.beats_known,
            )
        scratch.replace(path)


def is_prepared(path: Path) -> bool:
    """Whether a clip of this version lies there."""
    try:
        with np.load(path, allow_pickle=False) as data:
            return int(data["format"]) == FORMAT
    except (OSError, KeyError, ValueError, EOFError, BadZipFile):
        return False


def load_prepared(folder: Path) -> list[PreparedClip]:
    """All prepared clips of a folder, by name. Raises DataError where there are none, or of another format."""
    paths = sorted(folder.glob("*.npz"))
    if not paths:
        raise DataError(f"{folder} holds no prepared clips; run `megadance-live prepare` first.")
    return [_load(path) for path in paths]


def _load(path: Path) -> PreparedClip:
    try:
        with np.load(path, allow_pickle=False) as data:
            if int(data["format"]) != FORMAT:
                raise DataError(
                    f"{path} was prepared by another version, for a dancer that hears other features of the music; "
                    "run `megadance-live prepare` again on the same folder."
                )
            return PreparedClip(
                name=str(data["name"]),
                genre=str(data["genre"]),
                split=str(data["split"]),
                upper=data["upper"].astype(np.float32),
                lower=data["lower"].astype(np.float32),
                music=data["music"].astype(np.float32),
                phase=data["phase"].astype(np.float32),
                travel=float(data["travel"]),
                beats_known=bool(data["beats_known"]),
            )
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise DataError(f"{path} cannot be read; run `megadance-live prepare` again.") from error
