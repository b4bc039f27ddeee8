"""AMASS: npz of SMPL+H (`poses` 156 wide, `mocap_framerate`) or SMPL-X (165 wide, `mocap_frame_rate`), Z up; genre by
genres.csv or folder, as AMASS has none (Mahmood et al., ICCV 2019)."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.errors import DataError
from megadance_live.core.skeleton import JOINT_COUNT, REST_PELVIS_M
from models.data.clips import Clip, Music
from models.data.sources.arrays import Archive, archive
from models.data.sources.labelled import list_labelled
from models.data.sources.music_files import MusicFiles
from models.data.sources.shaping import Captured, need_finite, shape
from models.data.sources.source import Listing, Wishes, files_below
from models.data.sources.up_axis import to_y_up

F64 = npt.NDArray[np.float64]

BODY_JOINTS = 22
_RATES = ("mocap_framerate", "mocap_frame_rate", "fps")
_WIDTHS = {66: "SMPL-X body", 72: "SMPL", 156: "SMPL+H", 165: "SMPL-X"}
_SHAPE_ONLY = ("_stagei", "shape")


def list_amass(folder: Path, wishes: Wishes) -> Listing:
    """All archives below, but for those of body shapes. Raises DataError for a bad genres.csv."""
    files = [file for file in files_below(folder, ".npz") if not file.stem.endswith(_SHAPE_ONLY)]
    music = MusicFiles([wishes.music] if wishes.music else [])
    return list_labelled("amass", folder, files, wishes, music, read_amass)


def read_amass(file: Path, name: str, genre: str, split: str, music: MusicFiles) -> Clip:
    """One clip. Raises OSError, and DataError for a file that is of no use."""
    captured, up = captured_of(file)
    recording = music.find([file.stem, file.stem.removesuffix("_poses").removesuffix("_stageii")])
    clip = shape(captured, name=name, genre=genre, split=split, music=Music(recording) if recording else None)
    return clip if up == "Z" else clip.warned("stands along Y, not along Z as AMASS does, and was taken so")


def captured_of(file: Path) -> tuple[Captured, str]:
    """The motion of an archive, Y up, and which axis was up in the file."""
    with archive(file) as arrays:
        rate = next((name for name in _RATES if name in arrays), None)
        if rate is None:
            raise DataError(f"it does not tell its frame rate ({', '.join(_RATES)})")
        fps = arrays.number(rate)
        poses, trans = _poses(arrays), arrays.numbers("trans")
    if trans.shape != (len(poses), 3):
        raise DataError(f"trans has shape {trans.shape}, expected ({len(poses)}, 3)")
    need_finite(poses, trans)
    joints = min(JOINT_COUNT, poses.shape[1] // 3) if poses.shape[1] == 72 else BODY_JOINTS
    quats = quaternion.identity(len(poses), JOINT_COUNT, dtype=np.float64)
    quats[:, :joints] = quaternion.from_axis_angle(poses[:, : 3 * joints].reshape(len(poses), joints, 3))
    # The body model turns about its rest pelvis and then adds trans, whichever axis is up.
    root_m = trans + REST_PELVIS_M
    up = _up_of(quats)
    if up == "Z":
        root_m, quats = to_y_up("Z", root_m, quats)
    return Captured(fps, root_m, quats), up


def _poses(arrays: Archive) -> F64:
    """[T, 66 or more]: pelvis and body first."""
    if "poses" in arrays:
        poses = arrays.numbers("poses")
        if poses.ndim == 3 and poses.shape[2] == 3:
            poses = poses.reshape(len(poses), -1)
        if poses.ndim != 2 or poses.shape[1] not in _WIDTHS:
            widths = ", ".join(f"{width} ({body})" for width, body in _WIDTHS.items())
            raise DataError(f"poses have shape {poses.shape}, expected (frames, width) with a width of {widths}")
        return poses
    if "root_orient" not in arrays:
        raise DataError("it holds no poses")
    root, body = arrays.numbers("root_orient"), arrays.numbers("pose_body")
    if root.ndim != 2 or root.shape[1] != 3 or body.shape != (len(root), 63):
        raise DataError(f"root_orient and pose_body have shapes {root.shape} and {body.shape}, expected 3 and 63 wide")
    return np.concatenate([root, body], axis=1)


def _up_of(quats: F64) -> str:
    """The axis along which the pelvis stands, most of the time; Z unless it is clear that it is Y."""
    along = quaternion.rotate(quats[:, 0], np.broadcast_to(np.array([0.0, 1.0, 0.0]), (len(quats), 3)))
    mean = np.nan_to_num(along).mean(axis=0) if len(along) else np.zeros(3)
    return "Y" if mean[1] > 0.5 and mean[1] > abs(mean[2]) + 0.3 else "Z"
