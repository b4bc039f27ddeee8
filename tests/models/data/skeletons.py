"""Skeletons of other programs, and made-up dances on them as BVH files."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

Joint = tuple[str, str, tuple[float, float, float]]  # name, parent, offset

MIXAMO: tuple[Joint, ...] = (
    ("Hips", "", (0, 98, 0)),
    ("Spine", "Hips", (0, 10, -1)), ("Spine1", "Spine", (0, 12, 0)), ("Spine2", "Spine1", (0, 13, 0)),
    ("Neck", "Spine2", (0, 15, 1)), ("Head", "Neck", (0, 10, 3)),
    ("LeftShoulder", "Spine2", (6, 11, 0)), ("LeftArm", "LeftShoulder", (12, 0, -1)),
    ("LeftForeArm", "LeftArm", (27, 0, 0)), ("LeftHand", "LeftForeArm", (26, 0, 0)),
    ("LeftHandThumb1", "LeftHand", (3, 0, 3)),
    ("RightShoulder", "Spine2", (-6, 11, 0)), ("RightArm", "RightShoulder", (-12, 0, -1)),
    ("RightForeArm", "RightArm", (-27, 0, 0)), ("RightHand", "RightForeArm", (-26, 0, 0)),
    ("LeftUpLeg", "Hips", (9, -6, 0)), ("LeftLeg", "LeftUpLeg", (0, -42, 0)), ("LeftFoot", "LeftLeg", (0, -41, -2)),
    ("LeftToeBase", "LeftFoot", (0, -8, 12)),
    ("RightUpLeg", "Hips", (-9, -6, 0)), ("RightLeg", "RightUpLeg", (0, -42, 0)),
    ("RightFoot", "RightLeg", (0, -41, -2)), ("RightToeBase", "RightFoot", (0, -8, 12)),
)  # fmt: skip

# CMU's files in the conversion that most people have: inches by 0.45, hips that hang between, arms down at rest.
CMU: tuple[Joint, ...] = (
    ("Hips", "", (0, 17, 0)),
    ("LHipJoint", "Hips", (0, 0, 0)), ("LeftUpLeg", "LHipJoint", (1.4, -1.8, 0.8)),
    ("LeftLeg", "LeftUpLeg", (2.5, -6.9, 0)),
    ("LeftFoot", "LeftLeg", (2.6, -7.1, 0)), ("LeftToeBase", "LeftFoot", (0.2, -0.6, 2.1)),
    ("RHipJoint", "Hips", (0, 0, 0)), ("RightUpLeg", "RHipJoint", (-1.3, -1.8, 0.8)),
    ("RightLeg", "RightUpLeg", (-2.5, -6.8, 0)),
    ("RightFoot", "RightLeg", (-2.6, -7.2, 0)), ("RightToeBase", "RightFoot", (-0.2, -0.6, 2.1)),
    ("LowerBack", "Hips", (0, 0, 0)), ("Spine", "LowerBack", (0, 2, -0.2)), ("Spine1", "Spine", (0, 2, 0)),
    ("Neck", "Spine1", (0, 1, 0)), ("Neck1", "Neck", (0, 1.7, -0.1)), ("Head", "Neck1", (0, 1.7, 0.3)),
    ("LeftShoulder", "Spine1", (0, 0, 0)), ("LeftArm", "LeftShoulder", (3.1, 1.2, 0)),
    ("LeftForeArm", "LeftArm", (2.0, -4.3, 0)), ("LeftHand", "LeftForeArm", (1.4, -3.2, 0.5)),
    ("RightShoulder", "Spine1", (0, 0, 0)), ("RightArm", "RightShoulder", (-3.1, 1.2, 0)),
    ("RightForeArm", "RightArm", (-2.0, -4.3, 0)), ("RightHand", "RightForeArm", (-1.4, -3.2, 0.5)),
)  # fmt: skip


def unreal(joints: Sequence[Joint] = MIXAMO) -> tuple[Joint, ...]:
    """Mixamo's skeleton in Unreal's words."""
    words = {
        "Hips": "pelvis", "UpLeg": "thigh", "Leg": "calf", "Foot": "foot", "ToeBase": "ball", "Shoulder": "clavicle",
        "Arm": "upperarm", "ForeArm": "lowerarm", "Hand": "hand", "HandThumb1": "thumb_01",
    }  # fmt: skip

    def called(name: str) -> str:
        for side in ("Left", "Right"):
            if name.startswith(side):
                return f"{words[name.removeprefix(side)]}_{side[0].lower()}"
        return words.get(name, name.lower())

    return tuple((called(name), called(parent) if parent else "", offset) for name, parent, offset in joints)


def prefixed(joints: Sequence[Joint], prefix: str) -> tuple[Joint, ...]:
    return tuple((prefix + name, prefix + parent if parent else "", offset) for name, parent, offset in joints)


def laid_down(joints: Sequence[Joint]) -> tuple[Joint, ...]:
    """With Z up."""
    return tuple((name, parent, (x, -z, y)) for name, parent, (x, y, z) in joints)


def swings(joints: Sequence[Joint], frames: int, degrees: float = 25.0) -> np.ndarray:
    """[frames, joints, 3] angles of a dance in which everything moves a little, the hips least."""
    t = np.arange(frames)[:, None, None] / 30
    k = np.arange(3 * len(joints)).reshape(1, len(joints), 3)
    angles = degrees * np.sin(2 * np.pi * (0.4 + 0.05 * (k % 5)) * t + 1.7 * k)
    angles[:, 0] /= 5
    return angles


def write(
    path: Path,
    joints: Sequence[Joint],
    angles: np.ndarray,
    root: np.ndarray,
    frame_time: str = "0.0333333",
    order: str = "ZXY",
) -> Path:
    """A BVH file of angles [T, joints, 3] in degrees, in the given order, and positions [T, 3] of the first joint less
    its offset; joints in the order in which they are listed, children after parents."""
    children: dict[str, list[Joint]] = {}
    for joint in joints:
        children.setdefault(joint[1], []).append(joint)
    number = {joint[0]: index for index, joint in enumerate(joints)}
    visited: list[int] = []

    def lines(joint: Joint, depth: int) -> list[str]:
        name, parent, offset = joint
        tab = "  " * depth
        visited.append(number[name])
        rotation = " ".join(f"{axis}rotation" for axis in order)
        channels = f"6 Xposition Yposition Zposition {rotation}" if not parent else f"3 {rotation}"
        inner = [line for child in children.get(name, []) for line in lines(child, depth + 1)]
        if not inner:
            inner = [f"{tab}  End Site", tab + "  {", f"{tab}    OFFSET 0 1 0", tab + "  }"]
        return [
            f"{tab}{'JOINT' if parent else 'ROOT'} {name}", tab + "{", f"{tab}  OFFSET {' '.join(map(str, offset))}",
            f"{tab}  CHANNELS {channels}", *inner, tab + "}",
        ]  # fmt: skip

    head = lines(children[""][0], 0)
    rows = np.concatenate([root, angles[:, visited].reshape(len(angles), -1)], axis=1)
    text = ["HIERARCHY", *head, "MOTION", f"Frames: {len(rows)}", f"Frame Time: {frame_time}"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*text, *(" ".join(f"{v:.5f}" for v in row) for row in rows)]) + "\n", encoding="utf-8")
    return path
