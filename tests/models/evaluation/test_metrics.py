"""Every metric on made-up motion whose score is known by hand."""

import numpy as np
import pytest

from megadance_live.core.skeleton import (
    JOINT_COUNT,
    LEFT_FOOT,
    LEFT_WRIST,
    MIRROR_JOINTS,
    PELVIS,
    RIGHT_ANKLE,
    RIGHT_FOOT,
    RIGHT_WRIST,
)
from models.evaluation.alignment import HIT_FRAMES, beat_scores, motion_beats
from models.evaluation.contact import physical_foot_contact
from models.evaluation.diversity import diversity
from models.evaluation.frechet import frechet_distance, standard_of
from models.evaluation.freezing import freeze_ratio, longest_freeze_s
from models.evaluation.geometric import GEOMETRIC_SIZE, geometric_features, relations
from models.evaluation.jerk import border_jerk, jerk, mean_jerk, switch_jerk
from models.evaluation.kinetic import KINETIC_SIZE, kinetic_features
from models.evaluation.repetition import repetition
from models.evaluation.skating import foot_skate
from models.evaluation.style import accuracy, macro_f1
from models.evaluation.tally import Tally, pooled, tally
from tests.models.evaluation.motions import gliding, motion, pulsing, standing, swaying


def test_tallies_are_means_that_can_be_put_together() -> None:
    assert pooled([tally([1.0, 2.0]), tally([6.0])]).value == 3.0
    assert np.isnan(pooled([]).value)
    assert tally([True, False]) == Tally(1.0, 2.0)


def test_kinetic_features_of_a_body_that_glides_are_its_speed_squared() -> None:
    features = kinetic_features(gliding(60, (0.6, 0.5, 0.8)))
    assert features.shape == (KINETIC_SIZE,)
    np.testing.assert_allclose(features[:24], 1.0, rtol=1e-9)
    np.testing.assert_allclose(features[24:48], 0.25, rtol=1e-9)
    np.testing.assert_allclose(features[48:], 0.0, atol=1e-9)


def test_kinetic_effort_of_a_body_in_free_fall_is_gravity() -> None:
    joints = standing(60)
    joints[..., 1] -= (0.5 * 9.81 * (np.arange(60) / 30.0) ** 2)[:, None]
    np.testing.assert_allclose(kinetic_features(joints)[48:], 9.81, rtol=1e-9)


def test_geometric_features_of_somebody_who_stands_with_arms_stretched_out() -> None:
    features = geometric_features(standing(10))
    assert features.shape == (GEOMETRIC_SIZE,)
    # Arms stretched out sideways: hands far apart, upper arms away from the body. And by the published relation, whose
    # plane goes through the hips and a toe, either foot of somebody who stands is behind the other leg.
    assert set(np.flatnonzero(features)) == {8, 14, 15, 23, 24}
    np.testing.assert_array_equal(features[[8, 14, 15, 23, 24]], 1.0)


def test_geometric_features_see_a_fast_hand_raised_above_the_neck_and_a_raised_foot() -> None:
    joints = standing(11)
    joints[:, RIGHT_WRIST] = joints[:, 12] + np.array([0.0, 0.3, 0.0])
    joints[:, RIGHT_WRIST, 1] += 0.05 * np.arange(11)  # 1.5 m/s upwards
    joints[:, RIGHT_ANKLE, 1] += 0.5
    found = relations(joints).mean(axis=0)
    assert found[2] == 1.0
    assert found[3] == 0.0
    assert found[4] == 1.0
    assert found[12] == 1.0
    assert found[16] == 1.0
    assert found[17] == 0.0


def test_every_geometric_relation_of_one_side_is_the_mirror_image_of_the_others() -> None:
    rng = np.random.default_rng(1)
    joints = standing(200) + np.cumsum(rng.normal(0, 0.04, (200, JOINT_COUNT, 3)), axis=0)
    mirrored = joints[:, MIRROR_JOINTS] * np.array([-1.0, 1.0, 1.0])
    pairs = [(0, 1), (2, 3), (4, 5), (6, 7), (10, 11), (12, 13), (14, 15), (16, 17), (19, 20), (21, 22), (23, 24)]
    pairs += [(25, 26), (29, 30)]
    order = np.arange(GEOMETRIC_SIZE)
    for right, left in pairs:
        order[[right, left]] = left, right
    found, seen = relations(joints), relations(mirrored)
    np.testing.assert_array_equal(seen[:, order], found)
    assert (found.any(axis=0) & ~found.all(axis=0)).sum() > 20


def test_frechet_distance_of_a_set_with_itself_is_nothing() -> None:
    features = np.random.default_rng(0).normal(size=(50, 72))
    assert frechet_distance(features, features) == pytest.approx(0.0, abs=1e-4)


