"""BVH files: a hierarchy of joints, then one row of channel values a frame (Biovision's text format, of which there is
no standard beyond what programs write)."""

import io
import math
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.errors import DataError

F64 = npt.NDArray[np.float64]

_REST_STEP_DEG = 5.0
_AXES = {axis: np.eye(3)[index] for index, axis in enumerate("XYZ")}


@dataclass(frozen=True)
class BvhJoint:
    """A joint, parents before children; lengths in the unit of the file."""

    name: str
    parent: int  # -1 for a root
    offset: F64  # [3] from the parent, in its axes
    channels: tuple[str, ...]


@dataclass(frozen=True)
class BvhMotion:
    """A file in its own unit and axes."""

    joints: tuple[BvhJoint, ...]
    fps: float
    positions: F64  # [T, joints, 3] in the world
    rotations: F64  # [T, joints, 4] in the world, xyzw
    rest: F64  # [joints, 3] in the world with every channel at zero


def read_bvh(path: Path) -> BvhMotion:
    """Reads and poses a file. Raises OSError, and DataError where it is broken or ends early."""
    text = path.read_text(encoding="utf-8", errors="replace").replace("\r", "\n")
    head, mark, motion = text.partition("\nMOTION")
    if not mark or "HIERARCHY" not in head:
        raise DataError("it is not a BVH file: it has no HIERARCHY and MOTION")
    joints = tuple(_joints(head.partition("HIERARCHY")[2]))
    if not joints:
        raise DataError("its hierarchy is empty")
    fps, values = _values(motion, sum(len(joint.channels) for joint in joints))
    turns = values[:, [channel.endswith("rotation") for joint in joints for channel in joint.channels]]
    return _posed(joints, fps, values[1:] if _rests_first(turns) else values)


def _joints(head: str) -> list[BvhJoint]:
    """Raises DataError for a hierarchy that is not understood."""
    joints: list[BvhJoint] = []
    stack: list[int] = []  # of joints that are open; -1 for an end site, which has an offset but is no joint
    name = ""
    for line in (line.strip() for line in head.splitlines()):
        word, *rest = line.split(None, 1) or [""]
        try:
            if word in ("ROOT", "JOINT"):
                name = rest[0]
            elif word == "End":
                name = ""
            elif word == "{":
                stack.append(len(joints) if name else -1)
            elif word == "}":
                stack.pop()
            elif word == "OFFSET" and name:
                x, y, z = (float(number) for number in rest[0].split())
                joints.append(BvhJoint(name, stack[-2] if len(stack) > 1 else -1, np.array([x, y, z]), ()))
            elif word == "CHANNELS":
                count, *channels = rest[0].split()
                if len(channels) != int(count) or not all(_is_channel(channel) for channel in channels):
                    raise ValueError
                joints[-1] = replace(joints[-1], channels=tuple(channels))
            elif word not in ("", "OFFSET"):
                raise ValueError
        except (ValueError, IndexError) as error:
            raise DataError(f"its hierarchy has a line that is not understood: {line[:60]!r}") from error
    if stack:
        raise DataError("its hierarchy ends early")
    return joints


def _rests_first(turns: F64) -> bool:
    """Whether angles [T, channels], degrees, begin with a pose at rest from which the dance does not begin: many
    programs write one before the first frame, for those who need to see it."""
    if len(turns) < 3 or turns[0].any():
        return False
    first, second = np.abs(np.diff(turns[:3], axis=0)).max(axis=1)
    return bool(first > _REST_STEP_DEG and first > 4 * second)


def _is_channel(name: str) -> bool:
    return name[:1] in _AXES and name[1:] in ("position", "rotation")


def _values(motion: str, width: int) -> tuple[float, F64]:
    """Frames per second, and channel values [T, width]."""
    frames_line, _, rest = motion.lstrip().partition("\n")
    time_line, _, table = rest.lstrip().partition("\n")
    try:
        count = int(frames_line.split(":")[1])
        frame_s = float(time_line.split(":")[1])
    except (IndexError, ValueError) as error:
        raise DataError("it does not tell its number of frames and its frame time") from error
    if not frame_s > 0 or not math.isfinite(frame_s):
        raise DataError(f"its frame time is {frame_s:g} s")
    try:
        values = (
            np.loadtxt(io.StringIO(table), ndmin=2, max_rows=count) if count and table.strip() else np.zeros((0, width))
        )
    except ValueError as error:
        raise DataError(f"its motion cannot be read ({error})") from error
    if len(values) < count:
        raise DataError(f"it ends early, after {len(values)} of {count} frames")
    if count and values.shape[1] != width:
        raise DataError(f"its rows hold {values.shape[1]} numbers, but its channels are {width}")
    if not np.isfinite(values).all():
        raise DataError("it holds numbers that are not finite")
    return _fps(frame_s, time_line.split(":")[1].strip()), values


def _fps(frame_s: float, written: str) -> float:
    """Whole where the digits of the frame time allow it: 0.0333 is 30 frames per second, 0.00833 is 120."""
    whole = max(1, round(1 / frame_s))
    last_digit = 10.0 ** -len(written.partition(".")[2])
    return float(whole) if abs(1 / whole - frame_s) <= last_digit else 1 / frame_s


def _posed(joints: tuple[BvhJoint, ...], fps: float, values: F64) -> BvhMotion:
    count = len(values)
    positions, rotations = np.zeros((count, len(joints), 3)), np.zeros((count, len(joints), 4))
    rest = np.zeros((len(joints), 3))
    column = 0
    for index, joint in enumerate(joints):
        place = np.tile(joint.offset, (count, 1))
        turn = quaternion.identity(count, dtype=np.float64)
        moved = [channel for channel in joint.channels if channel.endswith("position")]
        if moved and joint.parent >= 0:
            place[:, ["XYZ".index(channel[0]) for channel in moved]] = 0.0  # written whole, the offset included
        for channel in joint.channels:
            value = values[:, column]
            column += 1
            if channel.endswith("position"):
                place[:, "XYZ".index(channel[0])] += value
            else:
                turn = quaternion.multiply(
                    turn, quaternion.from_axis_angle(np.radians(value)[:, None] * _AXES[channel[0]])
                )
        if joint.parent < 0:
            positions[:, index], rotations[:, index], rest[index] = place, turn, joint.offset
            continue
        above = rotations[:, joint.parent]
        positions[:, index] = positions[:, joint.parent] + quaternion.rotate(above, place)
        rotations[:, index] = quaternion.multiply(above, turn)
        rest[index] = rest[joint.parent] + joint.offset
    return BvhMotion(joints, fps, positions, rotations, rest)
