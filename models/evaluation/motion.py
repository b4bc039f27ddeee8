"""A dance as the metrics see it: where the joints are, thirty times a second, and when the beats fall."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics, quaternion

F64 = npt.NDArray[np.float64]

WINDOW_FRAMES = 150
"""Sets of dances are compared by stretches of 5 s, so that a clip of 10 s and one of 40 s weigh by their length."""
WINDOW_STEP_FRAMES = 75


@dataclass(frozen=True)
class Motion:
    """30 frames per second on the built-in skeleton, Y up, the floor at 0. `beat_frames` (fractional frames of the
    music's beats) is empty where they are not known."""

    name: str
    genre: str
    joints_m: F64  # [T, 24, 3] in the world
    heading_rad: F64  # [T]
    beat_frames: F64  # [B]

    def __len__(self) -> int:
        return len(self.joints_m)

    def local_joints_m(self) -> F64:
        """[T, 24, 3] relative to the pelvis, turned so that the pelvis always faces +Z: place and heading are free."""
        relative = self.joints_m - self.joints_m[:, :1]
        turn = quaternion.from_yaw(-self.heading_rad)
        return np.asarray(quaternion.rotate(np.repeat(turn[:, None], relative.shape[1], axis=1), relative), np.float64)

    def cut(self, start: int, stop: int) -> "Motion":
        """The frames from start to before stop, with the beats among them."""
        beats = self.beat_frames[(self.beat_frames >= start) & (self.beat_frames < stop)] - start
        return replace(
            self, joints_m=self.joints_m[start:stop], heading_rad=self.heading_rad[start:stop], beat_frames=beats
        )

    def windows(self, frames: int = WINDOW_FRAMES, step: int = WINDOW_STEP_FRAMES) -> list["Motion"]:
        """All whole stretches of `frames`, every `step`; none of a dance that is shorter."""
        return [self.cut(start, start + frames) for start in range(0, len(self) - frames + 1, step)]


def motion_from(
    name: str,
    genre: str,
    root_m: npt.NDArray[np.floating],
    quats: npt.NDArray[np.floating],
    beat_frames: npt.NDArray[np.floating] | None = None,
) -> Motion:
    """From pelvis positions [T, 3] and local quaternions [T, 24, 4] in the world."""
    joints, _ = kinematics.forward(root_m.astype(np.float64), quats.astype(np.float64))
    beats = np.zeros(0) if beat_frames is None else beat_frames.astype(np.float64)
    heading = np.asarray(quaternion.yaw(quats[:, 0].astype(np.float64)), np.float64)
    return Motion(name, genre, np.asarray(joints, np.float64), heading, beats)
