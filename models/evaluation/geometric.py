"""Geometric features of a dance (32 numbers): what FID_g and DIV_g compare.

The relations of Mueller, Roeder and Clausen ("Efficient content-based retrieval of motion capture data", SIGGRAPH 2005;
the list is table 1 of Mueller and Roeder, "Motion templates", SCA 2006) that Li et al. (ICCV 2021, section 5.2) chose
for dance: each is true or false in a frame, and its feature is the share of frames in which it is true. Lengths are
those of the built-in skeleton: humerus, shoulder width, hip width; speeds are per second, by differences of frames.

Every relation of the right side has its exact mirror image on the left, which published code does not hold to.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import (
    JOINT_COUNT,
    LEFT_ANKLE,
    LEFT_ELBOW,
    LEFT_FOOT,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NECK,
    PELVIS,
    REST_OFFSETS_M,
    RIGHT_ANKLE,
    RIGHT_ELBOW,
    RIGHT_FOOT,
    RIGHT_HIP,
    RIGHT_KNEE,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
    SPINE1,
    SPINE2,
)

F64 = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

GEOMETRIC_SIZE = 32
HUMERUS_M = float(np.linalg.norm(REST_OFFSETS_M[LEFT_ELBOW]))
# Collars hang on the spine, shoulders on the collars.
SHOULDER_WIDTH_M = 2.0 * float(REST_OFFSETS_M[LEFT_SHOULDER, 0] + REST_OFFSETS_M[13, 0])
HIP_WIDTH_M = 2.0 * float(REST_OFFSETS_M[LEFT_HIP, 0])
_UP = np.array([0.0, 1.0, 0.0])


def geometric_features(joints_m: F64) -> F64:
    """[32] of joint positions in the world [T >= 2, 24, 3]."""
    return np.asarray(relations(joints_m).mean(axis=0), np.float64)


def relations(joints_m: F64) -> Truth:
    """[T - 1, 32]: what is true in each frame but the first."""
    body = _Body(joints_m)
    hl, sw, hw = HUMERUS_M, SHOULDER_WIDTH_M, HIP_WIDTH_M
    above = body.at(NECK) - body.at(SPINE2)
    spine = body.at(PELVIS) - body.at(NECK)
    raise_ = body.at(SPINE2) - body.at(SPINE1)
    right = (RIGHT_HIP, LEFT_HIP)
    return np.stack(
        [
            # Hands: forwards, above the neck, upwards.
            body.moves(RIGHT_WRIST, NECK, body.normal(NECK, *right)) >= 1.8 * hl,
            body.moves(LEFT_WRIST, NECK, body.normal(NECK, *right)) >= 1.8 * hl,
            body.beyond(RIGHT_WRIST, NECK, above) >= 0.2 * hl,
            body.beyond(LEFT_WRIST, NECK, above) >= 0.2 * hl,
            body.moves(RIGHT_WRIST, SPINE2, raise_) >= 1.8 * hl,
            body.moves(LEFT_WRIST, SPINE2, raise_) >= 1.8 * hl,
            # Elbows bent.
            body.angle(RIGHT_ELBOW, RIGHT_SHOULDER, RIGHT_ELBOW, RIGHT_WRIST) <= 110,
            body.angle(LEFT_ELBOW, LEFT_SHOULDER, LEFT_ELBOW, LEFT_WRIST) <= 110,
            # Hands far apart, approaching each other, leaving the root, fast.
            body.beyond(RIGHT_WRIST, LEFT_WRIST, body.at(RIGHT_SHOULDER) - body.at(LEFT_SHOULDER)) >= 2.5 * sw,
            body.moves(LEFT_WRIST, RIGHT_WRIST, body.at(RIGHT_WRIST) - body.at(LEFT_WRIST)) >= 1.4 * hl,
            body.moves(RIGHT_WRIST, PELVIS, body.at(RIGHT_WRIST) - body.at(PELVIS)) >= 1.4 * hl,
            body.moves(LEFT_WRIST, PELVIS, body.at(LEFT_WRIST) - body.at(PELVIS)) >= 1.4 * hl,
            body.speed(RIGHT_WRIST) >= 2.5 * hl,
            body.speed(LEFT_WRIST) >= 2.5 * hl,
            # A foot behind the other leg; raised; feet apart; knees bent; feet fast.
            body.beyond(RIGHT_ANKLE, PELVIS, body.normal(PELVIS, LEFT_HIP, LEFT_FOOT)) >= 0.38 * hl,
            body.beyond(LEFT_ANKLE, PELVIS, body.normal(PELVIS, RIGHT_FOOT, RIGHT_HIP)) >= 0.38 * hl,
            body.height(RIGHT_ANKLE) >= 1.2 * hl,
            body.height(LEFT_ANKLE) >= 1.2 * hl,
            body.beyond(RIGHT_ANKLE, LEFT_ANKLE, body.at(RIGHT_HIP) - body.at(LEFT_HIP)) >= 2.1 * hw,
            body.angle(RIGHT_KNEE, RIGHT_HIP, RIGHT_KNEE, RIGHT_ANKLE) <= 110,
            body.angle(LEFT_KNEE, LEFT_HIP, LEFT_KNEE, LEFT_ANKLE) <= 110,
            body.speed(RIGHT_ANKLE) >= 2.5 * hl,
            body.speed(LEFT_ANKLE) >= 2.5 * hl,
            # Upper arms and thighs away from the body.
            _angle(spine, body.at(RIGHT_ELBOW) - body.at(RIGHT_SHOULDER)) >= 25,
            _angle(spine, body.at(LEFT_ELBOW) - body.at(LEFT_SHOULDER)) >= 25,
            _angle(spine, body.at(RIGHT_KNEE) - body.at(RIGHT_HIP)) >= 50,
            _angle(spine, body.at(LEFT_KNEE) - body.at(LEFT_HIP)) >= 50,
            # The root behind the frontal plane; the spine level; hands lowered; the root fast.
            body.beyond(PELVIS, RIGHT_ANKLE, body.normal(RIGHT_ANKLE, NECK, LEFT_ANKLE)) >= 0.5 * hl,
            np.abs(_angle(spine, np.broadcast_to(_UP, spine.shape)) - 90) <= 20,
            body.height(RIGHT_WRIST) <= 1.2 * hl,
            body.height(LEFT_WRIST) <= 1.2 * hl,
            body.speed(PELVIS) >= 2.3 * hl,
        ],
        axis=-1,
    )


class _Body:
    """The frames but the first, with velocities in metres per second."""

    def __init__(self, joints_m: F64) -> None:
        assert joints_m.shape[1:] == (JOINT_COUNT, 3)
        self._joints = joints_m[1:]
        self._velocity = np.diff(joints_m, axis=0) * FRAME_RATE_HZ

    def at(self, joint: int) -> F64:
        return self._joints[:, joint]

    def speed(self, joint: int) -> F64:
        return np.asarray(np.linalg.norm(self._velocity[:, joint], axis=-1), np.float64)

    def height(self, joint: int) -> F64:
        """Above the lowest joint of the frame."""
        return np.asarray(self._joints[:, joint, 1] - self._joints[..., 1].min(axis=1), np.float64)

    def normal(self, a: int, b: int, c: int) -> F64:
        """Of the plane through three joints."""
        return np.asarray(np.cross(self.at(b) - self.at(a), self.at(c) - self.at(a)), np.float64)

    def beyond(self, joint: int, origin: int, direction: F64) -> F64:
        """How far a joint lies beyond another in a direction, m."""
        return _along(self.at(joint) - self.at(origin), direction)

    def moves(self, joint: int, beside: int, direction: F64) -> F64:
        """How fast a joint moves in a direction, relative to another, m/s."""
        return _along(self._velocity[:, joint] - self._velocity[:, beside], direction)

    def angle(self, a: int, b: int, c: int, d: int) -> F64:
        """Between the bones from a to b and from c to d, degrees."""
        return _angle(self.at(b) - self.at(a), self.at(d) - self.at(c))


def _along(vector: F64, direction: F64) -> F64:
    length = np.maximum(np.linalg.norm(direction, axis=-1), 1e-9)
    along: F64 = (vector * direction).sum(axis=-1) / length
    return along


def _angle(a: F64, b: F64) -> F64:
    length = np.maximum(np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1), 1e-9)
    cosine = np.clip((a * b).sum(axis=-1) / length, -1.0, 1.0)
    return np.asarray(np.degrees(np.arccos(cosine)), np.float64)
