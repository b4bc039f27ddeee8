"""Conversion of poses from SMPL axes to those of the program that draws the avatar.

A change of axes is a signed permutation C, and a rotation R becomes C R C^T. For a quaternion that is det(C) * C
applied to its vector part, with w as it was; so one table of signed axes gives positions and rotations, and a change of
handedness cannot be forgotten. Left and right do not swap names: the axes flip, the anatomy stays.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.errors import DestinationError

Array = npt.NDArray[np.floating[Any]]
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Axes:
    """`source[i]` is the SMPL axis (0 x, 1 y, 2 z) that becomes axis i here, `sign[i]` its sign; lengths are multiplied
    by `units_per_m` (100 where the target counts in centimetres)."""

    name: str
    source: tuple[int, int, int]
    sign: tuple[int, int, int]
    units_per_m: float = 1.0

    @property
    def matrix(self) -> F64:
        """C [3, 3], of which the columns are the SMPL axes."""
        c = np.zeros((3, 3))
        c[np.arange(3), self.source] = self.sign
        return c

    @property
    def handedness(self) -> int:
        """1 when these axes are right-handed like SMPL's, -1 when left-handed."""
        return round(float(np.linalg.det(self.matrix)))

    def position(self, metres: Array) -> Array:
        """Positions [..., 3] of SMPL axes, in this target's axes and unit."""
        scale = np.array(self.sign, metres.dtype) * metres.dtype.type(self.units_per_m)
        return metres[..., list(self.source)] * scale

    def quaternion(self, quats: Array) -> Array:
        """Local or world rotations [..., 4] (x, y, z, w) of SMPL axes, in this target's axes."""
        sign = np.array([*(s * self.handedness for s in self.sign), 1], quats.dtype)
        return quats[..., [*self.source, 3]] * sign


AXES: dict[str, Axes] = {
    axes.name: axes
    for axes in (
        Axes("smpl", (0, 1, 2), (1, 1, 1)),  # also glTF, TouchDesigner and three.js
        Axes("unity", (0, 1, 2), (-1, 1, 1)),  # also VMC
        Axes("unreal_y", (0, 2, 1), (1, 1, 1), 100.0),  # cm, Z up, the character faces +Y
        Axes("unreal_x", (2, 0, 1), (1, -1, 1), 100.0),  # cm, Z up, the character faces +X
        Axes("blender", (0, 2, 1), (1, -1, 1)),  # Z up, faces -Y
        Axes("godot", (0, 1, 2), (-1, 1, -1)),  # faces -Z
    )
}


def axes_named(name: str) -> Axes:
    """Raises DestinationError naming the valid choices."""
    if name not in AXES:
        raise DestinationError(f"axes={name} is not known; choose one of {', '.join(AXES)}.")
    return AXES[name]


def euler_xyz_deg(quats: Array) -> Array:
    """Degrees [..., 3] about x, y and z for rotations [..., 4], in TouchDesigner's default order "xyz": x is applied
    first, then y, then z about the fixed axes of the parent, R = Rz(rz) Ry(ry) Rx(rx). Where ry is at +-90 degrees only
    a sum of rx and rz is determined, and rz is given as 0."""
    m = quaternion.to_matrix(quats.astype(np.float64))
    sin_y = -m[..., 2, 0]
    locked = np.abs(sin_y) > 1 - 1e-9
    rx = np.where(locked, np.arctan2(-m[..., 1, 2], m[..., 1, 1]), np.arctan2(m[..., 2, 1], m[..., 2, 2]))
    ry = np.arcsin(np.clip(sin_y, -1, 1))
    rz = np.where(locked, 0.0, np.arctan2(m[..., 1, 0], m[..., 0, 0]))
    degrees: Array = np.rad2deg(np.stack([rx, ry, rz], axis=-1)).astype(quats.dtype)
    return degrees
