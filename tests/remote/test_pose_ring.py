"""Poses in shared memory, for whoever draws them."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from megadance_live.core import quaternion
from megadance_live.core.output_frame import AppState, MusicalState, OutputFrame
from megadance_live.core.skeleton import JOINT_COUNT
from megadance_live.remote.pose_ring import CAPACITY, PoseRing, SeenPose
from megadance_live.remote.stage_view import StageView


def pose(time_s: float, turn_rad: float = 0.0, expert: int = 0) -> SeenPose:
    quats = quaternion.from_axis_angle(np.full((JOINT_COUNT, 3), [0, turn_rad, 0], np.float32))
    return SeenPose(time_s, np.array([time_s, 1, 0], np.float32), quats, np.zeros(4, np.float32), expert)


@pytest.fixture
def rings() -> Iterator[tuple[PoseRing, PoseRing]]:
    written = PoseRing()
    read = PoseRing(written.name)
    yield written, read
    read.close()
    written.close()


def test_nothing_is_seen_before_the_first_pose(rings: tuple[PoseRing, PoseRing]) -> None:
    assert rings[1].at(1.0) is None
    assert rings[1].newest_s() is None


def test_between_two_poses_it_turns_and_moves_evenly(rings: tuple[PoseRing, PoseRing]) -> None:
    written, read = rings
    written.write(pose(10.0, 0.0, 2))
    written.write(pose(10.1, 1.0, 3))
    seen = read.at(10.025)
    assert seen is not None
    assert seen.root_m[0] == pytest.approx(10.025, abs=1e-5)
    np.testing.assert_allclose(seen.quats, pose(0, 0.25).quats, atol=1e-6)
    assert seen.expert == 2


def test_outside_of_what_is_kept_the_nearest_pose_is_seen(rings: tuple[PoseRing, PoseRing]) -> None:
    written, read = rings
    for number in range(CAPACITY + 10):
        written.write(pose(number / 60))
    first, last = read.at(0.0), read.at(99.0)
    assert first is not None
    assert last is not None
    assert first.time_s == pytest.approx(10 / 60)
    assert last.time_s == pytest.approx((CAPACITY + 9) / 60)
    assert read.newest_s() == last.time_s


def test_across_a_gap_nothing_is_invented(rings: tuple[PoseRing, PoseRing]) -> None:
    written, read = rings
    written.write(pose(1.0))
    written.write(pose(2.0))
    seen = read.at(1.9)
    assert seen is not None
    assert seen.time_s == 1.0


def test_a_pose_replaces_those_that_are_not_earlier(rings: tuple[PoseRing, PoseRing]) -> None:
    written, read = rings
    for time_s in (1.0, 1.1, 1.2):
        written.write(pose(time_s))
    written.write(pose(1.1, expert=5))
    seen = read.at(9.0)
    assert seen is not None
    assert (seen.time_s, seen.expert) == (1.1, 5)


def test_a_ring_that_is_cleared_shows_nobody(rings: tuple[PoseRing, PoseRing]) -> None:
    written, read = rings
    written.write(pose(1.0))
    written.clear()
    assert read.at(1.0) is None


def test_the_view_gives_back_the_frame_that_was_sent() -> None:
    written = StageView()
    read = StageView(written.names)
    assert read.read() is None
    seen = pose(5.0, 0.3)
    music = MusicalState(tempo_bpm=128.0, bar=7, beat_in_bar=3, expert=2, armed=4, countdown_beats=1.5, mix=0.25)
    frame = OutputFrame(
        9, 3.5, seen.root_m, seen.quats, seen.contacts, music, AppState.FROZEN, False, 59.5, 20.0, heartbeat=3
    )
    written.write(5.0, frame)
    came = read.read()
    assert came is not None
    np.testing.assert_array_equal(came.quats, frame.quats)
    assert replace(came, root_m=frame.root_m, quats=frame.quats, contacts=frame.contacts) == replace(
        frame, index=0, heartbeat=0
    )
    written.close()
    read.close()
