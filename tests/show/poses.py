"""Made-up dances for the timeline."""

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.motion import PoseFrame
from megadance_live.core.skeleton import JOINT_COUNT, STANDING_PELVIS_M

FRAME_S = 1 / 30


def frame_at(time_s: float, expert: str = "house") -> PoseFrame:
    """A pose of a smooth dance: every joint swings, the pelvis walks."""
    phase = np.arange(3 * JOINT_COUNT).reshape(JOINT_COUNT, 3)
    turns = 0.4 * np.sin(2 * np.pi * 0.8 * time_s + phase)
    root = [0.3 * np.sin(time_s), STANDING_PELVIS_M + 0.03 * np.sin(7 * time_s), 0.3 * np.cos(time_s)]
    return PoseFrame(
        time_s=time_s,
        bars=time_s / 2,
        root_m=np.array(root, np.float32),
        quats=quaternion.from_axis_angle(turns).astype(np.float32),
        contacts=np.array([1, 0, 0.5, 0.25], np.float32),
        expert=expert,
    )


def angles_rad(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Angle of each joint between two poses [24, 4]."""
    dot = np.abs(np.sum(a.astype(np.float64) * b, axis=-1))
    return 2 * np.arccos(np.clip(dot, 0, 1))
