"""AMASS, SMPL+H: an npz in AMASS's own axes, Z up.

Keys after https://amass.is.tue.mpg.de and its readers: `poses` holds root 0:3, body 3:66 (SMPL joints 1 to 21) and
hands 66:156, all axis-angle. The body model adds its rest pelvis J0 after turning about it, so that turning the world
by M (Y up to Z up) turns trans to M (J0 + trans) - J0, which is M root_m - J0 as our root is the pelvis itself.
Hands are flat; SMPL's joints 22 and 23 have no counterpart, and only their rotation is dropped: their place follows
from the wrist.
"""

from pathlib import Path

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.skeleton import JOINT_COUNT, REST_PELVIS_M
from megadance_live.output.take.files import atomic
from megadance_live.output.take.track import F64, Motion
from megadance_live.output.take.up_axis import to_y_up, to_z_up

SUFFIX = ".npz"
BODY_JOINTS = 22
POSE_SIZE = 156
BETA_COUNT = 16
DMPL_COUNT = 8


def to_amass(motion: Motion) -> tuple[F64, F64]:
    """`poses` [n, 156] and `trans` [n, 3], metres, Z up."""
    root_m, quats = to_z_up(motion.root_m, motion.quats[:, :BODY_JOINTS])
    poses = np.zeros((len(motion), POSE_SIZE))
    poses[:, : 3 * BODY_JOINTS] = quaternion.to_axis_angle(quats).reshape(len(motion), -1)
    return poses, root_m - REST_PELVIS_M.astype(np.float64)


def write_amass(path: Path, motion: Motion) -> None:
    """Write the npz in one go; raises OSError. The same motion gives the same bytes."""
    poses, trans = to_amass(motion)
    rate = np.array(float(motion.fps))
    with atomic(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(
            file,
            poses=poses,
            trans=trans,
            betas=np.zeros(BETA_COUNT),
            gender=np.array("neutral"),
            dmpls=np.zeros((len(motion), DMPL_COUNT)),
            mocap_framerate=rate,  # the name in AMASS's SMPL+H files
            mocap_frame_rate=rate,  # the name that many readers ask for
        )


def read_amass(path: Path) -> Motion:
    """The motion that `write_amass` wrote, but for the rotations of the hands. Raises whatever a broken file may
    raise."""
    with path.open("rb") as file, np.load(file) as arrays:  # no pickled objects
        poses, trans, fps = arrays["poses"], arrays["trans"], float(arrays["mocap_frame_rate"])
    quats = quaternion.identity(len(poses), JOINT_COUNT, dtype=np.float64)
    quats[:, :BODY_JOINTS] = quaternion.from_axis_angle(poses[:, : 3 * BODY_JOINTS].reshape(-1, BODY_JOINTS, 3))
    return Motion(round(fps), *to_y_up(trans + REST_PELVIS_M.astype(np.float64), quats))
