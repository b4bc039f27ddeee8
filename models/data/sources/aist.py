"""AIST++: pickles of 60 frames per second, Y up, in the scaled units of `smpl_scaling`; the name tells genre, dancer,
music and tempo, and the dance begins on the first beat of the music (Li et al., ICCV 2021)."""

from functools import partial
from pathlib import Path

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.errors import DataError
from megadance_live.core.skeleton import JOINT_COUNT, REST_PELVIS_M
from models.data.clips import Clip, Music
from models.data.genres import AIST_CODES
from models.data.sources.labels import Labels
from models.data.sources.music_files import MusicFiles
from models.data.sources.names import aist_name
from models.data.sources.plain_pickle import read_arrays
from models.data.sources.shaping import Captured, need_finite, shape
from models.data.sources.source import Entry, Listing, Skipping, Wishes, name_of
from models.data.sources.splits import by_group

FPS = 60.0
_MUSIC_FOLDERS = ("wavs", "music", "audio", "mp3")
_LISTS = (("train", "crossmodal_train.txt"), ("val", "crossmodal_val.txt"), ("test", "crossmodal_test.txt"))


def motion_files(folder: Path) -> list[Path]:
    """The pickles of all folders called motions; without one, those that lie in the folder itself."""
    below = [path for path in sorted(folder.rglob("motions")) if path.is_dir()]
    return sorted(file for place in below or [folder] for file in place.glob("*.pkl"))


def list_aist(folder: Path, wishes: Wishes) -> Listing:
    """All motions, in the published splits where these lie beside. Raises DataError for a bad genres.csv."""
    files = motion_files(folder)
    home = folder.parent if folder.name == "motions" else folder
    ignored = set(_names_in(home / "ignore_list.txt"))
    published = {name: split for split, file in _LISTS for name in _names_in(home / "splits" / file)}
    drawn = by_group(path.relative_to(folder) for path in files)
    labels = Labels(folder, wishes)
    music = MusicFiles([*([wishes.music] if wishes.music else []), *(home / name for name in _MUSIC_FOLDERS)])
    entries, skipped = [], Skipping()
    for file in files:
        name = name_of(file, folder)
        relative = file.relative_to(folder)
        split = published.get(file.stem) if published else drawn(relative)
        if file.stem in ignored:
            skipped.add(name, "ignore_list.txt names it as one whose motion is bad")
        elif split is None:
            skipped.add(name, "no list in splits/ names it, so it may share its choreography with the test clips")
        elif genre := skipped.or_value(name, partial(_genre_of, relative, labels)):
            entries.append(Entry(name, partial(read_aist, file, name, genre, split, music)))
    remarks = [] if len(music) else ["no recordings lie beside it (--music DIR names them), so all music is composed"]
    if published:
        remarks.append("splits are the published ones (crossmodal)")
    return Listing("aist", folder, tuple(entries), skipped.all, tuple(remarks))


def read_aist(file: Path, name: str, genre: str, split: str, music: MusicFiles) -> Clip:
    """One clip. Raises OSError, and DataError for a file that is of no use."""
    told = aist_name(file.stem)
    recording = music.find([file.stem, *([told.music] if told else [])])
    clip = shape(
        captured_of(file),
        name=name,
        genre=genre,
        split=split,
        bpm=told.bpm if told else None,
        music=Music(recording) if recording else None,
    )
    if told and recording is None and len(music):
        return clip.warned(f"lacks its music {told.music}, so that music is composed")
    return clip


def captured_of(file: Path) -> Captured:
    """The motion of a pickle, in metres; its floor is where the cameras put it."""
    arrays = read_arrays(file)
    for name in ("smpl_poses", "smpl_trans", "smpl_scaling"):
        if name not in arrays:
            raise DataError(f"it holds no {name}")
    poses, trans = arrays["smpl_poses"].astype(np.float64), arrays["smpl_trans"].astype(np.float64)
    frames = len(poses) if poses.ndim else 0
    if poses.shape not in ((frames, 3 * JOINT_COUNT), (frames, JOINT_COUNT, 3)):
        raise DataError(f"smpl_poses have shape {poses.shape}, expected (frames, {3 * JOINT_COUNT})")
    if trans.shape != (frames, 3):
        raise DataError(f"smpl_trans has shape {trans.shape}, expected ({frames}, 3)")
    scaling = arrays["smpl_scaling"].astype(np.float64).reshape(-1)
    if scaling.shape != (1,) or not np.isfinite(scaling[0]) or scaling[0] <= 0:
        raise DataError(f"smpl_scaling is {scaling.tolist()}, expected one number above 0")
    need_finite(poses, trans)
    quats = quaternion.from_axis_angle(poses.reshape(frames, JOINT_COUNT, 3))
    return Captured(FPS, trans / scaling[0] + REST_PELVIS_M, np.asarray(quats, np.float64))


def _genre_of(path: Path, labels: Labels) -> str:
    told = aist_name(path.stem)
    if told is None:
        return labels.genre_of(path)
    if told.code not in AIST_CODES:
        raise DataError(f"its name tells the unknown genre g{told.code}")
    return AIST_CODES[told.code]


def _names_in(file: Path) -> list[str]:
    if not file.is_file():
        return []
    try:
        return file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read as a list of names; mend it or take it away.") from error
