"""Worlds of others turned so that Y is up."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion

F64 = npt.NDArray[np.float64]
Axis = Literal["X", "Y", "Z", "-X", "-Y", "-Z"]

_HALF = np.sqrt(0.5)
_TO_Y_UP: dict[str, F64] = {
    "Y": np.array([0.0, 0.0, 0.0, 1.0]),
    "Z": np.array([-_HALF, 0.0, 0.0, _HALF]),
    "X": np.array([0.0, 0.0, _HALF, _HALF]),
    "-Y": np.array([0.0, 0.0, 1.0, 0.0]),
    "-Z": np.array([_HALF, 0.0, 0.0, _HALF]),
    "-X": np.array([0.0, 0.0, -_HALF, _HALF]),
}


def to_y_up(up: Axis, root_m: F64, quats: F64) -> tuple[F64, F64]:
    """Pelvis [T, 3] and local quaternions [T, joints, 4] of a world in which `up` is up, in one in which Y is: the
    whole world is turned, so of the rotations only the root's changes."""
    turn = np.broadcast_to(_TO_Y_UP[up], quats[:, 0].shape)
    turned = quats.copy()
    turned[:, 0] = quaternion.multiply(turn, quats[:, 0])
    return np.asarray(quaternion.rotate(_TO_Y_UP[up], root_m), np.float64), turned
