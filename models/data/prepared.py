"""Prepared data: one npz a clip, holding motion on the bar grid in channels, and what the dancer hears with it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from megadance_live.core.conditioning import CONTEXT_HOPS, MUSIC_SIZE, pool_music
from megadance_live.core.errors import DataError

F32 = npt.NDArray[np.float32]

FORMAT = 4


@dataclass(frozen=True)
class PreparedClip:
    """One clip at one tempo. `upper` and `lower` hold [2, 4 n, C]: as danced, and mirrored. `features` holds
    [renders, hops, FEATURE_COUNT] of differently rendered music, from before the dance to its end; a token has heard
    the first `heard` [n] of them by the time it is composed."""

    name: str
    genre: str
    split: str
    tempo: float  # 1: as danced; 1.1: a tenth faster
    upper: F32
    lower: F32
    features: F32
    heard: npt.NDArray[np.int64]
    phase: F32  # [n, 10]
    travel: float  # 0..1: trust in the horizontal travel
    beats_known: bool
    own_music: bool = False
    """Whether the first of the renderings is the recording that lies with the clip."""

    @property
    def tokens(self) -> int:
        return int(self.phase.shape[0])

    def music(self, pool: Callable[[F32], F32] = pool_music, earlier_hops: int = 0) -> F32:
        """Pooled features [renders, n, MUSIC_SIZE] of what each token has heard, or would have heard had it been
        composed so much earlier."""
        pooled = np.zeros((len(self.features), self.tokens, MUSIC_SIZE), np.float32)
        for render, features in enumerate(self.features):
            for token, heard in enumerate(self.heard - earlier_hops):
                if heard > 0:
                    pooled[render, token] = pool(features[max(0, heard - CONTEXT_HOPS) : heard])
        return pooled

    def save(self, folder: Path) -> None:
        """Writes through a temporary file, so that an interrupted run leaves no broken clip."""
        path = folder / file_name(self.name, self.tempo)
        scratch = path.with_suffix(".tmp")
        with scratch.open("wb") as file:
            np.savez_compressed(
                file,
                format=FORMAT,
                name=self.name,
                genre=self.genre,
                split=self.split,
                tempo=self.tempo,
                upper=self.upper.astype(np.float16),
                lower=self.lower.astype(np.float32),
                features=self.features.astype(np.float16),
                heard=self.heard,
                phase=self.phase,
                travel=self.travel,
                beats_known=self.beats_known,
                own_music=self.own_music,
            )
        scratch.replace(path)


def file_name(name: str, tempo: float) -> str:
    """Of a clip at a tempo, in the prepared folder."""
    stem = Path(name).stem
    return f"{stem}.npz" if tempo == 1.0 else f"{stem}@{100 * tempo:.0f}.npz"


@dataclass(frozen=True)
class Standing:
    """What lies prepared, as far as it may have changed with the data."""

    name: str
    genre: str
    split: str
    beats_known: bool
    own_music: bool


def standing_of(path: Path) -> Standing | None:
    """The clip that lies there, or None where none of this version does."""
    try:
        with np.load(path, allow_pickle=False) as data:
            if int(data["format"]) != FORMAT:
                return None
            name, genre, split = (str(data[key]) for key in ("name", "genre", "split"))
            return Standing(name, genre, split, bool(data["beats_known"]), _own_music(data))
    except (OSError, KeyError, ValueError, EOFError, BadZipFile):
        return None


def discard(folder: Path, name: str, keep: Collection[str] = ()) -> None:
    """Takes a clip away that lies prepared at any tempo, but for the files to keep: once it is left out, or held out,
    nothing must train on what it was before."""
    stem = Path(name).stem
    for path in (folder / f"{stem}.npz", *folder.glob(f"{escape(stem)}@*.npz")):
        standing = standing_of(path) if path.name not in keep else None
        if standing is not None and standing.name == name:
            path.unlink()


def _own_music(data: Any) -> bool:
    return "own_music" in data and bool(data["own_music"])


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
                tempo=float(data["tempo"]),
                upper=data["upper"].astype(np.float32),
                lower=data["lower"].astype(np.float32),
                features=data["features"].astype(np.float32),
                heard=data["heard"],
                phase=data["phase"].astype(np.float32),
                travel=float(data["travel"]),
                beats_known=bool(data["beats_known"]),
                own_music=_own_music(data),
            )
    except (OSError, KeyError, ValueError, EOFError, BadZipFile) as error:
        raise DataError(f"{path} cannot be read; run `megadance-live prepare` again.") from error
