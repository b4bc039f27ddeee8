"""Test poses that check a rig: which way it faces, which arm is the left, whether the axes turn the right way."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.skeleton import JOINT_COUNT, LEFT_SHOULDER, RIGHT_SHOULDER, STANDING_PELVIS_M
from megadance_live.show.stage_pose import StagePose

PatternName = Literal["off", "t_pose", "arm_raise", "left_arm"]

RAISE_S = 4.0
"""From hanging to overhead and back."""
HANGING_RAD = math.radians(-75)
OVERHEAD_RAD = math.radians(75)
"""About the axis that points forward, from the T-pose."""
_CONTACTS = np.ones(4, np.float32)


@dataclass(frozen=True)
class Pattern:
    """A source of poses, in the middle of the stage and facing forward. `t_pose` stands still with its arms out;
    `arm_raise` raises and lowers both arms, `left_arm` only the left one, while the right one hangs."""

    name: PatternName
    start_s: float

    def at(self, time_s: float) -> StagePose:
        """The pose at a host time."""
        swing = 0.5 * (1 - math.cos(2 * math.pi * (time_s - self.start_s) / RAISE_S))
        raised = HANGING_RAD + (OVERHEAD_RAD - HANGING_RAD) * swing
        left, right = {"arm_raise": (raised, raised), "left_arm": (raised, HANGING_RAD)}.get(self.name, (0.0, 0.0))
        turns = np.zeros((JOINT_COUNT, 3), np.float32)
        turns[LEFT_SHOULDER, 2], turns[RIGHT_SHOULDER, 2] = left, -right
        root_m = np.array([0.0, STANDING_PELVIS_M, 0.0], np.float32)
        return StagePose(root_m, quaternion.from_axis_angle(turns), _CONTACTS, mode="pattern")
