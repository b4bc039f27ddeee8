"""FineDance: `motion/NNN.npy` of 30 frames per second, Y up, 3 numbers of translation and 52 joints of 6 (the first two
rows of each rotation matrix); `label_json/NNN.json` with the genre in style2; `music_wav/NNN.wav` (Li et al., ICCV
2023)."""

import json
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.errors import DataError
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import JOINT_COUNT
from models.data.clips import Clip, Music
from models.data.genres import Genres
from models.data.sources.music_files import MusicFiles
from models.data.sources.shaping import Captured, need_finite, shape
from models.data.sources.source import Entry, Listing, Skipping, Wishes

BODY_JOINTS = 22
_JOINTS = 52
_WIDTH = 3 + 6 * _JOINTS
_CONTACTS = 4
"""Copies that other projects have worked over hold four contacts before all else."""
REST_PELVIS_M = np.array([0.003, -0.351, 0.012])
"""Pelvis of the neutral SMPL-X body when its translation is zero."""

TEST = frozenset(
    (
        "012", "036", "037", "063", "065", "092", "098", "109", "132", "137", "143", "144", "161", "179", "193",
        "198", "204", "211",
    )
)  # fmt: skip
"""Held out by the published split by genre."""
UNUSED = frozenset(["116", "117", "118", "119", "120", "121", "122", "123", "130", "202"])
"""Left out by the published splits."""
_HEAD_S = {"004": 8, "005": 10, "067": 6, "105": 19, "110": 14, "113": 29, "153": 52, "211": 22, "010": 0.1, "014": 0.1}
"""Monotonous or broken beginnings that the data's authors cut off in their later work."""

_FROZEN_STD = 0.07
_WINDOW = 4 * FRAME_RATE_HZ


def list_finedance(folder: Path, wishes: Wishes) -> Listing:
    """All motions whose label is understood, in the published split by genre."""
    music = MusicFiles([*([wishes.music] if wishes.music else []), folder / "music_wav"])
    entries, skipped = [], Skipping()
    for file in sorted((folder / "motion").glob("*.npy")):
        number, name = file.stem, file.name
        if number in UNUSED:
            skipped.add(name, "the published splits leave it out")
        elif number.startswith("M"):
            skipped.add(name, "it is a mirrored copy; every clip is mirrored in training anyway")
        elif genre := skipped.or_value(name, partial(_genre_of, folder / "label_json" / f"{number}.json", wishes)):
            split = "test" if number in TEST else "train"
            entries.append(Entry(name, partial(read_finedance, file, genre, split, music)))
    return Listing("finedance", folder, tuple(entries), skipped.all, ("splits are the published ones (by genre)",))


def read_finedance(file: Path, genre: str, split: str, music: MusicFiles) -> Clip:
    """One clip. Raises OSError, and DataError for a file that is of no use."""
    numbers = _numbers(file)
    recording = music.find([file.stem])
    clip = shape(
        captured_of(numbers),
        name=file.name,
        genre=genre,
        split=split,
        music=Music(recording) if recording else None,
        head_s=_HEAD_S.get(file.stem, 0.0),
    )
    if recording is None:
        clip = clip.warned(
            f"lacks its music {file.stem}.wav, so that music is composed, on beats guessed from the motion"
        )
    frozen, windows = _frozen(numbers)
    if frozen == windows:
        raise DataError("it is frozen from end to end")
    return clip.warned(f"is frozen in {frozen} of {windows} windows of 4 s") if frozen else clip


def captured_of(numbers: npt.NDArray[np.float64]) -> Captured:
    """The motion of numbers [T, 315]. The hands of SMPL have no counterpart among 52 joints: they follow the wrists."""
    frames = len(numbers)
    rows = numbers[:, 3:].reshape(frames, _JOINTS, 6)[:, :BODY_JOINTS]
    # Rows of a matrix are the columns of its inverse.
    body = quaternion.conjugate(quaternion.from_sixd(rows))
    quats = quaternion.identity(frames, JOINT_COUNT, dtype=np.float64)
    quats[:, :BODY_JOINTS] = body
    return Captured(float(FRAME_RATE_HZ), numbers[:, :3] + REST_PELVIS_M, quats)


def _numbers(file: Path) -> npt.NDArray[np.float64]:
    try:
        numbers = np.load(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError("it is not a file of plain numbers") from error
    if not isinstance(numbers, np.ndarray) or numbers.dtype.kind not in "fiu" or numbers.ndim != 2:
        raise DataError("it is not a table of numbers")
    if numbers.shape[1] == _CONTACTS + _WIDTH:
        numbers = numbers[:, _CONTACTS:]
    if numbers.shape[1] != _WIDTH:
        raise DataError(f"its rows hold {numbers.shape[1]} numbers, expected {_WIDTH}")
    need_finite(numbers)
    if not len(numbers):
        raise DataError("it holds no frames")
    table: npt.NDArray[np.float64] = numbers.astype(np.float64)
    return table


def _genre_of(label: Path, wishes: Wishes) -> str:
    try:
        styles = json.loads(label.read_text(encoding="utf-8"))
        written = str(styles["style2"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        if wishes.genre is not None:
            return wishes.genre
        raise DataError(f"its label {label.name} is missing or names no style2") from error
    genres: Genres = wishes.genres
    genre = genres.known(written)
    if genre is None:
        raise DataError(f"its label names the unknown genre {written!r}")
    return genre


def _frozen(numbers: npt.NDArray[np.float64]) -> tuple[int, int]:
    """How many windows hardly change, of how many; by the test that the data's authors use, here on the body alone, as
    hands may lie still in a dance that is alive."""
    body = numbers[:, : 3 + 6 * BODY_JOINTS]
    starts = range(0, max(1, len(numbers) - _WINDOW + 1), _WINDOW)
    spread = [body[start : start + _WINDOW].std(axis=0).mean() for start in starts]
    return sum(one <= _FROZEN_STD for one in spread), len(spread)
