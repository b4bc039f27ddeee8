"""Root, leash and feet."""

import math

import numpy as np
import pytest

from megadance_live.core.motion import RawMotion
from megadance_live.motion.foot_lock import GIVE_WAY_M, FootLockState, lock_feet
from megadance_live.motion.leash import Leash, led, led_step
from megadance_live.motion.leg import leg_of, reach
from megadance_live.motion.root import RootState, integrate
from megadance_live.motion.rotations import skeleton
from tests.motion.moves import changed, dance, places, run, standing

FREE = Leash(soft_m=1e6, hard_m=2e6)


def test_steps_go_where_the_body_heads() -> None:
    back_to_front = Leash(soft_m=1e9, hard_m=2e9, facing_rad=math.pi)
    assert integrate(np.array([0.9, 0.0, 0.0, 0.5]), back_to_front, RootState()).heading_rad == pytest.approx(0.5)
    state = RootState(heading_rad=math.pi / 2)  # heading +X
    forward = integrate(np.array([0.9, 0.0, 0.1, 0.0]), FREE, state)
    assert (forward.x_m, forward.z_m) == pytest.approx((0.1, 0.0), abs=1e-6)
    left = integrate(np.array([0.9, 0.1, 0.0, 0.0]), FREE, state)
    assert (left.x_m, left.z_m) == pytest.approx((0.0, -0.1), abs=1e-6)


def test_who_stands_still_is_left_alone() -> None:
    for place in ((0.0, 0.0), (1.0, 0.5), (3.0, 0.0)):
        assert led(place, 2.0, (0.0, 0.0), 0.0, Leash()) == ((0.0, 0.0), 0.0)


def test_within_the_soft_radius_steps_are_nearly_free() -> None:
    x, z = led_step((0.2, 0.0), (0.02, 0.01), Leash())
    assert math.hypot(x - 0.02, z - 0.01) < 0.15 * math.hypot(0.02, 0.01)


@pytest.mark.parametrize("speed", [0.005, 0.05, 0.2])
def test_nobody_leaves_the_stage(speed: float) -> None:
    rng = np.random.default_rng(1)
    leash, place = Leash(), (0.0, 0.0)
    angle = 0.0
    for _ in range(5000):
        angle += rng.normal(0, 0.2)
        step = led_step(place, (speed * math.cos(angle), speed * math.sin(angle)), leash)
        assert math.hypot(*step) < 1.2 * speed
        place = (place[0] + step[0], place[1] + step[1])
        assert math.hypot(*place) <= leash.hard_m + 1e-9


def test_who_strayed_comes_back_when_he_moves() -> None:
    place, leash = (2.5, 0.0), Leash()
    for i in range(3000):
        x, z = led_step(place, (0.02 * math.cos(i / 5), 0.02 * math.sin(i / 5)), leash)
        place = (place[0] + x, place[1] + z)
    assert math.hypot(*place) < leash.soft_m


def test_the_dancer_faces_the_audience_on_the_whole() -> None:
    rng = np.random.default_rng(2)
    state, facing = RootState(), []
    for i in range(20_000):
        turn = rng.normal(0, 0.05) + 0.003
        state = integrate(np.array([0.9, 0.02 * math.sin(i / 7), 0.02 * math.cos(i / 9), turn]), Leash(), state)
        facing.append(math.cos(state.heading_rad))
    assert np.mean(facing) > 0.4


def test_a_spin_goes_through() -> None:
    state, total = RootState(), 0.0
    for _ in range(60):
        before = state.heading_rad
        state = integrate(np.array([0.9, 0.0, 0.0, 0.2]), Leash(), state)
        total += math.remainder(state.heading_rad - before, 2 * math.pi)
    assert 0.85 * 12.0 < total < 1.15 * 12.0


def _sliding(frames: int, speed_m: float) -> RawMotion:
    """Flat feet on the floor while the pelvis sways sideways: both feet skate."""
    raw = standing(frames)
    sway = speed_m * np.sin(np.arange(frames) / 3)
    return changed(raw, velocity=np.stack([sway, np.zeros(frames)], axis=1))


def test_standing_feet_stand() -> None:
    raw = _sliding(120, 0.012)
    free = places(run(changed(raw, contacts=np.zeros((120, 4)))))
    locked = places(run(raw))
    for joint in (10, 11):
        assert np.abs(np.diff(free[10:, joint], axis=0)).max() > 0.008
        assert np.abs(np.diff(locked[10:, joint], axis=0)).max() < 1e-4
    assert all(pose.contacts.min() == 1.0 for pose in run(raw)[10:])


