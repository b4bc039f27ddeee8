"""The engine's loop."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.core.errors import AudioSourceError
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.event import Event
from megadance_live.engine.messages import (
    Asked,
    Ended,
    Failed,
    Notice,
    Ready,
    Report,
    Said,
    Saved,
    SourceStatus,
    Stop,
    TakeClosed,
    TakeOpened,
)
from megadance_live.engine.runner import EngineRunner
from megadance_live.engine.seat import Seat
from megadance_live.engine.session import Session
from megadance_live.engine.setup import EngineSetup, Resume
from tests.engine.runner_rig import Notebook, Pipe, engine_setup, run_engine, seating_of
from tests.fakes import FAKE_EXPERTS, FakeDancer, FakeSession, FakeSource


def test_it_dances_until_the_music_ends_and_leaves_in_order(tmp_path: Path) -> None:
    pipe, notebook, source, _ = run_engine(tmp_path)
    assert pipe.said[0] == Ready("fake source", "fake", FAKE_EXPERTS, ())
    assert pipe.said[-1] == Ended()
    assert len(notebook.poses) == 31
    assert source.closed
    assert notebook.closed


def test_poses_and_clock_are_given_in_host_time(tmp_path: Path) -> None:
    _, notebook, _, _ = run_engine(tmp_path)
    for host_s, frame, expert in notebook.poses:
        assert host_s == pytest.approx(1000.0 + frame.time_s)
        assert expert == 0
    clock = notebook.statuses[-1].clock
    assert clock == BarClock(pytest.approx(1001.0), pytest.approx(0.5), 120.0)  # type: ignore[arg-type]


def test_late_steps_are_counted_and_noted_in_the_take(tmp_path: Path) -> None:
    """The source's stamps lie far in the past, so every step is late."""
    pipe, notebook, _, _ = run_engine(tmp_path, source=FakeSource(100, host_start_s=-1000.0), record=True)
    assert notebook.statuses[-1].late_steps == 31
    (closed,) = pipe.of(TakeClosed)
    notes = json.loads((closed.folder / "take-001.json").read_text())["notes"]
    late = [note["text"] for note in notes if note["text"].endswith("ms late")]
    assert late[0].startswith("a step came up to ")


def test_a_flood_of_commands_does_not_stop_the_dance(tmp_path: Path) -> None:
    class Flood(Pipe):
        def recv(self) -> Any:
            return Said(Command("mirror", True), 1000.0)

        def poll(self, timeout: float = 0.0) -> bool:
            return True

    pipe, notebook = Flood(), Notebook()
    EngineRunner(engine_setup(tmp_path), pipe, notebook, seating_of(FakeSource(5), FakeSession())).run()
    assert pipe.said[-1] == Ended()
    assert len(notebook.statuses) == 5


def test_commands_reach_the_session_and_refusals_the_status_line(tmp_path: Path) -> None:
    pipe, _, _, session = run_engine(
        tmp_path, Said(Command("expert", "krump"), 1000.0), Said(Command("energy", 2.0), 1000.0)
    )
    assert session.commands == [Command("expert", "krump")]
    assert pipe.of(Notice)[1] == Notice("half a second")
    assert pipe.of(Notice)[0] == Notice("That is too much.")
    assert isinstance(pipe.of(Asked)[0].control, Control)


def test_a_tap_means_the_moment_at_which_it_was_given(tmp_path: Path) -> None:
    """Once the first block has told how host time runs."""
    pipe = Pipe()

    class TappedSource(FakeSource):
        def read(self, timeout_s: float) -> Any:
            if self._left == 50:
                pipe.heard.append(Said(Command("tap"), 1000.25))
            return super().read(timeout_s)

    session = FakeSession()
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), seating_of(TappedSource(100), session)).run()
    assert session.commands == [Command("tap", None, pytest.approx(0.25))]  # type: ignore[arg-type]


def test_a_take_is_recorded_from_the_start_and_finished_at_the_end(tmp_path: Path) -> None:
    pipe, notebook, _, _ = run_engine(tmp_path, record=True)
    (opened,), (closed,) = pipe.of(TakeOpened), pipe.of(TakeClosed)
    assert opened.name == closed.name == "take-001"
    assert (closed.folder / "take-001.bvh").is_file()
    assert (closed.folder / "take-001.flac").is_file()
    assert notebook.statuses[-1].recording


