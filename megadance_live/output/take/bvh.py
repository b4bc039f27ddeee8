"""BVH: Y up, centimetres, SMPL joint names, rotations in the order Z, X, Y.

The root has no offset and six channels, so that its position is the pelvis in the world. Angles are kept continuous
from frame to frame, because programs that read BVH interpolate them one by one.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.skeleton import JOINT_COUNT, JOINT_NAMES, PARENTS, REST_OFFSETS_M
from megadance_live.output.take.files import atomic
from megadance_live.output.take.proxy_mesh import TIPS_M
from megadance_live.output.take.track import F64, Motion

SUFFIX = ".bvh"
_CM = 100.0
_ROTATION = "Zrotation Xrotation Yrotation"


def euler_zxy(quats: F64) -> F64:
    """Angles (z, x, y) [..., 3], rad, of quaternions [..., 4]: the rotation is Rz Rx Ry. x lies in -pi/2..pi/2."""
    m = quaternion.to_matrix(quats)
    x = np.arcsin(np.clip(m[..., 2, 1], -1.0, 1.0))
    level = np.hypot(m[..., 0, 1], m[..., 1, 1]) > 1e-7
    # With x at a quarter turn only the sum of z and y is defined: all of it goes to z.
    z = np.where(level, np.arctan2(-m[..., 0, 1], m[..., 1, 1]), np.arctan2(m[..., 1, 0], m[..., 0, 0]))
    y = np.where(level, np.arctan2(-m[..., 2, 0], m[..., 2, 2]), 0.0)
    return np.stack([z, x, y], axis=-1)


def from_euler_zxy(angles: F64) -> F64:
    """The inverse of `euler_zxy`."""
    turns = [quaternion.from_axis_angle(angles[..., k, None] * axis) for k, axis in enumerate(np.eye(3)[[2, 0, 1]])]
    return np.asarray(quaternion.multiply(quaternion.multiply(turns[0], turns[1]), turns[2]), np.float64)


def continuous(angles: F64) -> F64:
    """Angles (z, x, y) [n, joints, 3] that turn as little as they can from frame to frame.

    Each rotation has two triples, (z, x, y) and (z + pi, pi - x, y + pi), each up to whole turns.
    """
    turn = 2 * np.pi
    other = np.stack([angles[..., 0] + np.pi, np.pi - angles[..., 1], angles[..., 2] + np.pi], axis=-1)
    out = angles.copy()
    for k in range(1, len(out)):
        both = np.stack([angles[k], other[k]])
        near = both - turn * np.round((both - out[k - 1]) / turn)
        first, second = np.abs(near - out[k - 1]).sum(axis=-1)
        out[k] = np.where((second < first)[:, None], near[1], near[0])
    return out


def _joint(joint: int, depth: int) -> Iterator[str]:
    tab = "\t" * depth
    name = JOINT_NAMES[joint]
    root = PARENTS[joint] < 0
    x, y, z = REST_OFFSETS_M[joint].astype(np.float64) * _CM
    yield f"{tab}{'ROOT' if root else 'JOINT'} {name}"
    yield tab + "{"
    yield f"{tab}\tOFFSET {x:.4f} {y:.4f} {z:.4f}"
    yield f"{tab}\tCHANNELS " + (f"6 Xposition Yposition Zposition {_ROTATION}" if root else f"3 {_ROTATION}")
    for child in (c for c in range(JOINT_COUNT) if PARENTS[c] == joint):
        yield from _joint(child, depth + 1)
    if name in TIPS_M:
        x, y, z = np.array(TIPS_M[name]) * _CM
        yield from (f"{tab}\tEnd Site", tab + "\t{", f"{tab}\t\tOFFSET {x:.4f} {y:.4f} {z:.4f}", tab + "\t}")
    yield tab + "}"


def _depth_first(joint: int = 0) -> list[int]:
    order = [joint]
    for child in range(JOINT_COUNT):
        if PARENTS[child] == joint:
            order += _depth_first(child)
    return order


def _head() -> list[str]:
    """The lines before the motion; the same in every file."""
    return ["HIERARCHY", *_joint(0, 0), "MOTION"]


def write_bvh(path: Path, motion: Motion) -> None:
    """Write the file in one go; raises OSError. The same motion gives the same bytes."""
    angles = np.degrees(continuous(euler_zxy(motion.quats)))[:, _depth_first()]
    values = np.concatenate([motion.root_m * _CM, angles.reshape(len(motion), -1)], axis=1) + 0.0  # no "-0"
    line = " ".join(["%.4f"] * 3 + ["%.5f"] * (3 * JOINT_COUNT)) + "\n"
    with atomic(path) as temporary, temporary.open("w", encoding="ascii", newline="\n") as file:
        file.writelines(text + "\n" for text in _head())
        file.write(f"Frames: {len(motion)}\nFrame Time: {1 / motion.fps:.10f}\n")
        file.writelines(line % tuple(row) for row in values)


def read_bvh(path: Path) -> Motion:
    """The motion that `write_bvh` wrote. Raises whatever a broken file may raise, ValueError for another skeleton."""
    with path.open(encoding="ascii") as file:
        if any(file.readline().rstrip("\n") != line for line in _head()):
            raise ValueError("it has another skeleton")
        count, frame_s = int(file.readline().split()[-1]), float(file.readline().split()[-1])
        values = np.loadtxt(file, ndmin=2, max_rows=count)
    if values.shape != (count, 3 + 3 * JOINT_COUNT):
        raise ValueError("it ends early")
    quats = np.empty((count, JOINT_COUNT, 4))
    quats[:, _depth_first()] = from_euler_zxy(np.radians(values[:, 3:]).reshape(count, JOINT_COUNT, 3))
    return Motion(round(1 / frame_s), values[:, :3] / _CM, quats)
