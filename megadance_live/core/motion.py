"""What the dancer says: tokens, raw motion frames, and poses ready for a stage."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

TOKEN_FRAMES = 4
FRAME_RATE_HZ = 30
TOKEN_S = TOKEN_FRAMES / FRAME_RATE_HZ  # 0.1333 s at nominal speed


@dataclass(frozen=True)
class MotionTokens:
    """FSQ digits of one token and the part of the bar that it covers."""

    upper: npt.NDArray[np.int64]  # [levels]
    lower: npt.NDArray[np.int64]  # [levels]
    bar: int
    slot: int
    slots: int

    @property
    def bars(self) -> float:
        """Bar position of its first frame."""
        return self.bar + self.slot / self.slots


@dataclass(frozen=True)
class RawMotion:
    """Motion as the decoder gives it: heading and stage position are free. One entry per frame, [n, ...].

    `quats` are local joint quaternions xyzw, joint 0 without heading (rotation about Y). `height_m` is that of the
    pelvis; `velocity` the pelvis' displacement to this frame in the heading's frame (x to the dancer's left, z
    forward), metres per frame; `yaw_rate` the change of heading to this frame, rad per frame; `contacts` the
    probability that left heel, left toe, right heel, right toe stand on the floor.
    """

    quats: F32  # [n, 24, 4]
    height_m: F32  # [n]
    velocity: F32  # [n, 2]
    yaw_rate: F32  # [n]
    contacts: F32  # [n, 4]

    def __len__(self) -> int:
        return int(self.quats.shape[0])

    def frame(self, i: int) -> "RawMotion":
        """Frame i alone, [1, ...]."""
        s = slice(i, i + 1)
        return RawMotion(self.quats[s], self.height_m[s], self.velocity[s], self.yaw_rate[s], self.contacts[s])


@dataclass(frozen=True)
class PoseFrame:
    """One pose for the stage, in SMPL axes (right-handed, Y up, metres, facing +Z at rest).

    `time_s` is the stream time at which it should be seen, `bars` its bar position. A frame whose time is not later
    than that of a frame already delivered replaces it and all that followed it.
    """

    time_s: float
    bars: float
    root_m: F32  # [3] pelvis in the world
    quats: F32  # [24, 4] local, xyzw, SMPL joint order; joint 0 is the world orientation of the pelvis
    contacts: F32  # [4] left heel, left toe, right heel, right toe, 0..1
    expert: str
