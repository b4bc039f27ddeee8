"""Test poses: anatomy and facing, in SMPL axes (x to the left hand, y up, z forward)."""

from typing import get_args

import numpy as np
import pytest

from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import (
    ANKLE_FLOOR_M,
    JOINT_NAMES,
    LEFT_ANKLE,
    LEFT_FOOT,
    LEFT_SHOULDER,
    LEFT_WRIST,
    RIGHT_ANKLE,
    RIGHT_FOOT,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
)
from megadance_live.show.patterns import RAISE_S, Pattern, PatternName

START_S = 500.0
POSES: tuple[PatternName, ...] = tuple(name for name in get_args(PatternName) if name != "off")


def joints(name: PatternName, after_s: float) -> np.ndarray:
    """World positions [24, 3] so long after the pattern began."""
    pose = Pattern(name, START_S).at(START_S + after_s)
    return forward(pose.root_m, pose.quats)[0]


@pytest.mark.parametrize("name", POSES)
def test_it_stands_on_the_floor_in_the_middle_and_faces_forward(name: PatternName) -> None:
    for after_s in (0.0, 0.7, RAISE_S / 2):
        seen = joints(name, after_s)
        np.testing.assert_allclose(seen[[LEFT_ANKLE, RIGHT_ANKLE], 1], ANKLE_FLOOR_M, atol=1e-4)
        np.testing.assert_allclose(seen[[LEFT_FOOT, RIGHT_FOOT], 1], 0.0, atol=1e-3)
        np.testing.assert_allclose(seen[0, [0, 2]], 0.0, atol=1e-6)
        assert seen[LEFT_FOOT, 2] > seen[LEFT_ANKLE, 2]
        assert seen[LEFT_SHOULDER, 0] > 0 > seen[RIGHT_SHOULDER, 0]
        assert JOINT_NAMES[LEFT_WRIST] == "left_wrist"


def test_the_t_pose_holds_both_arms_out() -> None:
    seen = joints("t_pose", 1.3)
    assert seen[LEFT_WRIST, 0] > 0.6
    assert seen[RIGHT_WRIST, 0] < -0.6
    np.testing.assert_allclose(seen[LEFT_WRIST, 1], seen[RIGHT_WRIST, 1], atol=1e-4)
    assert abs(seen[LEFT_WRIST, 1] - seen[LEFT_SHOULDER, 1]) < 0.05


def test_both_arms_go_from_hanging_to_overhead_together() -> None:
    low, high = joints("arm_raise", 0.0), joints("arm_raise", RAISE_S / 2)
    for shoulder, wrist in ((LEFT_SHOULDER, LEFT_WRIST), (RIGHT_SHOULDER, RIGHT_WRIST)):
        assert low[wrist, 1] < low[shoulder, 1] - 0.4
        assert high[wrist, 1] > high[shoulder, 1] + 0.4
    np.testing.assert_allclose(high[LEFT_WRIST] * [-1, 1, 1], high[RIGHT_WRIST], atol=1e-4)


def test_the_left_arm_is_the_performers_own_left_and_the_right_one_hangs() -> None:
    low, high = joints("left_arm", 0.0), joints("left_arm", RAISE_S / 2)
    assert high[LEFT_WRIST, 1] > high[LEFT_SHOULDER, 1] + 0.4
    assert high[LEFT_WRIST, 0] > 0
    np.testing.assert_allclose(low[RIGHT_WRIST], high[RIGHT_WRIST], atol=1e-5)
    assert high[RIGHT_WRIST, 1] < high[RIGHT_SHOULDER, 1] - 0.4


@pytest.mark.parametrize("name", POSES)
def test_it_moves_without_a_jump_and_comes_round(name: PatternName) -> None:
    moments = np.stack([joints(name, t) for t in np.arange(0.0, RAISE_S, 1 / 60)])
    assert np.linalg.norm(np.diff(moments, axis=0), axis=-1).max() < 0.05
    np.testing.assert_allclose(joints(name, RAISE_S), joints(name, 0.0), atol=1e-5)
    assert Pattern(name, START_S).at(START_S).mode == "pattern"