def test_a_take_is_recorded_when_the_session_says_so(tmp_path: Path) -> None:
    class RecordingSession(FakeSession):
        def events(self) -> list[Event]:
            if self.time_s == pytest.approx(0.2):
                return [Event("record", 0.2, {"value": True})]
            return [Event("record", 0.5, {"value": False})] if self.time_s == pytest.approx(0.5) else []

    pipe = Pipe()
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), seating_of(FakeSource(100), RecordingSession())).run()
    (closed,) = pipe.of(TakeClosed)
    sidecar = json.loads((closed.folder / "take-001.json").read_text())
    assert sidecar["duration_s"] == pytest.approx(0.3)


def test_the_last_minute_becomes_a_take_while_another_one_is_open(tmp_path: Path) -> None:
    """With the real Session: sound, poses and marks of what happened before anybody thought of recording."""
    pipe = Pipe(
        Said(Command("marker", "drop", 1.0), 1000.0),
        Said(Command("record", True, 1.5), 1000.0),
        Said(Command("retro", None, 2.0), 1000.0),
    )
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), seating_of(FakeSource(300), session)).run()
    sidecars = {
        report.name: json.loads((report.folder / f"{report.name}.json").read_text()) for report in pipe.of(TakeClosed)
    }
    assert set(sidecars) == {"take-001", "take-002-retro"}
    kept = sidecars["take-002-retro"]
    assert kept["duration_s"] == pytest.approx(2.0, abs=0.05)
    assert kept["markers"] == [{"time_s": pytest.approx(1.0), "text": "drop"}]
    assert kept["motion"]["bvh"]["frames"] >= 59
    assert sidecars["take-001"]["duration_s"] == pytest.approx(1.5, abs=0.05)
    assert not pipe.of(Notice)


def test_a_folder_that_cannot_be_written_costs_a_sentence_and_no_dance(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    pipe, notebook, _, _ = run_engine(tmp_path / "file", record=True)
    assert "cannot be written" in pipe.of(Notice)[0].text
    assert len(notebook.poses) == 31


def test_a_panic_is_told_for_a_second(tmp_path: Path) -> None:
    _, notebook, _, _ = run_engine(tmp_path, Said(Command("panic"), 0.0), blocks=200)
    assert [status.panic for status in notebook.statuses] == [True] * 99 + [False] * 101


def test_stop_ends_it(tmp_path: Path) -> None:
    pipe, _, source, _ = run_engine(tmp_path, Stop(), blocks=10**9)
    assert source.closed
    assert pipe.of(Ended) == []


def test_a_show_that_has_gone_ends_it(tmp_path: Path) -> None:
    pipe, source = Pipe(), FakeSource(10**9)
    pipe.broken = True
    EngineRunner(engine_setup(tmp_path, record=True), pipe, Notebook(), seating_of(source, FakeSession())).run()
    assert source.closed


def test_what_a_source_says_is_passed_on_once(tmp_path: Path) -> None:
    source = FakeSource(20)
    source.text = 'LOST: "ALSA: pulse" has vanished'
    pipe, _, _, _ = run_engine(tmp_path, source=source)
    assert pipe.of(SourceStatus) == [SourceStatus(source.text)]


def test_the_state_is_saved_now_and_then(tmp_path: Path) -> None:
    """How often depends on how quickly it is written down, which is beside the dance."""
    pipe, _, _, _ = run_engine(tmp_path, blocks=2000)
    saved = pipe.of(Saved)
    assert 1 <= len(saved) <= 5
    assert set(saved) == {Saved(b"saved", 1000.0, 48_000, 2)}


def test_what_is_said_at_the_start_is_known_before_it_is_obeyed(tmp_path: Path) -> None:
    """An engine that dies in its first moments is started again with it."""

    class DeafSession(FakeSession):
        def push(self, block: AudioBlock) -> list[PoseFrame]:
            return []

    pipe, opening = Pipe(), (Command("energy", 1.5),)
    setup = engine_setup(tmp_path, record=True, commands=opening)
    EngineRunner(setup, pipe, Notebook(), seating_of(FakeSource(3), DeafSession())).run()
    assert [(asked.control.energy, asked.control.recording) for asked in pipe.of(Asked)] == [(1.5, True)]
    assert not pipe.of(Saved)


def test_a_restarted_engine_dances_on_from_where_it_would_have_been(tmp_path: Path) -> None:
    """Saved at stream time 90 s, which was host time 990; audio comes again at 1000."""
    session, notebook = FakeSession(), Notebook()
    session.restore(b"90.0")
    setup = engine_setup(tmp_path, resume=Resume(Control("house"), Saved(b"90.0", 900.0, 48_000, 2)))
    EngineRunner(setup, Pipe(), notebook, seating_of(FakeSource(100), session)).run()
    assert notebook.statuses[0].clock == BarClock(pytest.approx(1000.01), pytest.approx(50.005), 120.0)  # type: ignore[arg-type]
    assert notebook.poses[0][0] == pytest.approx(1000.1, abs=1 / 30)
    assert len(notebook.poses) in (30, 31)


def test_a_long_gap_is_passed_with_a_beating_heart(tmp_path: Path) -> None:
    """Saved at stream time 1 s, which was host time 960; audio comes again at 1000."""
    before = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    before.push(AudioBlock(np.zeros((48_000, 2), np.float32), 48_000, 0, 0.0))
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    session.restore(before.save())
    beats: list[float] = []

    class Listening(Notebook):
        def heartbeat(self) -> None:
            beats.append(session.time_s)

    notebook = Listening()
    setup = engine_setup(tmp_path, resume=Resume(before.control, Saved(before.save(), 959.0, 48_000, 2)))
    EngineRunner(setup, Pipe(), notebook, seating_of(FakeSource(100), session)).run()
    assert beats[:3] == pytest.approx([1.0, 11.0, 21.0])
    assert session.time_s == pytest.approx(42.0)
    clock = notebook.statuses[-1].clock
    assert clock is not None
    assert clock.bars_at(1001.0) == pytest.approx(21.0, abs=1e-3)
    assert min(host_s for host_s, _, _ in notebook.poses) > 1000.0


def test_an_error_that_can_be_mended_is_one_sentence(tmp_path: Path) -> None:
    @contextmanager
    def broken(setup: EngineSetup, report: Callable[[Report], None]) -> Iterator[Seat]:
        raise AudioSourceError("There is no such device.")
        yield

    pipe = Pipe()
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), broken).run()
    assert pipe.said == [Failed("There is no such device.")]


