"""Folders of BVH files; genre by genres.csv, folder or name, as BVH has none."""

from pathlib import Path

from models.data.clips import Clip, Music
from models.data.sources.bone_names import smpl_joints
from models.data.sources.bvh_file import read_bvh as read_file
from models.data.sources.labelled import list_labelled
from models.data.sources.music_files import MusicFiles
from models.data.sources.retarget import danced_by_smpl
from models.data.sources.shaping import Captured, shape
from models.data.sources.source import Listing, Wishes, files_below


def list_bvh(folder: Path, wishes: Wishes) -> Listing:
    """All files below. Raises DataError for a bad genres.csv."""
    files = files_below(folder, ".bvh")
    places = {*(file.parent for file in files), *(folder / name for name in ("wav", "wavs", "music", "audio"))}
    music = MusicFiles([*([wishes.music] if wishes.music else []), *sorted(places)])
    return list_labelled("bvh", folder, files, wishes, music, read_bvh)


def read_bvh(file: Path, name: str, genre: str, split: str, music: MusicFiles) -> Clip:
    """One clip. Raises OSError, and DataError for a file that is of no use."""
    captured, said = captured_of(file)
    recording = music.find([file.stem])
    clip = shape(captured, name=name, genre=genre, split=split, music=Music(recording) if recording else None)
    return clip.warned(*said)


def captured_of(file: Path) -> tuple[Captured, list[str]]:
    """The motion of a file on SMPL's skeleton, and what was found out about the file."""
    motion = read_file(file)
    joints = smpl_joints([joint.name for joint in motion.joints], [joint.parent for joint in motion.joints])
    return danced_by_smpl(motion, joints)
