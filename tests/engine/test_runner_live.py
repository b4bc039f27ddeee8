"""What may change while the engine runs: source, cues, folder; and what it draws."""

import json
from pathlib import Path
from typing import Any

import pytest

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.engine.messages import (
    CuesChanged,
    Ended,
    Notice,
    Said,
    SetCues,
    SetTakes,
    SourceChanged,
    TakeClosed,
    Wanted,
)
from megadance_live.engine.runner import EngineRunner
from megadance_live.engine.session import Session
from megadance_live.engine.take_setup import TakeSetup
from tests.engine.runner_rig import Notebook, Pipe, engine_setup, run_engine, seating_of
from tests.fakes import FakeDancer, FakeSource


class TimedSource(FakeSource):
    """Says something to the engine with a given block."""

    def __init__(self, blocks: int, pipe: Pipe, said: dict[int, object]) -> None:
        super().__init__(blocks)
        self._pipe = pipe
        self._said = said
        self._given = 0

    def read(self, timeout_s: float) -> AudioBlock | None:
        self._given += 1
        if self._given in self._said:
            self._pipe.heard.append(self._said[self._given])
        return super().read(timeout_s)


class EndlessSource(FakeSource):
    """Waits for somebody to have heard enough of another one."""

    def __init__(self) -> None:
        super().__init__(10**9)
        self.enough = False

    @property
    def ended(self) -> bool:
        return self.enough

    def read(self, timeout_s: float) -> AudioBlock | None:
        return None if self.enough else super().read(timeout_s)


def test_the_source_is_exchanged_on_command_and_bars_go_on_counting(tmp_path: Path) -> None:
    first, pipe, notebook = EndlessSource(), Pipe(), Notebook()
    second: list[FakeSource] = []

    def opener(spec: str) -> FakeSource:
        second.append(FakeSource(200, host_start_s=1000.0 + first._index / first.rate_hz + 0.2))
        second[0].name = spec
        return second[0]

    pipe.heard.append(Said(Command("source", "file:b.wav"), 1000.0))
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    EngineRunner(engine_setup(tmp_path, record=True), pipe, notebook, seating_of(first, session, opener)).run()
    assert [(change.name, change.spec) for change in pipe.of(SourceChanged)] == [
        ("fake source", "demo"),
        ("file:b.wav", "file:b.wav"),
    ]
    assert first.closed
    end_s = notebook.statuses[-1].heard_s - 1000.0
    assert session.time_s == pytest.approx(end_s, abs=1e-6)
    clock = notebook.statuses[-1].clock
    assert clock is not None
    assert clock.epoch == 0
    assert clock.bars_at(1000.0 + end_s) == pytest.approx(end_s / 2.0, abs=1e-3)
    (closed,) = pipe.of(TakeClosed)
    assert json.loads((closed.folder / "take-001.json").read_text())["duration_s"] == pytest.approx(end_s, abs=0.05)


def test_a_source_that_cannot_be_opened_is_a_notice(tmp_path: Path) -> None:
    first, pipe = EndlessSource(), Pipe(Said(Command("source", "file:none.wav"), 1000.0))
    real = pipe.send

    def send(message: Any) -> None:
        real(message)
        first.enough = first.enough or message == Notice("There is no file:none.wav.")

    pipe.send = send  # type: ignore[method-assign]
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), seating_of(first, session)).run()
    assert pipe.of(Notice) == [Notice("There is no file:none.wav.")]
    assert pipe.said[-1] == Ended()


def test_cues_are_exchanged_and_those_for_the_show_come_up(tmp_path: Path) -> None:
    pipe = Pipe()
    cues = (Cue(1.0, Command("scene", "drop")), Cue(1.0, Command("pattern", "t_pose")))
    bad = SetCues((Cue(1.0, Command("expert", "tango")),))
    source = TimedSource(300, pipe, {10: SetCues(cues), 20: bad})
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), seating_of(source, session)).run()
    assert pipe.of(CuesChanged) == [CuesChanged(cues)]
    assert "tango" in pipe.of(Notice)[0].text
    assert pipe.of(Wanted) == [Wanted(cue.command) for cue in cues]


def test_the_next_take_goes_where_takes_are_kept_by_then(tmp_path: Path) -> None:
    other, pipe = tmp_path / "other", Pipe()
    said = {
        10: Said(Command("record", True), 1000.0),
        50: SetTakes(TakeSetup(other, ("aist",))),
        100: Said(Command("record", False), 1000.0),
        110: Said(Command("record", True), 1000.0),
    }
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual")
    EngineRunner(engine_setup(tmp_path), pipe, Notebook(), seating_of(TimedSource(250, pipe, said), session)).run()
    first, second = sorted((report.folder for report in pipe.of(TakeClosed)), key=lambda folder: folder.parent == other)
    assert (first.parent, second.parent) == (tmp_path, other)
    assert (first / f"{first.name}.bvh").is_file()
    assert (second / f"{second.name}.pkl").is_file()


def test_the_ghost_of_who_is_armed_is_shown_in_host_time_and_goes_with_it(tmp_path: Path) -> None:
    pipe, notebook = Pipe(), Notebook()
    said = {50: Said(Command("expert", "krump"), 0.0), 160: Said(Command("expert_cancel"), 0.0)}
    session = Session(FakeDancer(), FakeSource.rate_hz, FakeSource.channels, tracker="manual", ghost=True)
    EngineRunner(engine_setup(tmp_path), pipe, notebook, seating_of(TimedSource(250, pipe, said), session)).run()
    assert notebook.ghosts
    for host_s, frame, expert in notebook.ghosts:
        assert host_s == pytest.approx(1000.0 + frame.time_s)
        assert (frame.expert, expert) == ("krump", 1)
    assert notebook.cleared == 2


def test_what_is_heard_is_drawn_and_steps_are_timed(tmp_path: Path) -> None:
    _, notebook, _, _ = run_engine(tmp_path)
    assert len(notebook.scope.peaks) == 100
    assert notebook.scope.column_count == 120
    assert notebook.scope.column_ends_s[-1] == pytest.approx(1001.0)
    status = notebook.statuses[-1]
    assert status.heard_s == pytest.approx(1001.0)
    assert 0.0 < status.step_ms <= status.step_p99_ms
