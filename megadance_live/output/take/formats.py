"""The formats of motion that a take can hold."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import JOINT_COUNT
from megadance_live.output.take import aist, amass, bvh, edge, glb
from megadance_live.output.take.track import Motion


@dataclass(frozen=True)
class MotionFormat:
    """How a format is written, at `fps` frames per second, and read back."""

    suffix: str
    write: Callable[[Path, Motion], None]
    read: Callable[[Path], Motion]
    fps: int = FRAME_RATE_HZ


FORMATS: dict[str, MotionFormat] = {
    "amass": MotionFormat(amass.SUFFIX, amass.write_amass, amass.read_amass),
    "aist": MotionFormat(aist.SUFFIX, aist.write_aist, aist.read_aist, aist.FPS),
    "bvh": MotionFormat(bvh.SUFFIX, bvh.write_bvh, bvh.read_bvh),
    "edge": MotionFormat(edge.SUFFIX, edge.write_edge, edge.read_edge, edge.FPS),
    "glb": MotionFormat(glb.SUFFIX, glb.write_glb, glb.read_glb),
}
ALL_FORMATS: tuple[str, ...] = tuple(FORMATS)
USUAL_FORMATS: tuple[str, ...] = ("amass", "aist", "bvh")
"""What a take holds unless it is told otherwise."""
BY_FIDELITY: tuple[str, ...] = ("aist", "edge", "glb", "bvh", "amass")
"""From the most that is kept of the dance to the least; AMASS drops the rotations of the hands."""


def parse_formats(names: Sequence[str]) -> tuple[str, ...]:
    """The formats in their own order, each once. Raises TakeError for an unknown one."""
    for name in names:
        if name not in FORMATS:
            raise TakeError(f'"{name}" is not a format of recording; choose from {", ".join(ALL_FORMATS)}.')
    return tuple(name for name in ALL_FORMATS if name in names)


def read_motion(path: Path, name: str) -> Motion:
    """The motion of a file in the format `name`. Raises TakeError where it is broken or not one of ours."""
    try:
        return _checked(FORMATS[name].read(path))
    except Exception as error:  # a file that anybody may have changed can fail in any way
        reason = getattr(error, "strerror", None) or error
        raise TakeError(f"{path} cannot be read ({reason}).") from error


def _checked(motion: Motion) -> Motion:
    """Raises ValueError for what is no motion."""
    count = len(motion)
    right = motion.root_m.shape == (count, 3) and motion.quats.shape == (count, JOINT_COUNT, 4)
    if not (count and motion.fps > 0 and right):
        raise ValueError("it holds no motion of our skeleton")
    if not (np.isfinite(motion.root_m).all() and np.isfinite(motion.quats).all()):
        raise ValueError("it holds numbers that are not finite")
    return Motion(motion.fps, motion.root_m, np.asarray(quaternion.normalise(motion.quats), np.float64))
