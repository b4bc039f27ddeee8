"""How motion is written for the networks: heading-free, position-free channels, in two halves.

Upper: 15 joints x 6 numbers. Lower: 9 joints x 6 numbers (the pelvis without its heading), height, velocity [2] in the
heading's frame, yaw rate, contacts [4]. The root is so described because heading and place on the stage should not
matter, and because nothing then drifts inside the model (the published system integrates world displacement).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics, quaternion
from megadance_live.core.motion import RawMotion
from megadance_live.core.skeleton import (
    JOINT_COUNT,
    LEFT_ANKLE,
    LEFT_FOOT,
    LOWER_JOINTS,
    MIRROR_JOINTS,
    RIGHT_ANKLE,
    RIGHT_FOOT,
    UPPER_JOINTS,
)

F32 = npt.NDArray[np.float32]

UPPER_SIZE = 6 * len(UPPER_JOINTS)  # 90
LOWER_SIXD = 6 * len(LOWER_JOINTS)  # 54
HEIGHT = LOWER_SIXD
VELOCITY = slice(LOWER_SIXD + 1, LOWER_SIXD + 3)
YAW_RATE = LOWER_SIXD + 3
CONTACTS = slice(LOWER_SIXD + 4, LOWER_SIXD + 8)
LOWER_SIZE = LOWER_SIXD + 8  # 62

CONTACT_JOINTS = (LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT)
_PLACES = np.argsort(UPPER_JOINTS + LOWER_JOINTS)
"""Where each joint stands among those of the upper half and then the lower."""
_CONTACT_HEIGHT_M = np.array([0.11, 0.05, 0.11, 0.05], np.float32)
_CONTACT_SPEED_M = 0.015  # per frame


@dataclass(frozen=True)
class MotionChannels:
    """`upper` float32 [T, 90], `lower` float32 [T, 62], not normalised."""

    upper: F32
    lower: F32

    def __len__(self) -> int:
        return int(self.upper.shape[0])


def contacts_of(positions: F32) -> F32:
    """Contacts [T, 4] (left heel, left toe, right heel, right toe) from joint positions in the world [T, 24, 3]: low
    and slow."""
    feet = positions[:, CONTACT_JOINTS]
    step = np.linalg.norm(np.diff(feet, axis=0, prepend=feet[:1]), axis=-1)
    slow = np.minimum(step, np.concatenate([step[1:], step[-1:]])) < _CONTACT_SPEED_M
    contact: F32 = (slow & (feet[..., 1] < _CONTACT_HEIGHT_M)).astype(np.float32)
    return contact


def channels_of(root_m: F32, quats: F32) -> MotionChannels:
    """From pelvis positions [T, 3] and local quaternions [T, 24, 4] in the world."""
    heading = quaternion.yaw(quats[:, 0])
    local = quats.copy()
    local[:, 0] = quaternion.multiply(quaternion.from_yaw(-heading).astype(np.float32), quats[:, 0])
    step = np.diff(root_m, axis=0, prepend=root_m[:1])
    velocity = quaternion.rotate(quaternion.from_yaw(-heading).astype(np.float32), step)
    turn = np.diff(heading, prepend=heading[:1])
    yaw_rate = np.mod(turn + np.pi, 2 * np.pi) - np.pi
    positions, _ = kinematics.forward(root_m, quats)
    sixd = quaternion.to_sixd(local)
    count = len(quats)
    lower = np.concatenate(
        [
            sixd[:, LOWER_JOINTS].reshape(count, -1),
            root_m[:, 1:2],
            velocity[:, [0, 2]],
            yaw_rate[:, None],
            contacts_of(positions.astype(np.float32)),
        ],
        axis=1,
    )
    return MotionChannels(sixd[:, UPPER_JOINTS].reshape(count, -1).astype(np.float32), lower.astype(np.float32))


def motion_of(upper: F32, lower: F32) -> RawMotion:
    """From channels [n, 90] and [n, 62]; contacts are clipped to 0..1."""
    joints = np.concatenate([upper, lower[:, :LOWER_SIXD]], axis=1).reshape(len(upper), JOINT_COUNT, 6)
    return RawMotion(
        quats=quaternion.from_sixd(joints[:, _PLACES].astype(np.float32, copy=False)),
        height_m=lower[:, HEIGHT].copy(),
        velocity=lower[:, VELOCITY].copy(),
        yaw_rate=lower[:, YAW_RATE].copy(),
        contacts=np.clip(lower[:, CONTACTS], 0.0, 1.0),
    )


def mirror(root_m: F32, quats: F32) -> tuple[F32, F32]:
    """The dance seen in a mirror: left and right joints swapped, x negated."""
    mirrored = quats[:, MIRROR_JOINTS] * np.array([1, -1, -1, 1], np.float32)
    return root_m * np.array([-1, 1, 1], np.float32), mirrored
