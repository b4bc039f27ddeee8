"""Forward kinematics of the built-in skeleton."""

from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.skeleton import JOINT_COUNT, PARENTS, REST_OFFSETS_M

Array = npt.NDArray[np.floating[Any]]


def forward(root_m: Array, quats: Array, offsets_m: Array = REST_OFFSETS_M) -> tuple[Array, Array]:
    """World positions [..., 24, 3] and world quaternions [..., 24, 4] from the pelvis' position [..., 3] and local
    quaternions [..., 24, 4]."""
    positions: list[Array] = [root_m]
    world: list[Array] = [quats[..., 0, :]]
    for joint in range(1, JOINT_COUNT):
        parent = PARENTS[joint]
        offset = np.broadcast_to(offsets_m[joint].astype(quats.dtype), (*quats.shape[:-2], 3))
        positions.append(positions[parent] + quaternion.rotate(world[parent], offset))
        world.append(quaternion.multiply(world[parent], quats[..., joint, :]))
    return np.stack(positions, axis=-2), np.stack(world, axis=-2)
