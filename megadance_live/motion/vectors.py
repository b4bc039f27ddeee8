"""Three-vectors and quaternions (x, y, z, w) as tuples of floats.

For the handful of rotations of a leg, plain floats are several times faster than numpy arrays.
"""

import math
from collections.abc import Sequence

Vec = tuple[float, float, float]
Quat = tuple[float, float, float, float]


def as_vec(values: Sequence[float]) -> Vec:
    """Three numbers."""
    return float(values[0]), float(values[1]), float(values[2])


def as_quat(values: Sequence[float]) -> Quat:
    """Four numbers."""
    return float(values[0]), float(values[1]), float(values[2]), float(values[3])


def add(a: Vec, b: Vec) -> Vec:
    return a[0] + b[0], a[1] + b[1], a[2] + b[2]


def sub(a: Vec, b: Vec) -> Vec:
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def scale(a: Vec, s: float) -> Vec:
    return a[0] * s, a[1] * s, a[2] * s


def dot(a: Vec, b: Vec) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Vec, b: Vec) -> Vec:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def length(a: Vec) -> float:
    return math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])


def multiply(a: Quat, b: Quat) -> Quat:
    """The rotation b, then a."""
    ax, ay, az, aw = a
    bx, by, bz, bw = b
    return (
        aw * bx + ax * bw + ay * bz - az * by,
        aw * by - ax * bz + ay * bw + az * bx,
        aw * bz + ax * by - ay * bx + az * bw,
        aw * bw - ax * bx - ay * by - az * bz,
    )


def conjugate(q: Quat) -> Quat:
    return -q[0], -q[1], -q[2], q[3]


def normalise(q: Quat) -> Quat:
    n = math.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
    return q[0] / n, q[1] / n, q[2] / n, q[3] / n


def rotate(q: Quat, v: Vec) -> Vec:
    """v turned by q."""
    x, y, z, w = q
    tx, ty, tz = 2 * (y * v[2] - z * v[1]), 2 * (z * v[0] - x * v[2]), 2 * (x * v[1] - y * v[0])
    return (
        v[0] + w * tx + y * tz - z * ty,
        v[1] + w * ty + z * tx - x * tz,
        v[2] + w * tz + x * ty - y * tx,
    )


def between(a: Vec, b: Vec) -> Quat:
    """The shortest rotation that turns the direction of a into that of b (half-way quaternion); not for opposites."""
    axis = cross(a, b)
    w = math.sqrt(dot(a, a) * dot(b, b)) + dot(a, b)
    if w < 1e-12:
        return 0.0, 0.0, 0.0, 1.0
    return normalise((axis[0], axis[1], axis[2], w))
