"""A figure of plain bones, one spindle from each joint to the next, for formats that need a mesh with a skeleton."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core.skeleton import JOINT_COUNT, JOINT_NAMES, PARENTS, REST_OFFSETS_M, STANDING_PELVIS_M
from megadance_live.output.take.track import F64

TIPS_M: dict[str, tuple[float, float, float]] = {
    "left_foot": (0.0, 0.0, 0.07),
    "right_foot": (0.0, 0.0, 0.07),
    "head": (0.0, 0.15, 0.0),
    "left_hand": (0.08, 0.0, 0.0),
    "right_hand": (-0.08, 0.0, 0.0),
}
"""How far the outermost bones reach, from their joint; only drawing depends on it."""
_WIDEST_AT, _WIDTH = 0.2, 0.12
"""A spindle is widest a fifth of the way along, by this part of its length to each side."""


@dataclass(frozen=True)
class BoneMesh:
    """Triangles, three vertices each, none shared; each vertex moves with one joint."""

    vertices_m: F64  # [n, 3] at rest, standing
    normals: F64  # [n, 3]
    joints: npt.NDArray[np.int64]  # [n]


def rest_joints_m() -> F64:
    """[24, 3] the T-pose on its feet."""
    joints = np.zeros((JOINT_COUNT, 3))
    joints[0, 1] = STANDING_PELVIS_M
    for joint in range(1, JOINT_COUNT):
        joints[joint] = joints[PARENTS[joint]] + REST_OFFSETS_M[joint]
    return joints


def bone_mesh() -> BoneMesh:
    """The whole figure."""
    rest = rest_joints_m()
    ends = [(PARENTS[joint], rest[joint]) for joint in range(1, JOINT_COUNT)]
    ends += [(joint, rest[joint] + TIPS_M[name]) for joint, name in enumerate(JOINT_NAMES) if name in TIPS_M]
    triangles = np.stack([_spindle(rest[joint], end) for joint, end in ends])  # [bones, 8, 3, 3]
    normals = np.cross(triangles[:, :, 1] - triangles[:, :, 0], triangles[:, :, 2] - triangles[:, :, 0])
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return BoneMesh(
        vertices_m=triangles.reshape(-1, 3),
        normals=np.repeat(normals.reshape(-1, 3), 3, axis=0),
        joints=np.repeat([joint for joint, _ in ends], triangles.shape[1] * 3),
    )


def _spindle(start: F64, end: F64) -> F64:
    """[8, 3, 3] the triangles of an octahedron drawn out from `start` to `end`, seen from outside anticlockwise."""
    along = end - start
    aside = np.cross(along, np.eye(3)[np.argmin(np.abs(along))])
    aside *= _WIDTH * np.linalg.norm(along) / np.linalg.norm(aside)
    across = np.cross(along, aside) / np.linalg.norm(along)
    middle = start + _WIDEST_AT * along
    ring = [middle + aside, middle + across, middle - aside, middle - across]
    pairs = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    return np.array([[end, a, b] for a, b in pairs] + [[start, b, a] for a, b in pairs])
