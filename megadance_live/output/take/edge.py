"""EDGE's pickle: Z up, at 30 frames per second by convention, with the places of the joints beside the angles.

After the paper's own code (Tseng et al., CVPR 2023, https://github.com/Stanford-TML/EDGE): its skeleton puts the pelvis
at `smpl_trans` itself, without the rest place that a body model adds, so that `full_pose[:, 0]` is `smpl_trans`.
"""

from pathlib import Path

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import JOINT_COUNT
from megadance_live.output.take.plain_pickle import Arrays, read_arrays, write_arrays
from megadance_live.output.take.track import Motion
from megadance_live.output.take.up_axis import to_y_up, to_z_up

SUFFIX = ".edge.pkl"
FPS = 30


def to_edge(motion: Motion) -> Arrays:
    """`smpl_poses` [n, 72] axis-angle, `smpl_trans` [n, 3] and `full_pose` [n, 24, 3] metres; all float32."""
    root_m, quats = to_z_up(motion.root_m, motion.quats)
    joints_m, _ = forward(root_m, quats)
    return {
        "smpl_poses": quaternion.to_axis_angle(quats).reshape(len(motion), 3 * JOINT_COUNT).astype(np.float32),
        "smpl_trans": root_m.astype(np.float32),
        "full_pose": joints_m.astype(np.float32),
    }


def write_edge(path: Path, motion: Motion) -> None:
    """Write the pickle in one go; raises OSError. The same motion gives the same bytes."""
    write_arrays(path, to_edge(motion))


def read_edge(path: Path) -> Motion:
    """The motion that `write_edge` wrote. Raises whatever a broken file may raise."""
    arrays = read_arrays(path)
    poses = arrays["smpl_poses"].astype(np.float64).reshape(-1, JOINT_COUNT, 3)
    trans = arrays["smpl_trans"].astype(np.float64)
    return Motion(FPS, *to_y_up(trans, np.asarray(quaternion.from_axis_angle(poses), np.float64)))
