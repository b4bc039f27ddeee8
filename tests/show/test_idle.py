import numpy as np
import pytest

from megadance_live.core import quaternion
from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import (
    ANKLE_FLOOR_M,
    LEFT_ANKLE,
    LEFT_FOOT,
    LEFT_HAND,
    PELVIS,
    RIGHT_ANKLE,
    RIGHT_FOOT,
    RIGHT_HAND,
    SPINE3,
)
from megadance_live.show.idle import Idle
from megadance_live.show.stage_pose import StagePose
from tests.show.poses import frame_at

TIMES_S = np.arange(0, 30, 0.1)
FEET = [LEFT_ANKLE, RIGHT_ANKLE, LEFT_FOOT, RIGHT_FOOT]


def _joints(idle: Idle, times_s: np.ndarray = TIMES_S) -> np.ndarray:
    """[times, 24, 3]"""
    poses = [idle.at(float(t)) for t in times_s]
    return forward(np.array([pose.root_m for pose in poses]), np.array([pose.quats for pose in poses]))[0]


def _anchor() -> StagePose:
    frame = frame_at(3.3)
    quats = frame.quats.copy()
    quats[PELVIS] = quaternion.multiply(quaternion.from_yaw(np.float32(2.0)).astype(np.float32), quats[PELVIS])
    return StagePose(frame.root_m + np.float32([1, 0.2, -2]), quats, frame.contacts, expert=4)


@pytest.mark.parametrize("anchor", [None, _anchor()])
def test_the_feet_stay_on_the_floor_where_they_are(anchor: StagePose | None) -> None:
    feet = _joints(Idle(anchor))[:, FEET]
    assert np.abs(feet - feet[0]).max() < 0.001
    np.testing.assert_allclose(feet[:, :2, 1], ANKLE_FLOOR_M, atol=0.001)


def test_it_breathes_and_sways() -> None:
    joints = _joints(Idle())
    assert 0.002 < np.ptp(joints[:, SPINE3], axis=0).max() < 0.05
    assert 0.002 < np.ptp(joints[:, PELVIS, 0]) < 0.05


def test_it_moves_gently() -> None:
    joints = _joints(Idle())
    assert np.abs(np.diff(joints, axis=0)).max() / 0.1 < 0.1  # m/s


def test_the_arms_hang() -> None:
    joints = _joints(Idle(), np.zeros(1))[0]
    assert joints[[LEFT_HAND, RIGHT_HAND], 1].max() < joints[PELVIS, 1] + 0.05
    assert joints[LEFT_HAND, 0] > 0.1 > -0.1 > joints[RIGHT_HAND, 0]


def test_it_stands_where_the_dancer_stood_and_faces_the_same_way() -> None:
    anchor = _anchor()
    before, _ = forward(anchor.root_m, anchor.quats)
    pose = Idle(anchor).at(0.0)
    after, _ = forward(pose.root_m, pose.quats)
    middle = [joints[[LEFT_ANKLE, RIGHT_ANKLE]].mean(axis=0)[[0, 2]] for joints in (before, after)]
    np.testing.assert_allclose(middle[0], middle[1], atol=1e-4)
    assert float(quaternion.yaw(pose.quats[PELVIS])) == pytest.approx(
        float(quaternion.yaw(anchor.quats[PELVIS])), abs=1e-4
    )
    assert (pose.expert, pose.mode) == (4, "idle")
