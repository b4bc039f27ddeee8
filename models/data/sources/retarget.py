"""Motion of another skeleton danced by SMPL's: every bone points where it pointed, though the two skeletons have other
poses at rest and other lengths.

A joint's rotation in the world is taken over, after a fixed turn that lays SMPL's bone at rest on the other's. The path
of the pelvis is scaled by the length of the legs, so that feet that stood stand.
"""

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.errors import DataError
from megadance_live.core.skeleton import JOINT_COUNT, JOINT_NAMES, PARENTS, REST_OFFSETS_M
from models.data.sources.bvh_file import BvhMotion
from models.data.sources.shaping import Captured
from models.data.sources.up_axis import Axis, to_y_up

F64 = npt.NDArray[np.float64]

UNITS_M = {"metres": 1.0, "centimetres": 0.01, "millimetres": 0.001, "inches": 0.0254, "units of CMU": 0.056444}
_LEGS_M = (0.62, 1.02)
"""Hip to ankle of grown people."""

# The bone that a joint turns, told by the joint at its end: the first of these that the other skeleton has.
_BONE_ENDS: dict[str, tuple[str, ...]] = {
    "spine1": ("spine2", "spine3"),
    "spine2": ("spine3",),
    "spine3": ("neck", "head"),
    "neck": ("head",),
    **{
        f"{side}_{joint}": (f"{side}_{end}",)
        for side in ("left", "right")
        for joint, end in (
            ("hip", "knee"), ("knee", "ankle"), ("ankle", "foot"), ("collar", "shoulder"), ("shoulder", "elbow"),
            ("elbow", "wrist"), ("wrist", "hand"),
        )
    },
}  # fmt: skip
_SAME_AS = {
    "left_hand": "left_wrist",
    "right_hand": "right_wrist",
    "left_foot": "left_ankle",
    "right_foot": "right_ankle",
    "left_wrist": "left_elbow",
    "right_wrist": "right_elbow",
}


def danced_by_smpl(motion: BvhMotion, joints: dict[str, int]) -> tuple[Captured, list[str]]:
    """The motion on SMPL's skeleton, Y up, in metres, and what was found out about the file in words.

    Raises DataError for a skeleton without legs.
    """
    rest = {name: motion.rest[index] for name, index in joints.items()}
    smpl_rest = _smpl_rest()
    legs = _leg_length(rest)
    if not legs > 0:
        raise DataError("its skeleton has no length of leg")
    facing = _frame(rest)
    turn = np.asarray(quaternion.multiply(facing, quaternion.conjugate(_frame(smpl_rest))), np.float64)
    turns = {name: _laid_on(name, rest, smpl_rest, turn) for name in JOINT_NAMES}
    world = quaternion.identity(len(motion.positions), JOINT_COUNT, dtype=np.float64)
    for index, name in enumerate(JOINT_NAMES):
        if name in joints:
            world[:, index] = quaternion.multiply(
                motion.rotations[:, joints[name]], np.broadcast_to(turns[name], (len(world), 4))
            )
        else:
            world[:, index] = world[:, PARENTS[index]]
    local = world.copy()
    for index in range(1, JOINT_COUNT):
        local[:, index] = quaternion.multiply(quaternion.conjugate(world[:, PARENTS[index]]), world[:, index])
    root_m = motion.positions[:, joints["pelvis"]] * (_leg_length(smpl_rest) / legs)
    up = _up_axis(motion, joints)
    root_m, local = to_y_up(up, root_m, local)
    said = [_unit(legs)]
    if up != "Y":
        said.append(f"stands along {up}, and was turned upright")
    return Captured(motion.fps, root_m, np.asarray(quaternion.normalise(local), np.float64)), [
        text for text in said if text
    ]


def unit_of(legs: float) -> tuple[str, float]:
    """The unit in which legs of this length are likeliest, and their length in metres by it."""
    likely = [(unit, legs * metres) for unit, metres in UNITS_M.items()]
    return min(likely, key=lambda one: abs(np.log(one[1] / np.mean(_LEGS_M))))


