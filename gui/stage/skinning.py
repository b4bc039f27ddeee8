"""A pose as what moves a mesh: one affine matrix for each joint."""

from dataclasses import dataclass

import numpy as np

from gui.stage.body_mesh import F32, BodyMesh
from megadance_live.core import quaternion
from megadance_live.core.skeleton import JOINT_COUNT, PARENTS


def _levels() -> tuple[tuple[np.ndarray, np.ndarray], ...]:
    """Joints that are equally far from the pelvis, with their parents: each level is turned at once."""
    depth = [0] * JOINT_COUNT
    for joint in range(1, JOINT_COUNT):
        depth[joint] = depth[PARENTS[joint]] + 1
    return tuple(
        (np.array(members), np.array([PARENTS[joint] for joint in members]))
        for level in range(1, max(depth) + 1)
        if (members := [joint for joint in range(JOINT_COUNT) if depth[joint] == level])
    )


_LEVELS = _levels()


@dataclass(frozen=True)
class Posed:
    """`bones` [24, 3, 4] carry a point of the rest pose to its place in the world; `joints_m` [24, 3] are the joints
    there."""

    bones: F32
    joints_m: F32


class Rig:
    """The joints of one body."""

    def __init__(self, offsets_m: F32, lift_m: float = 0.0) -> None:
        """`offsets_m` [24, 3] of each joint in its parent's frame; `lift_m` is added to the pelvis' height."""
        self._offsets_m = offsets_m
        self._lift_m = np.array([0, lift_m, 0], np.float32)
        self._rest_m = np.zeros((JOINT_COUNT, 3), np.float32)
        for members, parents in _LEVELS:
            self._rest_m[members] = self._rest_m[parents] + offsets_m[members]

    def pose(self, root_m: F32, quats: F32) -> Posed:
        """From the pelvis in the world [3] and local quaternions [24, 4]."""
        turns = quaternion.to_matrix(quats).astype(np.float32)
        places = np.empty((JOINT_COUNT, 3), np.float32)
        places[0] = root_m + self._lift_m
        for members, parents in _LEVELS:
            above = turns[parents]
            places[members] = places[parents] + (above @ self._offsets_m[members][..., None])[..., 0]
            turns[members] = above @ turns[members]
        bones = np.empty((JOINT_COUNT, 3, 4), np.float32)
        bones[..., :3] = turns
        bones[..., 3] = places - (turns @ self._rest_m[..., None])[..., 0]
        return Posed(bones, places)


def skin(mesh: BodyMesh, posed: Posed) -> F32:
    """Vertices [n, 3] in the world, as the graphics card works them out."""
    blended = np.einsum("nk,nkij->nij", mesh.weights, posed.bones[mesh.joints])
    placed: F32 = np.einsum("nij,nj->ni", blended[..., :3], mesh.vertices_m) + blended[..., 3]
    return placed
