"""The built-in 24-joint skeleton, in SMPL's joint order and axes (docs/adr/0001).

The bone lengths are our own: symmetric, whole millimetres, a standing pelvis at 0.955 m, close enough to the neutral
SMPL body that its motion data stands on the floor.
"""

import numpy as np
import numpy.typing as npt

JOINT_NAMES: tuple[str, ...] = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle", "right_ankle",
    "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_hand", "right_hand",
)  # fmt: skip
JOINT_COUNT = 24
PARENTS: tuple[int, ...] = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21)

PELVIS, LEFT_HIP, RIGHT_HIP, SPINE1, LEFT_KNEE, RIGHT_KNEE = range(6)
SPINE2, LEFT_ANKLE, RIGHT_ANKLE, SPINE3, LEFT_FOOT, RIGHT_FOOT = range(6, 12)
NECK, LEFT_COLLAR, RIGHT_COLLAR, HEAD, LEFT_SHOULDER, RIGHT_SHOULDER = range(12, 18)
LEFT_ELBOW, RIGHT_ELBOW, LEFT_WRIST, RIGHT_WRIST, LEFT_HAND, RIGHT_HAND = range(18, 24)

UPPER_JOINTS: tuple[int, ...] = (3, 6, 9, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23)
LOWER_JOINTS: tuple[int, ...] = (0, 1, 2, 4, 5, 7, 8, 10, 11)

# The joint that takes each joint's place in a mirrored dance.
MIRROR_JOINTS: tuple[int, ...] = (0, 2, 1, 3, 5, 4, 6, 8, 7, 9, 11, 10, 12, 14, 13, 15, 17, 16, 19, 18, 21, 20, 23, 22)

_LEFT_AND_MIDDLE_MM: dict[int, tuple[int, int, int]] = {
    0: (0, 0, 0), 1: (59, -86, -16), 3: (0, 124, -38), 4: (43, -385, 2), 6: (0, 138, 27), 7: (-17, -423, -36),
    9: (0, 56, 3), 10: (38, -61, 126), 12: (0, 212, -33), 13: (77, 113, -21), 15: (0, 89, 50), 16: (118, 46, -14),
    18: (258, -15, -27), 20: (267, 10, -7), 22: (88, -10, -13),
}  # fmt: skip


def _rest_offsets_m() -> npt.NDArray[np.float32]:
    offsets = np.zeros((JOINT_COUNT, 3), np.float32)
    for joint, mm in _LEFT_AND_MIDDLE_MM.items():
        offset = np.array(mm, np.float32) / 1000.0
        offsets[joint] = offset
        offsets[MIRROR_JOINTS[joint]] = offset * (
            np.array([-1, 1, 1], np.float32) if MIRROR_JOINTS[joint] != joint else 1
        )
    offsets.setflags(write=False)
    return offsets


REST_OFFSETS_M: npt.NDArray[np.float32] = _rest_offsets_m()
"""[24, 3] position of each joint in its parent's frame at rest (T-pose, every rotation the identity)."""

REST_PELVIS_M: npt.NDArray[np.float32] = np.array([0.0, -0.223, 0.028], np.float32)
"""Pelvis of the neutral SMPL body when its translation is zero: SMPL files hold the translation, we the pelvis."""

ANKLE_FLOOR_M = 0.061
"""Height of the ankle joint above the floor with the foot flat."""
TOE_FLOOR_M = 0.0
"""Height of the toe-base joint above the floor with the foot flat."""
STANDING_PELVIS_M = 0.086 + 0.385 + 0.423 + ANKLE_FLOOR_M
"""Height of the pelvis with straight legs and flat feet."""
