"""Joint limits: swing and twist of each joint, softly held within what bodies do.

Each rotation is split into a twist about the bone (the Y axis of SMPL's joints; X along the arms) and a swing across
it, and the three angles (swing, twist, swing) are clamped one by one. The ranges hold 99 % or more of each joint's
angles in real dance (AIST++ and CMU); beyond a limit an angle is compressed into SOFT_RAD more, with slope one at the
limit, so that there is no pop.
"""

import numpy as np

from megadance_live.core.skeleton import JOINT_COUNT, JOINT_NAMES
from megadance_live.motion.local_frame import F64
from megadance_live.motion.rotations import multiply

SOFT_RAD = 0.2

Range = tuple[float, float]

# Angles about (X, twist Y, Z); for the joints of the arm about (Z, twist X, Y). Rad, the left side. The middle is
# its own mirror. A knee bends about +X, a left elbow about -Y; both leave some room for how mocap splits a limb's turn.
_LEFT: dict[str, tuple[Range, Range, Range]] = {
    "left_hip": ((-2.2, 0.8), (-1.2, 1.2), (-0.9, 1.3)),
    "left_knee": ((-0.3, 2.5), (-0.6, 0.6), (-1.4, 0.7)),
    "left_ankle": ((-1.3, 0.8), (-0.8, 0.8), (-0.8, 0.5)),
    "left_foot": ((-1.0, 0.6), (-0.3, 0.3), (-0.3, 0.3)),
    "left_collar": ((-0.9, 0.9), (-0.6, 0.6), (-1.0, 1.0)),
    "left_shoulder": ((-1.9, 1.4), (-2.1, 2.1), (-1.9, 1.3)),
    "left_elbow": ((-1.8, 2.0), (-0.6, 0.6), (-2.4, 0.5)),
    "left_wrist": ((-1.5, 1.5), (-1.8, 1.8), (-1.5, 1.5)),
    "left_hand": ((-0.8, 0.8), (-0.8, 0.8), (-0.8, 0.8)),
    "spine1": ((-0.7, 1.0), (-0.4, 0.4), (-0.7, 0.7)),
    "spine2": ((-0.5, 0.6), (-0.4, 0.4), (-0.4, 0.4)),
    "spine3": ((-0.5, 0.5), (-0.4, 0.4), (-0.4, 0.4)),
    "neck": ((-0.8, 1.0), (-1.2, 1.2), (-0.8, 0.8)),
    "head": ((-0.8, 1.2), (-0.8, 0.8), (-0.7, 0.7)),
}
_ARM = ("collar", "shoulder", "elbow", "wrist", "hand")


def _tables() -> tuple[F64, F64, np.ndarray[tuple[int, ...], np.dtype[np.intp]]]:
    """Lower and upper limits [3, 24], and where in a pose [24, 4] the components stand for (swing, twist, swing, w),
    [4, 24]. With joints last each line of arithmetic goes over numbers that lie side by side."""
    low, high = np.full((JOINT_COUNT, 3), -np.inf), np.full((JOINT_COUNT, 3), np.inf)
    order = np.tile(np.arange(4), (JOINT_COUNT, 1))
    for joint, name in enumerate(JOINT_NAMES):
        arm = name.endswith(_ARM)
        if arm:
            order[joint] = (2, 0, 1, 3)
        ranges = _LEFT.get(name.replace("right_", "left_"))
        if ranges is None:
            continue
        for axis, (lower, upper) in enumerate(ranges):
            # In a mirror, turns about Y and Z change their sign.
            turned = name.startswith("right_") and (axis != 1 if arm else axis != 0)
            low[joint, axis], high[joint, axis] = (-upper, -lower) if turned else (lower, upper)
    return low.T.copy(), high.T.copy(), (order + 4 * np.arange(JOINT_COUNT)[:, None]).T.copy()


_LOW, _HIGH, _ORDER = _tables()


def limited(quats: F64) -> F64:
    """[24, 4] within the limits. Joints that are within them come back bit for bit; the pelvis is free."""
    turned = quats.take(_ORDER)
    angles = _to_angles(np.where(turned[3] < 0, -turned, turned))
    beyond = (angles > _HIGH) | (angles < _LOW)
    if not beyond.any():
        return quats
    outside = beyond.any(axis=0)
    angles, low, high = angles[:, outside], _LOW[:, outside], _HIGH[:, outside]
    held = np.where(angles > high, high + _soft(angles - high), angles)
    held = np.where(angles < low, low - _soft(low - angles), held)
    result = quats.copy()
    result.put(_ORDER[:, outside], _from_angles(held).T)
    return result


def _soft(beyond: F64) -> F64:
    return SOFT_RAD * (1.0 - np.exp(-np.maximum(beyond, 0.0) / SOFT_RAD))


def _to_angles(q: F64) -> F64:
    """[3, n] of q [4, n]: swing about the first axis, twist about the second, swing about the third, where
    q = swing * twist."""
    x, y, z, w = q
    size = np.maximum(np.sqrt(y * y + w * w), 1e-9)
    # swing = q * conjugate(twist), whose second component is zero
    sx, sz = (x * w + z * y) / size, (z * w - x * y) / size
    sine = np.sqrt(sx * sx + sz * sz)
    scale = np.where(sine < 1e-9, 2.0, 2.0 * np.arctan2(sine, size) / np.maximum(sine, 1e-9))
    return np.array([sx * scale, 2.0 * np.arctan2(y, w), sz * scale])


def _from_angles(angles: F64) -> F64:
    """[n, 4] of angles [3, n]."""
    x, y, z = angles
    swing = np.sqrt(x * x + z * z)
    scale = 0.5 * np.sinc(swing / (2.0 * np.pi))
    zero = np.zeros_like(swing)
    across = np.stack([x * scale, zero, z * scale, np.cos(swing / 2.0)], axis=1)
    along = np.stack([zero, np.sin(y / 2.0), zero, np.cos(y / 2.0)], axis=1)
    return multiply(across, along)
