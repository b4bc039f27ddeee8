"""Y up to Z up and back: a quarter turn about X, (x, y, z) becomes (x, -z, y)."""

import numpy as np

from megadance_live.core import quaternion
from megadance_live.output.take.track import F64

Z_UP = np.array([np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5)])
Y_UP = np.array([-np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5)])


def to_z_up(root_m: F64, quats: F64) -> tuple[F64, F64]:
    """Pelvis [n, 3] and local quaternions [n, joints, 4] of a body that stands along Y, so that it stands along Z."""
    x, y, z = root_m.T
    return np.stack([x, -z, y], axis=-1), _turned(Z_UP, quats)


def to_y_up(root_m: F64, quats: F64) -> tuple[F64, F64]:
    """The inverse of `to_z_up`."""
    x, y, z = root_m.T
    return np.stack([x, z, -y], axis=-1), _turned(Y_UP, quats)


def _turned(turn: F64, quats: F64) -> F64:
    """The whole body turned: only the root's rotation changes."""
    turned = quats.copy()
    turned[:, 0] = quaternion.multiply(np.broadcast_to(turn, quats[:, 0].shape), quats[:, 0])
    return turned
