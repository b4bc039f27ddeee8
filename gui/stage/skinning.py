"""A pose as what moves a mesh: one affine matrix for each joint."""

from dataclasses import dataclass

import numpy as np

from gui.stage.body_mesh import F32, BodyMesh
from megadance_live.core import quaternion
from megadance_live.core.skeleton import (
    ANKLE_FLOOR_M,
    JOINT_COUNT,
    LEFT_ANKLE,
    LEFT_FOOT,
    PARENTS,
    REST_OFFSETS_M,
    RIGHT_ANKLE,
    RIGHT_FOOT,
    TOE_FLOOR_M,
)

_FEET = np.array([LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT])
_USUAL_SOLES_M = np.array([ANKLE_FLOOR_M, TOE_FLOOR_M, ANKLE_FLOOR_M, TOE_FLOOR_M], np.float32)
"""Height of those joints above the floor, the foot flat."""


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
    """The joints of one body. Poses are those of the built-in skeleton; a body with other legs is lifted or lowered so
    that its soles are as high above the floor as those of the built-in one."""

    def __init__(self, offsets_m: F32, floor_m: float) -> None:
        """`offsets_m` [24, 3] of each joint in its parent's frame; `floor_m` is the height of the soles at rest, the
        pelvis at zero."""
        self._offsets_m = offsets_m
        self._rest_m = _rest(offsets_m)
        self._soles_m = self._rest_m[_FEET, 1] - floor_m
        self._same_legs = np.array_equal(offsets_m, REST_OFFSETS_M)

    def pose(self, root_m: F32, quats: F32) -> Posed:
        """From the pelvis in the world [3] and local quaternions [24, 4]."""
        local = quaternion.to_matrix(quats).astype(np.float32)
        turns, places = _chain(local, self._offsets_m)
        usual = places if self._same_legs else _chain(local, REST_OFFSETS_M)[1]
        usual_sole_m = (usual[_FEET, 1] - _USUAL_SOLES_M * turns[_FEET, 1, 1]).min()
        sole_m = (places[_FEET, 1] - self._soles_m * turns[_FEET, 1, 1]).min()
        places += root_m
        places[:, 1] += usual_sole_m - sole_m
        bones = np.empty((JOINT_COUNT, 3, 4), np.float32)
        bones[..., :3] = turns
        bones[..., 3] = places - (turns @ self._rest_m[..., None])[..., 0]
        return Posed(bones, places)


def _chain(local: F32, offsets_m: F32) -> tuple[F32, F32]:
    """Rotations [24, 3, 3] and places [24, 3] of the joints in the frame of a pelvis at the origin."""
    turns = local.copy()
    places = np.zeros((JOINT_COUNT, 3), np.float32)
    for members, parents in _LEVELS:
        above = turns[parents]
        places[members] = places[parents] + (above @ offsets_m[members][..., None])[..., 0]
        turns[members] = above @ turns[members]
    return turns, places


def _rest(offsets_m: F32) -> F32:
    """[24, 3] joints at rest, the pelvis at the origin."""
    return _chain(np.tile(np.eye(3, dtype=np.float32), (JOINT_COUNT, 1, 1)), offsets_m)[1]


def skin(mesh: BodyMesh, posed: Posed) -> F32:
    """Vertices [n, 3] in the world, as the graphics card works them out."""
    blended = np.einsum("nk,nkij->nij", mesh.weights, posed.bones[mesh.joints])
    placed: F32 = np.einsum("nij,nj->ni", blended[..., :3], mesh.vertices_m) + blended[..., 3]
    return placed
