"""The gate: whatever a model says, what passes is finite, of unit length and humanly possible."""

import math

import numpy as np

from megadance_live.core.motion import RawMotion
from megadance_live.core.skeleton import JOINT_COUNT, STANDING_PELVIS_M
from megadance_live.motion.local_frame import F64, LocalFrame

MAX_HEIGHT_M = 2.2
MAX_SPEED_M = 0.25
"""Per frame: 7.5 m/s, faster than a leap."""
MAX_TURN_RAD = 3.2
"""Per frame: a pelvis that goes over its back changes its heading by half a turn at once."""


def standing() -> LocalFrame:
    """The rest pose: what is shown while a model has not said anything sane."""
    quats = np.zeros((JOINT_COUNT, 4))
    quats[:, 3] = 1.0
    return LocalFrame(quats, np.array([STANDING_PELVIS_M, 0.0, 0.0, 0.0]), np.ones(4))


def sane(raw: RawMotion, last: LocalFrame) -> tuple[LocalFrame, bool]:
    """The one frame of `raw`, with what is broken replaced from the `last` good frame; and whether a pose was broken.

    Rotations that are not finite or far from unit length and heights that are not finite keep their last good value;
    motions and contacts that are not finite become zero, and motions are clipped to what a body can do.
    """
    if len(raw) != 1:
        raise ValueError(f"one frame at a time, not {len(raw)}")
    quats, broken = _sane_rotations(raw.quats[0].astype(np.float64), last.quats)
    root, root_broken = _sane_root(raw, float(last.root[0]))
    contacts = raw.contacts[0].astype(np.float64)
    if not ((contacts >= 0.0) & (contacts <= 1.0)).all():
        contacts = np.where(np.isfinite(contacts), np.minimum(np.maximum(contacts, 0.0), 1.0), 0.0)
    return LocalFrame(quats, root, contacts), broken or root_broken


def _sane_rotations(quats: F64, last: F64) -> tuple[F64, bool]:
    with np.errstate(invalid="ignore", over="ignore"):
        norms = np.sqrt(np.einsum("ij,ij->i", quats, quats))
        # A unit quaternion in single precision is left as it is, to the bit. What is not a number is none.
        if (np.abs(norms - 1.0) <= 1e-6).all():
            return quats, False
        bad = ~((norms > 0.1) & (norms < 10.0))
        off = ~bad & (np.abs(norms - 1.0) > 1e-6)
    quats[bad] = last[bad]
    quats[off] /= norms[off, None]
    return quats, bool(bad.any())


def _sane_root(raw: RawMotion, last_height_m: float) -> tuple[F64, bool]:
    height = float(raw.height_m[0])
    motion = [*raw.velocity[0].tolist(), float(raw.yaw_rate[0])]
    broken = not all(map(math.isfinite, (height, *motion)))
    height = min(max(height, 0.0), MAX_HEIGHT_M) if math.isfinite(height) else last_height_m
    most = (MAX_SPEED_M, MAX_SPEED_M, MAX_TURN_RAD)
    held = [
        min(max(value, -limit), limit) if math.isfinite(value) else 0.0
        for value, limit in zip(motion, most, strict=True)
    ]
    return np.array([height, *held]), broken
