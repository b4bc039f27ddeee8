"""Made-up dances whose scores are known by hand."""

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics, quaternion
from megadance_live.core.skeleton import JOINT_COUNT, STANDING_PELVIS_M
from models.evaluation.motion import Motion, motion_from

F64 = npt.NDArray[np.float64]
F32 = npt.NDArray[np.float32]


def standing(frames: int) -> F64:
    """Joints [T, 24, 3] of somebody who stands still with both feet flat on the floor."""
    root, quats = still_pose(frames)
    return np.asarray(kinematics.forward(root.astype(np.float64), quats.astype(np.float64))[0], np.float64)


def still_pose(frames: int) -> tuple[F32, F32]:
    root = np.tile(np.array([0.0, STANDING_PELVIS_M, 0.0], np.float32), (frames, 1))
    return root, np.asarray(quaternion.identity(frames, JOINT_COUNT), np.float32)


def gliding(frames: int, velocity_m_s: tuple[float, float, float]) -> F64:
    """The same, moved as a whole."""
    path = np.arange(frames)[:, None] / 30.0 * np.array(velocity_m_s)
    return np.asarray(standing(frames) + path[:, None], np.float64)


def pulsing(frames: int, beat_frames: F64, reach_m: float = 0.3) -> F64:
    """Somebody whose hands go up and down and stop exactly on every beat."""
    joints = standing(frames)
    at = np.interp(np.arange(frames), beat_frames, np.arange(len(beat_frames)))
    joints[:, 20:24, 1] += (reach_m * np.sin(np.pi * at - np.pi / 2))[:, None]
    return joints


def motion(joints_m: F64, genre: str = "house", beats: F64 | None = None) -> Motion:
    return Motion("made up", genre, joints_m, np.zeros(len(joints_m)), np.zeros(0) if beats is None else beats)


def swaying(frames: int, genre: str, beats_per_sway: float = 2.0, size: float = 0.4, seed: int = 0) -> Motion:
    """A dance of arms, legs and spine with a size and a tempo of its own."""
    rng = np.random.default_rng(seed)
    phase = 2 * np.pi * (np.arange(frames) / (15.0 * beats_per_sway) + rng.random())
    turned = np.zeros((frames, JOINT_COUNT, 3))
    turned[:, 3, 2] = size * np.sin(phase)
    turned[:, (16, 17), 2] = size * np.cos(phase)[:, None]
    turned[:, (4, 5), 0] = size * (1 + np.sin(phase))[:, None]
    root, _ = still_pose(frames)
    quats = np.asarray(quaternion.from_axis_angle(turned), np.float32)
    return motion_from(f"{genre} {seed}", genre, root, quats, np.arange(0.0, frames, 15.0))
