from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest

from megadance_live.show.presenter import BACK_S, REST_SHOWN_S, TO_REST_S, Presenter, Switches
from megadance_live.show.stage_pose import StagePose
from megadance_live.show.timeline import PoseTimeline
from tests.show.poses import FRAME_S, angles_rad, frame_at

START_S = 700.0
FREE, FROZEN, BLACK = Switches(), Switches(frozen=True), Switches(blackout=True)


@pytest.fixture
def timeline() -> Iterator[PoseTimeline]:
    opened = PoseTimeline()
    yield opened
    opened.close()


def play(timeline: PoseTimeline, script: list[tuple[float, Switches]]) -> list[StagePose]:
    """120 poses per second of a dance while the switches are held for the given times, one after the other."""
    presenter = Presenter(timeline)
    poses: list[StagePose] = []
    written = 0
    for length_s, switches in script:
        for _ in range(round(length_s * 120)):
            time_s = len(poses) / 120
            while written * FRAME_S < time_s + 0.1:
                timeline.write(START_S + written * FRAME_S, frame_at(written * FRAME_S), 0)
                written += 1
            poses.append(presenter.at(START_S + time_s, switches))
    return poses


def test_without_switches_it_is_the_dance(timeline: PoseTimeline) -> None:
    poses = play(timeline, [(3.0, FREE)])
    np.testing.assert_allclose(poses[-1].root_m, frame_at(359 / 120).root_m, atol=1e-3)


def test_freeze_holds_the_pose_that_was_shown(timeline: PoseTimeline) -> None:
    poses = play(timeline, [(2.0, FREE), (1.0, FROZEN)])
    held = poses[-1]
    assert held.mode == "held"
    np.testing.assert_array_equal(held.quats, poses[-100].quats)
    assert angles_rad(held.quats, poses[239].quats).max() < 1e-3


def test_blackout_comes_to_rest_and_then_hides(timeline: PoseTimeline) -> None:
    presenter = Presenter(timeline)
    timeline.write(START_S, frame_at(0), 0)
    presenter.at(START_S, FREE)
    presenter.at(START_S + 0.1, BLACK)
    assert presenter.visible(START_S + 0.1 + TO_REST_S)
    resting = [presenter.at(START_S + 0.1 + t, BLACK) for t in (TO_REST_S, TO_REST_S + REST_SHOWN_S + 0.01)]
    np.testing.assert_array_equal(resting[0].quats, resting[1].quats)
    assert not presenter.visible(START_S + 0.1 + TO_REST_S + REST_SHOWN_S + 0.01)
    presenter.at(START_S + 2, FREE)
    assert presenter.visible(START_S + 2)


def test_blackout_wins_over_freeze() -> None:
    assert Switches(frozen=True, blackout=True).scene == "blackout"


@pytest.mark.parametrize("held", [FROZEN, BLACK])
def test_the_dance_comes_back_without_a_jump(timeline: PoseTimeline, held: Switches) -> None:
    poses = play(timeline, [(2.0, FREE), (1.0, held), (1.5, FREE), (0.05, held), (1.0, FREE)])
    turns = [angles_rad(a.quats, b.quats).max() * 120 for a, b in pairwise(poses)]
    steps = [float(np.linalg.norm(b.root_m - a.root_m)) * 120 for a, b in pairwise(poses)]
    assert max(turns) < 40  # rad/s: arms fall into the resting pose within 0.2 s
    assert max(steps) < 6
    np.testing.assert_allclose(poses[-1].root_m, frame_at((len(poses) - 1) / 120).root_m, atol=0.01)


def test_the_way_back_takes_its_time(timeline: PoseTimeline) -> None:
    poses = play(timeline, [(2.0, FREE), (0.8, FROZEN), (BACK_S / 2, FREE)])
    dance = frame_at((len(poses) - 1) / 120)
    assert angles_rad(poses[-1].quats, poses[300].quats).max() > 0.05
    assert angles_rad(poses[-1].quats, dance.quats).max() > 0.05


POSED = Switches(pattern="t_pose")


def test_blackout_wins_over_a_test_pose_and_that_over_freeze() -> None:
    assert Switches(frozen=True, pattern="left_arm").scene == "left_arm"
    assert Switches(frozen=True, blackout=True, pattern="left_arm").scene == "blackout"


def test_a_test_pose_is_laid_over_the_dance_and_taken_away_without_a_jump(timeline: PoseTimeline) -> None:
    poses = play(timeline, [(2.0, FREE), (2.0, POSED), (1.5, FREE)])
    posed = poses[round(3.9 * 120)]
    assert posed.mode == "pattern"
    np.testing.assert_allclose(posed.root_m[[0, 2]], 0.0, atol=1e-6)
    turns = [angles_rad(a.quats, b.quats).max() * 120 for a, b in pairwise(poses)]
    assert max(turns) < 40
    np.testing.assert_allclose(poses[-1].root_m, frame_at((len(poses) - 1) / 120).root_m, atol=0.01)


def test_from_one_test_pose_to_the_next_nothing_jumps(timeline: PoseTimeline) -> None:
    poses = play(timeline, [(1.0, FREE), (1.5, Switches(pattern="arm_raise")), (1.0, Switches(pattern="left_arm"))])
    turns = [angles_rad(a.quats, b.quats).max() * 120 for a, b in pairwise(poses)]
    assert max(turns) < 40


def test_a_test_pose_is_shown_although_no_dance_has_begun(timeline: PoseTimeline) -> None:
    presenter = Presenter(timeline)
    presenter.at(START_S, FREE)
    presenter.at(START_S + 0.1, POSED)
    assert presenter.at(START_S + 3.0, POSED).mode == "pattern"
    assert presenter.visible(START_S + 3.0)
