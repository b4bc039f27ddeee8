"""Horizontal travel from the feet, for clips whose own cannot be trusted: what stands on the floor does not move."""

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics
from models.representation import CONTACT_JOINTS

F32 = npt.NDArray[np.float32]

_SUPPORT_SOFTNESS_M = 0.006
# How far above the floor heel and toe joints are when they stand on it.
_REST_HEIGHT_M = np.array([0.061, 0.0, 0.061, 0.0], np.float32)


def travel_from_feet(root_m: F32, quats: F32) -> F32:
    """Pelvis positions [T, 3] whose horizontal displacement keeps the lowest points of the feet in place; height as it
    was."""
    positions, _ = kinematics.forward(root_m, quats)
    feet = positions[:, CONTACT_JOINTS] - root_m[:, None]
    height = positions[:, CONTACT_JOINTS, 1] - _REST_HEIGHT_M
    low = np.maximum(height[1:], height[:-1])
    low = low - low.min(axis=1, keepdims=True)
    weight = np.exp(-low / _SUPPORT_SOFTNESS_M)
    weight /= weight.sum(axis=1, keepdims=True)
    step = -(weight[..., None] * np.diff(feet, axis=0)).sum(axis=1)
    kernel = np.array([0.25, 0.5, 0.25], np.float32)
    padded = np.pad(step, ((1, 1), (0, 0)), mode="edge")
    smooth = sum(kernel[i] * padded[i : i + len(step)] for i in range(3))
    travelled = root_m.copy()
    for axis in (0, 2):
        travelled[1:, axis] = root_m[0, axis] + np.cumsum(np.asarray(smooth)[:, axis])
    return travelled


def slide_of(root_m: F32, quats: F32) -> float:
    """Mean speed, m per frame, of the lowest heel or toe: 0 where something always stands still."""
    positions, _ = kinematics.forward(root_m, quats)
    feet = positions[:, CONTACT_JOINTS]
    lowest = np.argmin(feet[1:, :, 1] - _REST_HEIGHT_M, axis=1)
    step = np.linalg.norm(np.diff(feet[..., [0, 2]], axis=0), axis=-1)
    return float(np.take_along_axis(step, lowest[:, None], axis=1).mean())


def least_sliding(root_m: F32, quats: F32) -> F32:
    """The clip's own travel or that of its feet, whichever slides less."""
    travelled = travel_from_feet(root_m, quats)
    return travelled if slide_of(travelled, quats) < slide_of(root_m, quats) else root_m
