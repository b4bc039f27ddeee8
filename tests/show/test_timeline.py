from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from megadance_live.core import quaternion
from megadance_live.core.skeleton import STANDING_PELVIS_M
from megadance_live.show.stage_pose import StagePose
from megadance_live.show.tail import EASE_S, EXTRAPOLATE_S, HOLD_S
from megadance_live.show.timeline import CAPACITY, COME_BACK_S, PoseTimeline
from tests.show.poses import FRAME_S, angles_rad, frame_at

START_S = 5000.0
LONG_S = 4.0  # after this every passage is over


@pytest.fixture
def timeline() -> Iterator[PoseTimeline]:
    opened = PoseTimeline()
    yield opened
    opened.close()


def dance(timeline: PoseTimeline, begin_s: float, end_s: float, expert: int = 1) -> float:
    """Write the frames of a stretch of time; returns when the last is due."""
    times = START_S + np.arange(begin_s, end_s, FRAME_S)
    for time_s in times:
        assert timeline.write(time_s, frame_at(time_s - START_S), expert)
    return float(times[-1])


def perform(timeline: PoseTimeline, begin_s: float, end_s: float) -> float:
    """Write each frame a little before it is due and sample beside it, so that every passage is over at the end."""
    for time_s in np.arange(begin_s, end_s, FRAME_S):
        timeline.write(START_S + time_s + 2 * FRAME_S, frame_at(time_s + 2 * FRAME_S), 1)
        timeline.sample(START_S + time_s)
    return START_S + end_s


def assert_same(a: StagePose, b: StagePose, tolerance: float = 1e-5) -> None:
    np.testing.assert_allclose(a.root_m, b.root_m, atol=tolerance)
    assert angles_rad(a.quats, b.quats).max() < 1e-3
    np.testing.assert_allclose(a.contacts, b.contacts, atol=tolerance)


def test_on_a_frame_it_is_that_frame(timeline: PoseTimeline) -> None:
    perform(timeline, 0, LONG_S)
    time_s = START_S + 90 * FRAME_S
    frame, pose = frame_at(90 * FRAME_S), timeline.sample(time_s)
    np.testing.assert_allclose(pose.root_m, frame.root_m, atol=1e-5)
    assert angles_rad(pose.quats, frame.quats).max() < 1e-3
    assert (pose.expert, pose.mode) == (1, "live")


def test_between_frames_it_is_on_the_way(timeline: PoseTimeline) -> None:
    perform(timeline, 0, LONG_S)
    a, b = frame_at(90 * FRAME_S), frame_at(91 * FRAME_S)
    pose = timeline.sample(START_S + 90.25 * FRAME_S)
    np.testing.assert_allclose(pose.root_m, 0.75 * a.root_m + 0.25 * b.root_m, atol=1e-5)
    assert angles_rad(pose.quats, quaternion.slerp(a.quats, b.quats, 0.25)).max() < 1e-3


def test_an_earlier_frame_replaces_all_that_are_not_earlier(timeline: PoseTimeline) -> None:
    perform(timeline, 0, LONG_S)
    time_s = START_S + LONG_S - 0.5 * FRAME_S
    timeline.write(time_s, replace(frame_at(0), root_m=np.float32([1, 2, 3])), 2)
    np.testing.assert_allclose(timeline.sample(time_s).root_m, [1, 2, 3], atol=1e-5)
    assert timeline.sample(time_s + 2 * FRAME_S).mode == "extrapolated"


def test_the_expert_speaks_from_its_own_first_frame_on(timeline: PoseTimeline) -> None:
    timeline.write(START_S, frame_at(0), 1)
    timeline.write(START_S + FRAME_S, frame_at(FRAME_S), 2)
    timeline.write(START_S + 2 * FRAME_S, frame_at(2 * FRAME_S), 2)
    experts = [timeline.sample(START_S + n * FRAME_S).expert for n in (0.1, 0.9, 1.0, 1.5)]
    assert experts == [1, 1, 2, 2]


