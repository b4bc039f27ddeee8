"""The last minute, which has already happened, as a take."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.event import Event
from megadance_live.engine.messages import Notice, Report, TakeClosed, TakeOpened
from megadance_live.engine.recording import FINISHED_AT_ONCE, Recording
from megadance_live.engine.retro import KEPT_S, LastMinute, write_played
from megadance_live.output.take import TakeRecorder
from tests.fakes import still_pose

RATE_HZ = 1_000
BLOCK = 50


class Show:
    """A recording that is told of a show: sample n is n / 2**20, and a pose comes for every 30th, 0.2 s ahead."""

    def __init__(self, folder: Path) -> None:
        self.reports: list[Report] = []
        self.opened: list[dict[str, Any]] = []
        self.folder = folder
        self.recording = Recording(self._open, self.reports.append)
        self._at = 0
        self._frames = 0

    def _open(self, **options: Any) -> TakeRecorder:
        self.opened.append(dict(options))
        options.pop("ago_s", None)
        return TakeRecorder(self.folder, formats=("bvh",), **options)

    def go_on(self, seconds: float, happening: dict[float, Event] | None = None) -> None:
        for _ in range(round(seconds * RATE_HZ / BLOCK)):
            samples = np.repeat(np.arange(self._at, self._at + BLOCK, dtype=np.float32)[:, None] / 2**20, 2, axis=1)
            block = AudioBlock(samples, RATE_HZ, self._at, 0.0)
            self._at += BLOCK
            now_s = self._at / RATE_HZ
            poses: list[PoseFrame] = []
            while self._frames / 30 <= now_s + 0.2:
                poses.append(still_pose(self._frames / 30))
                self._frames += 1
            events = [event for at_s, event in (happening or {}).items() if block.time_s <= at_s < now_s]
            self.recording.write(block, poses, BarClock(now_s, now_s / 2, 120.0), events)

    def settle(self, until: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + 60
        while not until():
            assert time.monotonic() < deadline_s, self.reports
            self.recording.tend()
            time.sleep(0.01)

    def of(self, kind: type) -> list[Any]:
        return [report for report in self.reports if isinstance(report, kind)]

    def closed(self) -> dict[str, dict[str, Any]]:
        """The sidecar of every finished take."""
        return {
            report.name: json.loads((report.folder / f"{report.name}.json").read_text())
            for report in self.of(TakeClosed)
        }


@pytest.fixture
def show(tmp_path: Path) -> Iterator[Show]:
    one = Show(tmp_path)
    yield one
    one.recording.finish()


def test_the_last_sixty_seconds_become_a_take_of_exactly_that_length(show: Show) -> None:
    happening = {
        5.0: Event("marker", 5.0, {"value": "too early"}),
        90.0: Event("marker", 90.0, {"value": "drop"}),
        95.0: Event("again", 95.0, {"bar": 48}),
        95.5: Event("retro", 95.5, {"value": None}),
    }
    show.go_on(100.02, happening)
    show.recording.keep_last_minute()
    show.settle(lambda: bool(show.of(TakeClosed)))
    ((name, sidecar),) = show.closed().items()
    assert name == "take-001-retro"
    assert sidecar["duration_s"] == pytest.approx(60.0, abs=1e-3)
    assert sidecar["motion"]["bvh"]["frames"] == 1800
    assert sidecar["markers"] == [{"time_s": pytest.approx(50.0, abs=0.05), "text": "drop"}]
    assert [event["kind"] for event in sidecar["events"]] == ["again"]
    samples, rate_hz = soundfile.read(show.folder / name / f"{name}.flac", dtype="float32")
    assert (rate_hz, len(samples)) == (RATE_HZ, 60_000)
    assert np.allclose(samples[:, 0], np.arange(40_000, 100_000) / 2**20, atol=1e-6)
    assert show.opened == [{"ago_s": pytest.approx(60.0), "suffix": "-retro", "realtime": False}]
    assert not show.of(TakeOpened)
    assert not show.of(Notice)


def test_poses_that_came_before_its_first_instant_for_later_are_in_it(tmp_path: Path) -> None:
    minute, kept = LastMinute(), list[PoseFrame]()
    for number in range(200):
        block = AudioBlock(np.zeros((RATE_HZ // 30, 1), np.float32), RATE_HZ, number * (RATE_HZ // 30), 0.0)
        minute.add(block, [still_pose(number / 30 + 0.2)], BarClock(0.0, 0.0, 120.0), [])

    class Witness(TakeRecorder):
        def pose(self, frame: PoseFrame) -> None:
            kept.append(frame)
            super().pose(frame)

    recorder = Witness(tmp_path, formats=(), realtime=False)
    write_played(minute.so_far(), 2.0, recorder, lambda: None)
    recorder.close()
    assert 2.0 - 1.5 / 30 < kept[0].time_s <= 2.0
    assert np.allclose(np.diff([pose.time_s for pose in kept]), 1 / 30)


def test_what_there_is_is_kept_where_it_is_less_than_a_minute(show: Show) -> None:
    show.go_on(3.0)
    show.recording.keep_last_minute()
    show.settle(lambda: bool(show.of(TakeClosed)))
    (sidecar,) = show.closed().values()
    assert sidecar["duration_s"] == pytest.approx(3.0)


def test_an_open_take_goes_on_as_if_nothing_had_been_kept(show: Show) -> None:
    show.go_on(2.0)
    show.recording.start()
    show.go_on(2.0)
    show.recording.keep_last_minute()
    show.go_on(2.0)
    assert show.recording.running
    show.settle(lambda: bool(show.of(TakeClosed)))
    assert show.recording.running
    show.recording.stop()
    show.settle(lambda: len(show.of(TakeClosed)) == 2)
    durations = {name: sidecar["duration_s"] for name, sidecar in show.closed().items()}
    assert durations == {"take-001": pytest.approx(4.0), "take-002-retro": pytest.approx(4.0)}
    assert show.of(TakeOpened) == [TakeOpened("take-001")]
    assert not show.of(Notice)


def test_one_that_is_being_written_when_the_show_ends_is_finished(show: Show) -> None:
    show.go_on(5.0)
    show.recording.keep_last_minute()
    show.recording.finish()
    assert list(show.closed()) == ["take-001-retro"]
    assert not list(show.folder.glob("*.partial"))


def test_nothing_heard_is_nothing_to_keep(show: Show) -> None:
    show.recording.keep_last_minute()
    assert show.of(Notice) == [Notice("Nothing has been heard yet that could be kept as a take.")]


@pytest.mark.parametrize("at_the_end", [True, False])
def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, at_the_end: bool) -> None:
    (tmp_path / "file").write_text("in the way")
    show = Show(tmp_path / "file")
    show.go_on(1.0)
    show.recording.keep_last_minute()
    if at_the_end:
        show.recording.finish()
    else:
        show.settle(lambda: bool(show.of(Notice)))
    (notice,) = show.of(Notice)
    assert "cannot be written" in notice.text
    show.recording.finish()
    assert len(show.reports) == 1


def test_a_take_that_cannot_be_opened_is_one_sentence(tmp_path: Path) -> None:
    def refuse(**_: Any) -> TakeRecorder:
        raise TakeError("There is no such format.")

    reports: list[Report] = []
    recording = Recording(refuse, reports.append)
    recording.write(AudioBlock(np.zeros((10, 1), np.float32), RATE_HZ, 0, 0.0), [], BarClock(0.0, 0.0, 120.0), [])
    recording.keep_last_minute()
    recording.finish()
    assert reports == [Notice("There is no such format.")]


def test_whatever_else_goes_wrong_is_one_sentence_too(tmp_path: Path) -> None:
    class Broken(TakeRecorder):
        def clock(self, clock: BarClock) -> None:
            raise ZeroDivisionError("oh")

    reports: list[Report] = []
    recording = Recording(lambda **_: Broken(tmp_path, formats=(), realtime=False), reports.append)
    recording.write(AudioBlock(np.zeros((10, 1), np.float32), RATE_HZ, 0, 0.0), [], BarClock(0.0, 0.0, 120.0), [])
    recording.keep_last_minute()
    recording.finish()
    (notice,) = [report for report in reports if isinstance(report, Notice)]
    assert notice.text == "The last minute could not be kept whole (ZeroDivisionError('oh')); please report it."


def test_pressed_over_and_over_it_says_that_it_is_busy(show: Show) -> None:
    show.go_on(1.0)
    for _ in range(FINISHED_AT_ONCE + 1):
        show.recording.keep_last_minute()
    assert [notice.text for notice in show.of(Notice)] == [
        "Takes that ended a moment ago are still being finished; record again when they are."
    ]
    show.recording.finish()
    assert len(show.closed()) == FINISHED_AT_ONCE


def test_memory_is_bounded_and_belongs_to_nobody_else() -> None:
    minute = LastMinute()
    large = np.zeros((RATE_HZ, 2), np.float32)
    for number in range(2_000):
        block = AudioBlock(large[:BLOCK], RATE_HZ, number * BLOCK, 0.0)
        minute.add(block, [still_pose(block.time_s)], BarClock(0.0, 0.0, 120.0), [])
    played = minute.so_far()
    assert KEPT_S < played[-1].end_s - played[0].block.time_s < KEPT_S + 1.2
    assert all(part.block.samples.base is None for part in played)
    large[:] = 1.0
    assert not any(part.block.samples.any() for part in played)


@pytest.mark.parametrize(
    "other",
    [
        AudioBlock(np.zeros((BLOCK, 2), np.float32), RATE_HZ, 0, 0.0),
        AudioBlock(np.zeros((BLOCK, 1), np.float32), RATE_HZ, 9_000, 0.0),
        AudioBlock(np.zeros((BLOCK, 2), np.float32), 2 * RATE_HZ, 9_000, 0.0),
    ],
)
def test_another_kind_of_sound_or_an_earlier_time_begins_anew(other: AudioBlock) -> None:
    minute, clock = LastMinute(), BarClock(0.0, 0.0, 120.0)
    minute.add(AudioBlock(np.zeros((BLOCK, 2), np.float32), RATE_HZ, 500, 0.0), [], clock, [])
    minute.add(other, [], clock, [])
    assert [part.block.index for part in minute.so_far()] == [other.index]
