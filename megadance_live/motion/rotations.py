"""Quaternion arithmetic for one pose: float64 [24, 4] arrays, x, y, z, w, in few numpy calls.

core/quaternion.py is general; this runs thirty times a second beside a network, where the number of calls counts.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.skeleton import JOINT_COUNT, PARENTS, REST_OFFSETS_M

F64 = npt.NDArray[np.float64]


def _product_table() -> F64:
    """[16, 4]: which products of the components of a and b, with which sign, make each component of a * b."""
    table = np.zeros((4, 4, 4))
    for a, b, out, sign in [
        (3, 0, 0, 1), (0, 3, 0, 1), (1, 2, 0, 1), (2, 1, 0, -1),
        (3, 1, 1, 1), (0, 2, 1, -1), (1, 3, 1, 1), (2, 0, 1, 1),
        (3, 2, 2, 1), (0, 1, 2, 1), (1, 0, 2, -1), (2, 3, 2, 1),
        (3, 3, 3, 1), (0, 0, 3, -1), (1, 1, 3, -1), (2, 2, 3, -1),
    ]:  # fmt: skip
        table[a, b, out] = sign
    return table.reshape(16, 4)


def _matrix_table() -> F64:
    """[16, 9]: which products of the components of q, and how often, make how its matrix differs from no turn."""
    table = np.zeros((4, 4, 3, 3))
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        table[j, j, i, i] = table[k, k, i, i] = -2
        table[i, j, i, j] = table[i, j, j, i] = 2
        table[k, 3, i, j], table[k, 3, j, i] = -2, 2
    return table.reshape(16, 9)


_PRODUCTS = _product_table()
_MATRICES = _matrix_table()
_UNTURNED = np.eye(3).reshape(9)
_CONJUGATE = np.array([-1.0, -1.0, -1.0, 1.0])


def multiply(a: F64, b: F64) -> F64:
    """The rotations b, then a; both [n, 4]."""
    product: F64 = (a[:, :, None] * b[:, None, :]).reshape(-1, 16) @ _PRODUCTS
    return product


def conjugate(q: F64) -> F64:
    """The inverse of unit quaternions."""
    inverse: F64 = q * _CONJUGATE
    return inverse


def normalise(q: F64) -> F64:
    """Unit length; the length must not be zero."""
    unit: F64 = q / np.sqrt(np.einsum("ij,ij->i", q, q))[:, None]
    return unit


def exp(vector: F64) -> F64:
    """Rotation vectors [n, 3], rad, to quaternions [n, 4]."""
    angle = np.sqrt(np.einsum("ij,ij->i", vector, vector))
    q = np.empty((len(vector), 4))
    # np.sinc(x) is sin(pi x) / (pi x), and is right at zero
    q[:, :3] = vector * (0.5 * np.sinc(angle / (2 * np.pi)))[:, None]
    q[:, 3] = np.cos(angle / 2)
    return q


def log(q: F64) -> F64:
    """Quaternions [n, 4] to rotation vectors [n, 3]; length 0..2 pi, so that the sign of q chooses the way round."""
    sine = np.sqrt(np.einsum("ij,ij->i", q[:, :3], q[:, :3]))
    angle = 2 * np.arctan2(sine, q[:, 3])
    scale = np.where(sine < 1e-9, 2.0, angle / np.maximum(sine, 1e-9))
    vector: F64 = q[:, :3] * scale[:, None]
    return vector


def shorter(q: F64) -> F64:
    """The same rotations with w >= 0: the way round that is at most pi."""
    return np.where(q[:, 3:] < 0, -q, q)


def toward(q: F64, other: F64) -> F64:
    """The same rotations q, each with the sign that lies nearer to `other`."""
    return np.where(np.einsum("ij,ij->i", q, other)[:, None] < 0, -q, q)


def nlerp(a: F64, b: F64, share: float) -> F64:
    """From a (0) to b (1) on the shorter arc, normalised: as good as slerp for neighbouring rotations, and cheap."""
    return normalise(a + share * (toward(b, a) - a))


def _levels() -> list[tuple[slice, npt.NDArray[np.intp]]]:
    """The joints of each depth below the pelvis, which follow on from each other, and their parents."""
    levels = []
    first = 1
    while first < JOINT_COUNT:
        last = next((joint for joint in range(first, JOINT_COUNT) if PARENTS[joint] >= first), JOINT_COUNT)
        levels.append((slice(first, last), np.array(PARENTS[first:last])))
        first = last
    return levels


_LEVELS = _levels()
_OFFSETS = REST_OFFSETS_M.astype(np.float64)
_BONES = np.array([max(parent, 0) for parent in PARENTS])
"""The joint that turns the bone to each joint; nothing turns the pelvis' offset, which is not counted."""


def _paths() -> F64:
    """[24, 24]: 1 for every bone that leads from the pelvis to a joint."""
    paths = np.zeros((JOINT_COUNT, JOINT_COUNT))
    for joint in range(1, JOINT_COUNT):
        paths[joint] = paths[PARENTS[joint]]
        paths[joint, joint] = 1.0
    return paths


_PATHS = _paths()


def to_matrices(q: npt.NDArray[np.floating[Any]]) -> F64:
    """[n, 3, 3]."""
    q = q.astype(np.float64)
    turned: F64 = (q[:, :, None] * q[:, None, :]).reshape(-1, 16) @ _MATRICES + _UNTURNED
    return turned.reshape(-1, 3, 3)


def skeleton(quats: npt.NDArray[np.floating[Any]]) -> tuple[F64, F64]:
    """Joint positions [24, 3] with the pelvis at the origin, and world rotations [24, 3, 3], of one pose."""
    world = to_matrices(quats)
    for joints, parents in _LEVELS:
        world[joints] = world.take(parents, axis=0) @ world[joints]
    bones = np.einsum("nij,nj->ni", world.take(_BONES, axis=0), _OFFSETS)
    return _PATHS @ bones, world
