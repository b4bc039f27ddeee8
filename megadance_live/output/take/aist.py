"""AIST++: a pickled dict of three arrays, Y up, at 60 frames per second by convention.

`smpl_trans` is in the scaled units of `smpl_scaling`; the scaling is 1, so it is in metres, and it is the body model's
translation, which is the pelvis less its rest place.
"""

from pathlib import Path

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.skeleton import JOINT_COUNT, REST_PELVIS_M
from megadance_live.output.take.plain_pickle import Arrays, read_arrays, write_arrays
from megadance_live.output.take.track import Motion

SUFFIX = ".pkl"
FPS = 60


def to_aist(motion: Motion) -> Arrays:
    """`smpl_poses` [n, 72] axis-angle, `smpl_scaling` [1], `smpl_trans` [n, 3] metres; all float32, as published."""
    return {
        "smpl_poses": quaternion.to_axis_angle(motion.quats).reshape(len(motion), 72).astype(np.float32),
        "smpl_scaling": np.ones(1, np.float32),
        "smpl_trans": (motion.root_m - REST_PELVIS_M).astype(np.float32),
    }


def write_aist(path: Path, motion: Motion) -> None:
    """Write the pickle in one go; raises OSError. The same motion gives the same bytes."""
    write_arrays(path, to_aist(motion))


def read_aist(path: Path) -> Motion:
    """The motion that `write_aist` wrote. Raises whatever a broken file may raise."""
    arrays = read_arrays(path)
    poses = arrays["smpl_poses"].astype(np.float64).reshape(-1, JOINT_COUNT, 3)
    trans = arrays["smpl_trans"].astype(np.float64) / arrays["smpl_scaling"]
    return Motion(FPS, trans + REST_PELVIS_M, np.asarray(quaternion.from_axis_angle(poses), np.float64))
