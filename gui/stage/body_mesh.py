"""A body that can be drawn: a surface at rest, and how it hangs on the joints."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]

INFLUENCES = 4
"""Joints that move a vertex, at most."""


@dataclass(frozen=True)
class BodyMesh:
    """Rest pose (every rotation the identity), pelvis at the origin, SMPL axes.

    `paint` is linear red, green, blue 0..1, and how much of the accent colour the vertex glows with, 0..1.
    """

    vertices_m: F32  # [n, 3]
    normals: F32  # [n, 3]
    faces: U32  # [m, 3], counter-clockwise from outside
    joints: U32  # [n, 4]
    weights: F32  # [n, 4], each row sums to 1
    paint: F32  # [n, 4]
    offsets_m: F32  # [24, 3] of each joint in its parent's frame

    @property
    def floor_m(self) -> float:
        """Height of the soles at rest, so below the pelvis."""
        return float(self.vertices_m[:, 1].min())


def smooth_normals(vertices_m: F32, faces: U32) -> F32:
    """[n, 3] unit normals, the mean of those of the faces around, weighted by their areas."""
    corners = vertices_m[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    spread = np.repeat(across, 3, axis=0)
    flat = faces.reshape(-1)
    sums = np.stack([np.bincount(flat, spread[:, axis], len(vertices_m)) for axis in range(3)], axis=1)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    unit: F32 = np.where(lengths < 1e-12, [[0.0, 1.0, 0.0]], sums / np.maximum(lengths, 1e-12)).astype(np.float32)
    return unit


def strongest(weights: npt.NDArray[np.floating]) -> tuple[U32, F32]:
    """The INFLUENCES strongest joints of each vertex, [n, 4], and their weights [n, 4], which sum to 1; from the weight
    [n, 24] of every joint."""
    order = np.argsort(-weights, axis=1, kind="stable")[:, :INFLUENCES]
    best = np.take_along_axis(weights, order, axis=1)
    total = best.sum(axis=1, keepdims=True)
    shares = np.where(total < 1e-9, np.array([[1.0, 0.0, 0.0, 0.0]]), best / np.maximum(total, 1e-9))
    return order.astype(np.uint32), shares.astype(np.float32)