def test_feet_that_are_pressed_onto_the_floor_stand_whatever_the_model_says() -> None:
    raw = changed(_sliding(20, 0.012), contacts=np.zeros((20, 4)))
    crouching = run(changed(raw, height_m=raw.height_m - 0.02 * np.arange(20)))
    assert all(pose.contacts.min() == 1.0 for pose in crouching[6:])
    toes = places(crouching)[6:, [10, 11]][:, :, [0, 2]]
    assert np.abs(np.diff(toes, axis=0)).max() < 1e-4
    assert max(float(pose.contacts.max()) for pose in run(raw)) == 0.0


def test_who_stands_on_his_hands_does_not_reach_through_the_floor() -> None:
    raw = standing(60)
    upside_down = raw.quats.copy()
    upside_down[:, 0] = (1.0, 0.0, 0.0, 0.0)
    deepest = places(run(changed(raw, quats=upside_down, height_m=np.full(60, 1.5))))[0, :, 1].min()
    shown = places(run(changed(raw, quats=upside_down, height_m=np.full(60, 1.5 - deepest - 0.1))))[:, :, 1].min(axis=1)
    assert shown[0] < -0.05
    assert shown[20:].min() > -0.005
    assert shown[20:].max() < 0.02


def test_feet_in_the_air_are_not_held() -> None:
    raw = _sliding(11, 0.012)
    poses = run(changed(raw, height_m=raw.height_m + 0.5))
    assert max(float(pose.contacts.max()) for pose in poses) == 0.0


def test_who_stays_in_the_air_comes_down_and_stands() -> None:
    raw = _sliding(60, 0.012)
    poses = run(changed(raw, height_m=raw.height_m + 0.5))
    assert places(poses[:11])[:, :, 1].min() > 0.4
    assert places(poses[40:])[:, :, 1].min(axis=1).max() < 0.08
    assert poses[-1].contacts.max() == 1.0


def test_a_foot_that_is_dragged_too_far_gives_way_without_a_jerk() -> None:
    raw = changed(standing(120), velocity=np.tile([0.02, 0.0], (120, 1)))
    joints = places(run(raw))
    toe = joints[:, 10]
    assert np.abs(toe - joints[:, 0]).max() < 1.2
    assert np.abs(np.diff(toe, axis=0)).max() < 0.08
    offset = (toe[:, 0] - joints[:, 0, 0]) - (toe[0, 0] - joints[0, 0, 0])
    assert np.abs(offset).max() < GIVE_WAY_M + 0.03


def test_lock_and_release_are_gentle_on_the_knees() -> None:
    raw = _sliding(240, 0.008)
    contacts = np.repeat((np.arange(240) // 20 % 2)[:, None], 4, axis=1)
    poses = run(changed(raw, contacts=contacts))
    knees = np.stack([pose.quats[[4, 5], 0] for pose in poses])
    assert np.abs(np.diff(knees, 2, axis=0)).max() < 0.05


def test_a_leg_that_is_where_it_should_be_is_not_changed() -> None:
    raw = dance(30)
    for i in range(30):
        quats = raw.quats[i].astype(np.float64)
        quats[[4, 5]] = [math.sin(0.3), 0.0, 0.0, math.cos(0.3)]
        for side in (0, 1):
            leg = leg_of(side, (0.0, 0.9, 0.0), quats)
            for mine, joint in zip(reach(leg, leg.ankle, leg.foot), ((1, 4, 7), (2, 5, 8))[side], strict=True):
                assert abs(np.dot(mine, quats[joint])) == pytest.approx(1.0, abs=1e-6)


def test_a_leg_reaches_what_it_can() -> None:
    rng = np.random.default_rng(0)
    quats = standing(1).quats[0].astype(np.float64)
    leg = leg_of(0, (0.0, 0.9, 0.0), quats)
    for _ in range(200):
        goal = tuple(np.array(leg.hip) + rng.normal(0, 0.3, 3) + [0, -0.45, 0])
        result = quats.copy()
        result[1], result[4], result[7] = reach(leg, goal, leg.foot)
        joints = skeleton(result)[0] + [0.0, 0.9, 0.0]
        far = float(np.linalg.norm(np.array(goal) - leg.hip))
        if 0.2 < far < 0.78:
            assert np.allclose(joints[7], goal, atol=1e-6)
        assert np.isfinite(result).all()


def test_nothing_to_do_changes_nothing() -> None:
    quats = standing(1).quats[0].astype(np.float64)
    locked, state = lock_feet((0.0, 3.0, 0.0), quats, np.zeros(4), FREE, FootLockState())
    assert locked.quats is quats
    assert locked.root_m == (0.0, 3.0, 0.0)
    assert state.lift_m == 0.0
