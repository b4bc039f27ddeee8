"""Rotations, numpy, vectorised over leading axes.

Glossary: Q quaternion [..., 4] x, y, z, w; A axis-angle [..., 3], rad; M matrix [..., 3, 3]; D six numbers [..., 6],
the first two columns of M (Zhou et al., CVPR 2019, section 4). All functions keep the dtype of their input.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.floating[Any]]


def identity(*shape: int, dtype: npt.DTypeLike = np.float32) -> npt.NDArray[Any]:
    """Identity quaternions [*shape, 4]."""
    q = np.zeros((*shape, 4), dtype)
    q[..., 3] = 1
    return q


def normalise(q: Array) -> Array:
    """Unit length; a quaternion of length zero becomes the identity."""
    n = _length(q)
    none = n < 1e-12
    if not none.any():
        scaled: Array = q / n
        return scaled
    unit: Array = np.where(none, identity(dtype=q.dtype), q / np.where(none, 1, n)).astype(q.dtype)
    return unit


def _length(v: Array) -> Array:
    """[..., 1]"""
    length: Array = np.sqrt(np.einsum("...i,...i->...", v, v))[..., None]
    return length


def multiply(a: Array, b: Array) -> Array:
    """The rotation b, then a."""
    ax, ay, az, aw = np.moveaxis(a, -1, 0)
    bx, by, bz, bw = np.moveaxis(b, -1, 0)
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ],
        axis=-1,
    )


def conjugate(q: Array) -> Array:
    """The inverse of a unit quaternion."""
    return q * np.array([-1, -1, -1, 1], q.dtype)


def rotate(q: Array, v: Array) -> Array:
    """Vectors [..., 3] turned by q."""
    u, w = q[..., :3], q[..., 3:]
    t = 2 * np.cross(u, v)
    turned: Array = v + w * t + np.cross(u, t)
    return turned


def from_axis_angle(a: Array) -> Array:
    """Q from A."""
    angle = np.linalg.norm(a, axis=-1, keepdims=True)
    half = angle / 2
    # sin(x/2)/x, with its series near zero
    small = angle < 1e-4
    scale = np.where(small, 0.5 - angle**2 / 48, np.sin(half) / np.where(small, 1, angle))
    q: Array = np.concatenate([a * scale, np.cos(half)], axis=-1).astype(a.dtype)
    return q


def to_axis_angle(q: Array) -> Array:
    """Angle in 0..pi."""
    q = np.where(q[..., 3:] < 0, -q, q)
    s = np.linalg.norm(q[..., :3], axis=-1, keepdims=True)
    angle = 2 * np.arctan2(s, q[..., 3:])
    small = s < 1e-6
    a: Array = (q[..., :3] * np.where(small, 2.0, angle / np.where(small, 1, s))).astype(q.dtype)
    return a


def to_matrix(q: Array) -> Array:
    """M from Q, which must be of unit length."""
    x, y, z, w = np.moveaxis(q, -1, 0)
    rows = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    return np.stack([np.stack(r, axis=-1) for r in rows], axis=-2)


def _row_table() -> npt.NDArray[np.float64]:
    """[9, 16]: which entries of a matrix, with which sign, make its quaternion times four times each of its components
    in turn; the ones on the diagonal come on top."""
    table = np.zeros((3, 3, 4, 4))
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        table[i, i] = np.diag([1 if c in (i, 3) else -1 for c in range(4)])
        for a, b in ((i, j), (j, i)):
            table[i, j, a, b] = table[j, i, a, b] = 1
        for a, b in ((k, 3), (3, k)):
            table[i, j, a, b], table[j, i, a, b] = -1, 1
    return table.reshape(9, 16)


_ROWS = _row_table()
_DIAGONAL = np.eye(4).reshape(16)


def from_matrix(m: Array) -> Array:
    """Through the largest of the four candidate components, so that no angle is singular."""
    rows = (m.reshape(-1, 9) @ _ROWS.astype(m.dtype) + _DIAGONAL.astype(m.dtype)).reshape(-1, 4, 4)
    best = np.argmax(np.einsum("nii->ni", rows), axis=1)
    return normalise(rows[np.arange(len(rows)), best].reshape(*m.shape[:-2], 4))


def to_sixd(q: Array) -> Array:
    """D from Q."""
    m = to_matrix(q)
    return np.concatenate([m[..., :, 0], m[..., :, 1]], axis=-1)


def from_sixd(d: Array) -> Array:
    """Gram-Schmidt on the two columns (Zhou et al., CVPR 2019, equation 15)."""
    a, b = d[..., :3], d[..., 3:]
    x = a / np.maximum(_length(a), 1e-8)
    y = b - np.einsum("...i,...i->...", x, b)[..., None] * x
    y = y / np.maximum(_length(y), 1e-8)
    m = np.empty((*d.shape[:-1], 3, 3), d.dtype)
    m[..., 0], m[..., 1] = x, y
    m[..., 0, 2] = x[..., 1] * y[..., 2] - x[..., 2] * y[..., 1]
    m[..., 1, 2] = x[..., 2] * y[..., 0] - x[..., 0] * y[..., 2]
    m[..., 2, 2] = x[..., 0] * y[..., 1] - x[..., 1] * y[..., 0]
    return from_matrix(m)


def slerp(a: Array, b: Array, t: Array | float) -> Array:
    """From a (t = 0) to b (t = 1) on the shorter arc; t broadcasts against the leading axes."""
    t = np.asarray(t, a.dtype)[..., None]
    dot = np.sum(a * b, axis=-1, keepdims=True)
    b = np.where(dot < 0, -b, b)
    dot = np.clip(np.abs(dot), 0, 1)
    theta = np.arccos(dot)
    sin = np.sin(theta)
    near = sin < 1e-5
    safe = np.where(near, 1, sin)
    wa = np.where(near, 1 - t, np.sin((1 - t) * theta) / safe)
    wb = np.where(near, t, np.sin(t * theta) / safe)
    return normalise((wa * a + wb * b).astype(a.dtype))


def yaw(q: Array) -> Array:
    """Heading, rad: the angle about Y of the twist in the swing-twist decomposition; [...]."""
    angle: Array = 2 * np.arctan2(q[..., 1], q[..., 3])
    wrapped: Array = (np.mod(angle + np.pi, 2 * np.pi) - np.pi).astype(q.dtype)
    return wrapped


def from_yaw(angle: Array) -> Array:
    """Q [..., 4] that turns by an angle [...], rad, about Y."""
    half = np.asarray(angle) / 2
    zero = np.zeros_like(half)
    return np.stack([zero, np.sin(half), zero, np.cos(half)], axis=-1)