def test_any_other_error_says_where_it_happened(tmp_path: Path) -> None:
    class BrokenSession(FakeSession):
        def push(self, block: Any) -> list[PoseFrame]:
            raise ZeroDivisionError("oh")

    pipe = Pipe()
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), seating_of(FakeSource(5), BrokenSession())).run()
    (failed,) = pipe.of(Failed)
    assert "ZeroDivisionError: oh" in failed.sentence
    assert "test_runner.py" in failed.sentence


def test_live_on_a_virtual_clock_is_the_same_dance_as_offline(tmp_path: Path) -> None:
    """The same blocks through the engine's loop and straight through a Session, cues and all."""
    cues = (Cue(1.0, Command("expert", "krump")), Cue(2.0, Command("mirror", True)))

    def session() -> Session:
        return Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, cues=cues, seed=4, tracker="manual")

    source, offline, direct = FakeSource(800), session(), []
    while (block := source.read(0.0)) is not None:
        direct += offline.push(block)
    notebook = Notebook()
    EngineRunner(engine_setup(tmp_path), Pipe(), notebook, seating_of(FakeSource(800), session())).run()
    live = [pose for _, pose, _ in notebook.poses]
    assert len(live) > 230
    assert {pose.expert for pose in live} == {"house", "krump"}
    for a, b in zip(live, direct, strict=True):
        assert (a.time_s, a.bars, a.expert) == (b.time_s, b.bars, b.expert)
        assert np.array_equal(a.quats, b.quats)
        assert np.array_equal(a.root_m, b.root_m)


class LossySource(FakeSource):
    """Loses 0.2 s after its first second, as a device does that was not read in time."""

    def read(self, timeout_s: float) -> AudioBlock | None:
        block = super().read(timeout_s)
        lost = 9_600 if block is not None and block.index >= self.rate_hz else 0
        return block and replace(block, index=block.index + lost, host_time_s=block.host_time_s + lost / self.rate_hz)


def test_lost_samples_reach_the_session_so_that_the_bar_clock_goes_on_through_them(tmp_path: Path) -> None:
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    notebook = Notebook()
    EngineRunner(engine_setup(tmp_path), Pipe(), notebook, seating_of(LossySource(300), session)).run()
    assert session.time_s == pytest.approx(3.2)
    clock = notebook.statuses[-1].clock
    assert clock is not None
    assert clock.bars_at(1003.2) == pytest.approx(1.6, abs=1e-3)
    for host_s, frame, _ in notebook.poses:
        assert host_s == pytest.approx(1000.0 + frame.time_s, abs=1e-3)