def test_frechet_distance_of_gaussians_is_that_of_the_closed_form() -> None:
    rng = np.random.default_rng(0)
    real = rng.normal(size=(4_000, 6))
    shift, scale = np.array([1.0, -2.0, 0.0, 0.5, 0.0, 0.0]), np.array([1.0, 1.0, 2.0, 1.0, 0.5, 1.0])
    made = rng.normal(size=(4_000, 6)) * scale + shift
    expected = float((shift**2).sum() + ((scale - 1.0) ** 2).sum())
    assert frechet_distance(real, made) == pytest.approx(expected, rel=0.05)
    assert frechet_distance(real, real + shift) == pytest.approx(float((shift**2).sum()), rel=1e-6)


def test_frechet_distance_does_not_mind_fewer_dances_than_features_and_says_nothing_of_one() -> None:
    rng = np.random.default_rng(0)
    few = rng.normal(size=(10, 72))
    assert frechet_distance(few, few + 1.0) == pytest.approx(72.0, rel=1e-6)
    assert np.isnan(frechet_distance(few, few[:1]))


def test_a_feature_that_never_varies_keeps_its_own_unit() -> None:
    features = np.array([[1.0, 5.0], [3.0, 5.0]])
    standard = standard_of(features)
    np.testing.assert_array_equal(standard.of(np.array([[4.0, 6.0]])), [[2.0, 1.0]])


def test_diversity_is_the_mean_distance_of_pairs() -> None:
    features = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 8.0]])
    assert diversity(features) == pytest.approx((5.0 + 8.0 + 5.0) / 3)
    assert diversity(np.ones((5, 3))) == 0.0
    assert np.isnan(diversity(features[:1]))


def test_a_dancer_who_stops_on_every_beat_is_perfectly_aligned() -> None:
    beats = np.arange(0.5, 400, 20.0)
    scores = beat_scores(pulsing(401, beats), beats[2:-2])
    assert scores.alignment.value == pytest.approx(1.0, abs=0.02)
    assert scores.recall.value == 1.0
    assert np.abs(np.median(scores.lags_ms)) < 10.0
    inner = motion_beats(pulsing(401, beats))
    np.testing.assert_allclose(inner, beats[1 : len(inner) + 1], atol=0.5)


def test_chance_is_alignment_with_beats_shifted_through_a_period() -> None:
    beats = np.arange(0.5, 4_000, 20.0)
    scores = beat_scores(pulsing(4_001, beats), beats[2:-2])
    by_hand = np.mean([np.exp(-(min(s, 20 - s) ** 2) / 18) for s in np.arange(16) / 16 * 20])
    assert scores.chance.value == pytest.approx(by_hand, abs=0.01)


def test_a_dancer_who_is_late_has_that_lag_and_misses_the_beat() -> None:
    beats = np.arange(0.5, 400, 20.0)
    scores = beat_scores(pulsing(401, beats), beats[2:-2] - 6.0)
    assert np.median(scores.lags_ms) == pytest.approx(200.0, abs=10.0)
    assert scores.precision.value < 0.1
    assert scores.recall.value == 0.0
    assert scores.alignment.value == pytest.approx(np.exp(-36 / 18), abs=0.02)
    assert HIT_FRAMES < 6.0


def test_twice_as_many_motion_beats_as_beats_halve_precision_and_not_recall() -> None:
    beats = np.arange(0.5, 600, 15.0)
    scores = beat_scores(pulsing(601, beats), beats[2:-2:2])
    assert scores.recall.value == 1.0
    assert scores.precision.value == pytest.approx(0.5, abs=0.05)


def test_without_beats_or_without_motion_nothing_is_claimed() -> None:
    assert np.isnan(beat_scores(standing(100), np.zeros(0)).alignment.value)
    still = beat_scores(standing(100), np.arange(0.0, 100, 15))
    assert still.alignment.value == 0.0
    assert np.isnan(still.precision.value)


def test_a_sliding_foot_skates_and_a_planted_one_does_not() -> None:
    assert foot_skate(standing(50)).value == 0.0
    assert foot_skate(gliding(50, (0.9, 0.0, 0.0))).value == 1.0
    assert foot_skate(gliding(50, (0.2, 0.0, 0.0))).value == 0.0
    one = standing(51)
    one[:, RIGHT_FOOT, 0] += 0.05 * np.arange(51)
    assert foot_skate(one) == Tally(50.0, 100.0)
    assert np.isnan(foot_skate(standing(50) + np.array([0.0, 0.3, 0.0])).value)


