"""Standing at ease: what the avatar does while there is no dancer."""

import math

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import (
    JOINT_COUNT,
    LEFT_ANKLE,
    LEFT_COLLAR,
    LEFT_ELBOW,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    NECK,
    PELVIS,
    REST_OFFSETS_M,
    RIGHT_ANKLE,
    RIGHT_COLLAR,
    RIGHT_ELBOW,
    RIGHT_HIP,
    RIGHT_SHOULDER,
    SPINE2,
    SPINE3,
    STANDING_PELVIS_M,
)
from megadance_live.show.stage_pose import StagePose

F32 = npt.NDArray[np.float32]

ARMS_DOWN_RAD = math.radians(74)
ELBOWS_BENT_RAD = math.radians(14)

BREATH_S = 4.2
BREATH_RAD = math.radians(1.6)
SWAY_S = 6.7
SWAY_RAD = math.radians(0.6)
LEG_M = -float(REST_OFFSETS_M[LEFT_KNEE, 1] + REST_OFFSETS_M[LEFT_ANKLE, 1])
"""From ankle to hip with straight legs."""


def _turned(joint_turns: dict[int, tuple[float, float, float]]) -> F32:
    """Quaternions [24, 4] with axis-angle turns (rad) in some joints."""
    turns = np.zeros((JOINT_COUNT, 3), np.float32)
    for joint, turn in joint_turns.items():
        turns[joint] = turn
    return quaternion.from_axis_angle(turns)


_ARMS_AT_REST = _turned(
    {
        LEFT_SHOULDER: (0, 0, -ARMS_DOWN_RAD),
        RIGHT_SHOULDER: (0, 0, ARMS_DOWN_RAD),
        LEFT_ELBOW: (0, -ELBOWS_BENT_RAD, 0),
        RIGHT_ELBOW: (0, ELBOWS_BENT_RAD, 0),
    }
)


# Radians of turn about x, y, z for each radian of breath and of sway. With the sway the legs lean over the ankles like
# a parallelogram: the pelvis stays level and the feet stay flat.
_BREATH = {SPINE3: (-1, 0, 0), NECK: (0.6, 0, 0), LEFT_COLLAR: (0, 0, 0.7), RIGHT_COLLAR: (0, 0, -0.7)}
_SWAY = {
    LEFT_HIP: (0, 0, 1),
    RIGHT_HIP: (0, 0, 1),
    LEFT_ANKLE: (0, 0, -1),
    RIGHT_ANKLE: (0, 0, -1),
    SPINE2: (0, 0, -1),
    NECK: (0, 0, 0.5),
}
_MOVING = sorted({*_BREATH, *_SWAY})
"""Joints that move; all of them are unturned in the neutral pose."""
_HALF_TURNS = np.array(
    [
        [(0, 0, 0, 1) for _ in _MOVING],
        *([[*(x / 2 for x in turns.get(joint, (0, 0, 0))), 0] for joint in _MOVING] for turns in (_BREATH, _SWAY)),
    ],
    np.float32,
)
"""[3, joints, 4]: the identity, then what a radian of breath and of sway adds (small angles, to be normalised)."""
_STANDING = np.ones(4, np.float32)


class Idle:
    """A neutral standing pose, breathing and swaying, facing as the anchor pose faces and with its feet around the
    point between the anchor's feet. The feet themselves stay where they are."""

    def __init__(self, anchor: StagePose | None = None, start_s: float = 0.0) -> None:
        self._start_s = start_s
        self._heading = quaternion.identity()
        self._root_m = np.zeros(3, np.float32)
        if anchor is not None:
            self._heading = quaternion.from_yaw(quaternion.yaw(anchor.quats[PELVIS])).astype(np.float32)
            self._root_m[[0, 2]] = _between_the_feet(anchor.root_m, anchor.quats)
        self._expert = -1 if anchor is None else anchor.expert
        rest = _between_the_feet(np.zeros(3, np.float32), self._facing(_ARMS_AT_REST))
        self._root_m[[0, 2]] -= rest
        self._root_m[1] = STANDING_PELVIS_M
        self._quats = self._facing(_ARMS_AT_REST)
        self._left = quaternion.rotate(self._heading, np.array([1, 0, 0], np.float32)).astype(np.float32)

    def at(self, time_s: float) -> StagePose:
        """The pose at a host time."""
        age_s = time_s - self._start_s
        breath = BREATH_RAD * 0.5 * (1 - math.cos(2 * math.pi * age_s / BREATH_S))
        sway = SWAY_RAD * math.sin(2 * math.pi * age_s / SWAY_S)
        quats = self._quats.copy()
        quats[_MOVING] = quaternion.normalise(_HALF_TURNS[0] + breath * _HALF_TURNS[1] + sway * _HALF_TURNS[2])
        lean_m = LEG_M * math.sin(sway)
        root_m = self._root_m - np.float32(lean_m) * self._left
        root_m[1] += LEG_M * (math.cos(sway) - 1)
        return StagePose(root_m, quats, _STANDING, self._expert, "idle")

    def _facing(self, quats: F32) -> F32:
        facing = quats.copy()
        facing[PELVIS] = quaternion.multiply(self._heading, quats[PELVIS])
        return facing


def _between_the_feet(root_m: F32, quats: F32) -> F32:
    """x and z [2] of the middle between the ankles."""
    joints, _ = forward(root_m, quats)
    middle: F32 = joints[[LEFT_ANKLE, RIGHT_ANKLE]].mean(axis=0)[[0, 2]]
    return middle