@pytest.mark.parametrize("field", ["root_m", "quats", "contacts"])
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_a_frame_with_a_number_that_is_none_is_refused(timeline: PoseTimeline, field: str, number: float) -> None:
    good = dance(timeline, 0, 1)
    before = timeline.sample(good - FRAME_S / 2)
    frame = frame_at(1.0)
    broken = getattr(frame, field).copy()
    broken.flat[-1] = number
    assert not timeline.write(good - FRAME_S, replace(frame, **{field: broken}), 1)
    assert_same(timeline.sample(good - FRAME_S / 2), before)
    assert timeline.refused == 1


def test_a_frame_without_a_time_or_without_rotations_is_refused(timeline: PoseTimeline) -> None:
    assert not timeline.write(float("nan"), frame_at(0), 1)
    assert not timeline.write(START_S, replace(frame_at(0), quats=np.zeros((24, 4), np.float32)), 1)
    assert timeline.sample(START_S).mode == "idle"


def test_quaternions_come_out_with_unit_length(timeline: PoseTimeline) -> None:
    for n in range(4):
        frame = frame_at(n * FRAME_S)
        timeline.write(START_S + n * FRAME_S, replace(frame, quats=frame.quats * np.float32(0.7)), 1)
    norms = np.linalg.norm(timeline.sample(START_S + 1.5 * FRAME_S).quats, axis=-1)
    np.testing.assert_allclose(norms, 1, atol=1e-5)


def test_only_the_newest_frames_are_kept(timeline: PoseTimeline) -> None:
    end_s = dance(timeline, 0, 10)
    perform(timeline, 10, 10 + LONG_S)
    assert timeline.sample(START_S + 10 + LONG_S).mode == "live"
    assert CAPACITY * FRAME_S < 10
    assert end_s < START_S + 10


def test_without_frames_it_stands_at_ease(timeline: PoseTimeline) -> None:
    pose = timeline.sample(START_S)
    assert (pose.mode, pose.expert) == ("idle", -1)
    assert pose.root_m[1] == pytest.approx(STANDING_PELVIS_M, abs=0.01)


def test_frames_of_the_future_wait_for_their_time(timeline: PoseTimeline) -> None:
    dance(timeline, 1, 2)
    assert timeline.sample(START_S + 0.9).mode == "idle"
    assert timeline.sample(START_S + 1.1).mode == "live"


def test_after_the_last_frame_it_runs_on_then_holds_then_idles(timeline: PoseTimeline) -> None:
    perform(timeline, 0, LONG_S)
    end_s = START_S + LONG_S + FRAME_S  # the last frame written
    modes = {after: timeline.sample(end_s + after).mode for after in (0.05, 0.5, HOLD_S + 0.1, HOLD_S + EASE_S + 1)}
    assert list(modes.values()) == ["extrapolated", "held", "idle", "idle"]


def test_the_motion_slows_down_beyond_the_last_frame(timeline: PoseTimeline) -> None:
    perform(timeline, 0, LONG_S)
    end_s = START_S + LONG_S + FRAME_S
    steps = np.array([timeline.sample(end_s + t).quats for t in np.arange(-0.03, EXTRAPOLATE_S + 0.01, 0.01)])
    speeds = np.array([angles_rad(a, b).mean() / 0.01 for a, b in pairwise(steps)])
    during = speeds[4:-1]
    assert speeds[2] == pytest.approx(speeds[3], rel=0.15)  # no jump of speed at the end of the frames
    assert np.all(np.diff(during) < 0)
    assert speeds[-1] < 0.02 * speeds[0] + 1e-3


def test_a_joint_that_turned_fast_is_not_carried_past_its_limit(timeline: PoseTimeline) -> None:
    turn = np.zeros((24, 3), np.float32)
    for n in range(4):
        turn[18, 1] = n * 0.9
        timeline.write(START_S + n * FRAME_S, replace(frame_at(0), quats=quaternion.from_axis_angle(turn)), 1)
    timeline.sample(START_S)
    last = quaternion.from_axis_angle(turn)
    held = timeline.sample(START_S + 3 * FRAME_S + 0.9)
    assert angles_rad(held.quats, last)[18] == pytest.approx(0.35, abs=0.01)


def _walk(timeline: PoseTimeline, begin_s: float, end_s: float, step_s: float = 1 / 240) -> list[StagePose]:
    return [timeline.sample(time_s) for time_s in np.arange(begin_s, end_s, step_s)]