def test_physical_foot_contact_asks_for_a_still_foot_while_the_body_speeds_up() -> None:
    assert physical_foot_contact(gliding(50, (1.0, 0.0, 0.0))).value == pytest.approx(0.0, abs=1e-6)
    joints = gliding(50, (1.5, 0.0, 0.0))
    joints[:, PELVIS, 0] += 0.01 * np.arange(50) ** 2
    # Full effort in every frame, both feet moving 5 cm a frame.
    assert physical_foot_contact(joints).value == pytest.approx(10_000 * 0.05 * 0.05, rel=1e-6)
    planted = standing(50)
    planted[:, PELVIS, 0] += 0.01 * np.arange(50) ** 2
    assert physical_foot_contact(planted).value == 0.0
    falling = gliding(50, (1.5, 0.0, 0.0))
    falling[:, PELVIS, 1] -= 0.01 * np.arange(50) ** 2
    assert physical_foot_contact(falling).value == pytest.approx(0.0, abs=1e-6)


def test_a_still_clip_is_frozen_and_one_hand_thaws_it() -> None:
    assert freeze_ratio(standing(60)).value == 1.0
    assert longest_freeze_s(standing(61)) == pytest.approx(2.0)
    moving = standing(61)
    moving[20:41, LEFT_WRIST, 0] += 0.01 * np.arange(21)
    assert freeze_ratio(moving).value < 1.0
    assert longest_freeze_s(moving) == pytest.approx(20 / 30, abs=0.04)
    assert longest_freeze_s(gliding(60, (1.0, 0.0, 0.0))) == 0.0


def test_a_loop_repeats_itself_and_a_dance_that_goes_on_does_not() -> None:
    loop = swaying(300, "house", beats_per_sway=2.0).local_joints_m()
    assert repetition(loop).value > 0.9
    new = standing(300)
    new[:, LEFT_WRIST] += np.arange(300)[:, None] * 0.1
    assert repetition(new).value == 0.0
    assert np.isnan(repetition(loop[:40]).value)


def test_jerk_is_the_third_derivative() -> None:
    joints = standing(60)
    time_s = np.arange(60) / 30.0
    joints[..., 0] += (2.0 * time_s**3)[:, None]
    np.testing.assert_allclose(jerk(joints), 12.0, rtol=1e-6)
    assert mean_jerk(gliding(60, (1.0, 2.0, 3.0))).value == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("offset", [0, 1, 3])
def test_a_step_at_every_token_border_shows_there_most(offset: int) -> None:
    joints = standing(120)
    joints[:, :, 0] += 0.01 * ((np.arange(120) - offset) // 4)[:, None]
    border, within = border_jerk(joints, offset)
    assert border.value > 0
    assert within.value == pytest.approx(0.0, abs=1e-6)
    seamless = border_jerk(swaying(400, "house").local_joints_m(), offset)
    assert seamless[0].value / seamless[1].value == pytest.approx(1.0, abs=0.1)


def test_a_jump_at_a_switch_shows_there() -> None:
    joints = standing(120)
    joints[60:, :, 0] += 0.1
    near, elsewhere = switch_jerk(joints, [60])
    assert near.value > 0
    assert elsewhere.value == 0.0


def test_style_accuracy_and_f1_are_those_counted_by_hand() -> None:
    asked, seen = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 2])
    assert accuracy(asked, seen) == 0.5
    precision, recall = (1.0 + 0.5) / 2, (0.5 + 0.5) / 2
    assert macro_f1(asked, seen) == pytest.approx(2 * precision * recall / (precision + recall))
    assert macro_f1(asked, np.array([2, 2, 2, 2])) == 0.0
    assert np.isnan(accuracy(np.zeros(0, np.int64), np.zeros(0, np.int64)))


def test_place_and_heading_are_free_in_local_joints() -> None:
    dance = swaying(90, "house")
    turned = np.stack([-dance.joints_m[..., 0], dance.joints_m[..., 1], -dance.joints_m[..., 2]], axis=-1)
    moved = motion(turned + np.array([3.0, 0.0, 1.0]))
    half_a_turn = type(moved)("", "house", moved.joints_m, dance.heading_rad + np.pi, dance.beat_frames)
    np.testing.assert_allclose(half_a_turn.local_joints_m(), dance.local_joints_m(), atol=1e-6)


def test_windows_are_whole_stretches_with_their_own_beats() -> None:
    windows = swaying(400, "house").windows()
    assert [len(window) for window in windows] == [150, 150, 150, 150]
    np.testing.assert_array_equal(windows[1].beat_frames, np.arange(0.0, 150, 15.0))
    assert not swaying(149, "house").windows()
    assert windows[0].joints_m[0, LEFT_FOOT, 1] < 0.2
