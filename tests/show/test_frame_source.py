from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.output_frame import AppState
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.show.frame_source import FrameSource
from megadance_live.show.presenter import Switches
from megadance_live.show.timeline import PoseTimeline
from tests.show.poses import FRAME_S, frame_at

START_S = 400.0
STATUS = Status(
    clock=BarClock(START_S, 0.0, 120.0, source="audio"), level=0.5, low=0.4, mid=0.3, high=0.2, onset=0.1, expert=1,
    written_s=START_S,
)  # fmt: skip


class Stage:
    """A timeline and a board, with a dance on them."""

    def __init__(self) -> None:
        self.timeline, self.board = PoseTimeline(), StatusBoard()
        self.source = FrameSource(self.timeline, self.board, START_S)
        self.board.write(STATUS)

    def dance(self, begin_s: float, end_s: float, expert: int = 1) -> None:
        for n in range(round(begin_s / FRAME_S), round(end_s / FRAME_S)):
            self.timeline.write(START_S + n * FRAME_S, frame_at(n * FRAME_S), expert)

    def tell(self, **changes: object) -> None:
        self.board.write(replace(STATUS, **changes))


@pytest.fixture
def stage() -> Iterator[Stage]:
    opened = Stage()
    yield opened
    opened.timeline.close()
    opened.board.close()


def test_the_musical_numbers_are_those_of_the_moment_of_sending(stage: Stage) -> None:
    music = stage.source.at(START_S + 1.125).music
    assert (music.beat_phase, music.beat_in_bar, music.bar) == (0.25, 3, 1)
    assert (music.tempo_bpm, music.source) == (120.0, 1)
    assert stage.source.at(START_S + 2.25).time_s == 2.25


def test_the_latency_sends_pose_and_beat_earlier(stage: Stage) -> None:
    stage.dance(0, 2)
    stage.tell(latency_ms=50.0)
    for t in np.arange(0, 1.5, 1 / 60):
        frame = stage.source.at(START_S + t)
    np.testing.assert_allclose(frame.root_m, frame_at(t + 0.05).root_m, atol=1e-3)
    assert frame.music.beat_phase == pytest.approx(((t + 0.05) * 2) % 1)
    assert frame.latency_ms == 50.0
    assert frame.time_s == pytest.approx(t)


def test_before_the_engine_speaks_the_program_is_idle(stage: Stage) -> None:
    silent = StatusBoard()
    frame = FrameSource(stage.timeline, silent, START_S).at(START_S + 0.5)
    assert (frame.state, frame.music.expert, frame.music.beat_count) == (AppState.IDLE, -1, 0)
    assert np.isfinite(frame.quats).all()
    silent.close()


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, AppState.LIVE),
        ({"frozen": True}, AppState.FROZEN),
        ({"blackout": True, "frozen": True, "panic": True}, AppState.BLACKOUT),
        ({"panic": True}, AppState.PANIC),
        ({"audio_lost": True}, AppState.AUDIO_LOST),
    ],
)
def test_the_state_of_the_program(stage: Stage, changes: dict[str, object], state: AppState) -> None:
    stage.dance(0, 1)
    stage.tell(**changes)
    assert stage.source.at(START_S + 0.5).state == state


def test_a_show_may_freeze_without_the_engine(stage: Stage) -> None:
    stage.dance(0, 1)
    stage.source.switches = Switches(frozen=True)
    assert stage.source.at(START_S + 0.5).state == AppState.FROZEN
    stage.tell(blackout=True)
    stage.source.switches = Switches()
    assert stage.source.at(START_S + 0.6).state == AppState.LIVE


def test_levels_of_an_engine_that_has_stalled_are_not_shown(stage: Stage) -> None:
    assert stage.source.at(START_S + 0.4).music.level == 0.5
    assert stage.source.at(START_S + 0.6).music.level == 0.0
    assert stage.source.at(START_S + 8.25).music.beat_in_bar == 1  # the clock runs on
    stage.board.write(replace(stage.board.read(), written_s=START_S + 9))
    assert stage.source.at(START_S + 9.1).music.onset == 0.1


def test_an_armed_expert_counts_down_and_then_mixes_in(stage: Stage) -> None:
    stage.dance(0, 1, expert=1)
    stage.dance(1, 2, expert=2)
    stage.tell(armed=2, armed_at_bars=0.5, crossfade_s=0.5)
    before = stage.source.at(START_S + 0.25).music
    assert (before.expert, before.armed, before.countdown_beats, before.mix) == (1, 2, 1.5, 1.0)
    at = stage.source.at(START_S + 1.0 + 1e-6).music
    assert (at.expert, at.armed, at.countdown_beats, at.previous_expert) == (2, -1, 0.0, 1)
    assert at.mix == pytest.approx(0.0, abs=1e-3)
    assert stage.source.at(START_S + 1.25).music.mix == pytest.approx(0.5, abs=1e-3)
    assert stage.source.at(START_S + 1.8).music.mix == 1.0


def test_leaving_rests_hides_and_says_idle(stage: Stage) -> None:
    stage.dance(0, 2)
    assert stage.source.at(START_S + 0.5).visible
    stage.source.leave()
    first = stage.source.at(START_S + 0.6)
    assert (first.visible, first.state) == (True, AppState.IDLE)
    last = stage.source.at(START_S + 1.2)
    assert (last.visible, last.state) == (False, AppState.IDLE)


def test_the_heartbeat_counts_seconds(stage: Stage) -> None:
    assert [stage.source.at(START_S + t).heartbeat for t in (0.0, 0.9, 1.1, 59.5)] == [0, 0, 1, 59]