def _unit(legs: float) -> str:
    unit, length_m = unit_of(legs)
    if _LEGS_M[0] <= length_m <= _LEGS_M[1]:
        return f"is in {unit} (its legs are {length_m:.2f} m long)" if unit not in ("metres", "centimetres") else ""
    return f"is in no unit known here (its legs are {legs:.3g} long), and was scaled to fit"


def _smpl_rest() -> dict[str, F64]:
    rest: dict[str, F64] = {"pelvis": np.zeros(3)}
    for index in range(1, JOINT_COUNT):
        rest[JOINT_NAMES[index]] = rest[JOINT_NAMES[PARENTS[index]]] + REST_OFFSETS_M[index].astype(np.float64)
    return rest


def _leg_length(rest: dict[str, F64]) -> float:
    bones = (("hip", "knee"), ("knee", "ankle"))
    lengths = [
        np.linalg.norm(rest[f"{side}_{b}"] - rest[f"{side}_{a}"]) for side in ("left", "right") for a, b in bones
    ]
    return float(np.sum(lengths)) / 2


def _frame(rest: dict[str, F64]) -> F64:
    """The body's own axes at rest as a rotation: x to its left, y along the back, z forward."""
    left = rest["left_hip"] - rest["right_hip"]
    hips = (rest["left_hip"] + rest["right_hip"]) / 2
    shoulders = (rest["left_shoulder"] + rest["right_shoulder"]) / 2
    along = shoulders - hips
    left = left - along * (left @ along) / (along @ along)
    if np.linalg.norm(left) < 1e-6 * np.linalg.norm(along) or not np.linalg.norm(along) > 0:
        raise DataError("its skeleton has no width or no height at rest")
    x, y = left / np.linalg.norm(left), along / np.linalg.norm(along)
    return np.asarray(quaternion.from_matrix(np.stack([x, y, np.cross(x, y)], axis=-1)), np.float64)


def _laid_on(name: str, rest: dict[str, F64], smpl_rest: dict[str, F64], turn: F64) -> F64:
    """What lays SMPL's bone at rest on the other's: the turn of the whole body, and the least turn from there."""
    end = next((joint for joint in _BONE_ENDS.get(name, ()) if joint in rest), None)
    if end is None or name not in rest:
        same = _SAME_AS.get(name)
        return _laid_on(same, rest, smpl_rest, turn) if same is not None and same in rest else turn
    there = rest[end] - rest[name]
    here = np.asarray(quaternion.rotate(turn, smpl_rest[end] - smpl_rest[name]), np.float64)
    if np.linalg.norm(there) < 1e-6:
        return turn
    return np.asarray(quaternion.multiply(_between(here, there), turn), np.float64)


def _between(a: F64, b: F64) -> F64:
    """The least rotation that turns direction a to b."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    w = 1 + float(a @ b)
    if w < 1e-8:
        across = np.cross(a, np.eye(3)[np.argmin(np.abs(a))])
        return np.append(across / np.linalg.norm(across), 0.0)
    return np.asarray(quaternion.normalise(np.append(np.cross(a, b), w)), np.float64)


def _up_axis(motion: BvhMotion, joints: dict[str, int]) -> Axis:
    """The axis along which the body stands most of the time; Y where none is clear."""
    places = motion.positions
    shoulders = places[:, [joints["left_shoulder"], joints["right_shoulder"]]].mean(axis=1)
    ankles = places[:, [joints["left_ankle"], joints["right_ankle"]]].mean(axis=1)
    along = shoulders - ankles
    along = along / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    mean = along.mean(axis=0) if len(along) else np.array([0.0, 1.0, 0.0])
    axis = int(np.argmax(np.abs(mean)))
    if (axis == 1 and mean[1] > 0) or abs(mean[axis]) < abs(mean[1]) + 0.3:
        return "Y"
    names: tuple[tuple[Axis, Axis], ...] = (("X", "-X"), ("Y", "-Y"), ("Z", "-Z"))
    return names[axis][int(mean[axis] < 0)]