def _largest_speeds(poses: list[StagePose], step_s: float = 1 / 240) -> tuple[float, float]:
    roots = np.array([pose.root_m for pose in poses])
    turns = [angles_rad(a.quats, b.quats).max() for a, b in pairwise(poses)]
    return float(np.linalg.norm(np.diff(roots, axis=0), axis=-1).max()) / step_s, max(turns) / step_s


@pytest.mark.parametrize("pause_s", [0.05, 0.15, 0.5, 1.2, 3.0, 8.0])
def test_a_pause_of_any_length_is_bridged_without_a_jump(timeline: PoseTimeline, pause_s: float) -> None:
    end_s = dance(timeline, 0, 1)
    poses = _walk(timeline, START_S, end_s + pause_s)
    dance(timeline, 1 + pause_s, 2.5 + pause_s)
    poses += _walk(timeline, end_s + pause_s, START_S + 2.3 + pause_s)
    root_mps, turn_radps = _largest_speeds(poses)
    assert root_mps < 2.5
    assert turn_radps < 16
    assert all(np.isfinite(pose.quats).all() and np.isfinite(pose.root_m).all() for pose in poses)
    assert all(np.allclose(np.linalg.norm(pose.quats, axis=-1), 1, atol=1e-4) for pose in poses)


def test_a_dancer_who_comes_back_far_away_walks_there(timeline: PoseTimeline) -> None:
    end_s = dance(timeline, 0, 1)
    _walk(timeline, START_S, end_s + 4)
    for n in range(CAPACITY):
        frame = frame_at(n * FRAME_S)
        timeline.write(end_s + 4 + n * FRAME_S, replace(frame, root_m=frame.root_m + np.float32([3, 0, 0])), 1)
    root_mps, _ = _largest_speeds(_walk(timeline, end_s + 4, end_s + 4 + CAPACITY * FRAME_S))
    assert root_mps < 4


def test_after_the_passage_the_dance_is_shown_as_it_is(timeline: PoseTimeline) -> None:
    end_s = dance(timeline, 0, 1)
    _walk(timeline, START_S, end_s + 2)
    dance(timeline, 4, 4.0 + CAPACITY * FRAME_S)
    _walk(timeline, START_S + 3.9, START_S + 4 + 2 * COME_BACK_S)
    time_s = 4 + 45 * FRAME_S
    np.testing.assert_allclose(timeline.sample(START_S + time_s).root_m, frame_at(time_s).root_m, atol=1e-4)


def test_frames_that_always_come_late_are_still_followed(timeline: PoseTimeline) -> None:
    """A dancer 60 ms behind is shown a little ahead of his last frame, not held."""
    errors = []
    for n in range(90):
        timeline.write(START_S + n * FRAME_S, frame_at(n * FRAME_S), 1)
        pose = timeline.sample(START_S + n * FRAME_S + 0.06)
        errors.append(np.abs(pose.root_m - frame_at(n * FRAME_S + 0.06).root_m).max())
    assert max(errors[45:]) < 0.02
    assert pose.mode == "extrapolated"


def test_a_gap_between_frames_is_a_pause_even_when_both_ends_are_known(timeline: PoseTimeline) -> None:
    dance(timeline, 0, 1)
    dance(timeline, 6, 7)
    assert timeline.sample(START_S + 5.5).mode == "idle"


def test_a_writer_that_dies_while_writing_costs_only_news(timeline: PoseTimeline) -> None:
    engine = PoseTimeline(timeline.name)
    end_s = dance(engine, 0, 1)
    timeline.sample(end_s)
    with suppress(KeyboardInterrupt), engine._shared.writing() as record:
        record["quats"][:] = np.nan
        raise KeyboardInterrupt
    pose = timeline.sample(end_s + 0.01)
    assert np.isfinite(pose.quats).all()
    assert pose.mode == "extrapolated"
    engine.close()


def test_the_next_engine_goes_on_where_the_last_one_died(timeline: PoseTimeline) -> None:
    first = PoseTimeline(timeline.name)
    end_s = dance(first, 0, 1)
    with suppress(KeyboardInterrupt), first._shared.writing():
        raise KeyboardInterrupt
    first.close()
    assert timeline.sample(end_s + 3).mode == "idle"
    second = PoseTimeline(timeline.name)
    dance(second, 4.2, 5.2)
    second.close()
    assert timeline.sample(START_S + 4.5).mode == "live"
