"""Engines that die, stall and fail, in real processes."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.engine.messages import Saved
from megadance_live.engine.process import EngineHandle
from megadance_live.engine.setup import EngineSetup, Resume
from megadance_live.engine.take_setup import TakeSetup
from megadance_live.output.take.files import PARTIAL_SUFFIX
from megadance_live.show import keeper as keeper_module
from megadance_live.show.keeper import EngineKeeper
from megadance_live.show.memory import ShowMemory
from tests import engine_bodies
from tests.fakes import FAKE_EXPERTS, make_fake_dancer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills processes by signal")


class Stage:
    """Shared memory, and a keeper of engines with a given body."""

    def __init__(self, body: Callable[..., None], folder: Path) -> None:
        self.memory = ShowMemory()
        self.setups: list[EngineSetup] = []
        make_outlet = self.memory.for_engine.attach

        def launch(setup: EngineSetup) -> EngineHandle:
            self.setups.append(setup)
            return EngineHandle(setup, make_outlet, body=body)

        setup = EngineSetup("demo", make_fake_dancer, TakeSetup(folder))
        self.wanted: list[Command] = []
        self.keeper = EngineKeeper(setup, launch, lambda: self.memory.board.read().written_s, self.wanted.append)
        self.keeper.start()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        while not condition():
            time.sleep(0.01)

    def close(self) -> None:
        self.keeper.stop()
        self.memory.close()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Callable[[Callable[..., None]], Stage]]:
    made: list[Stage] = []

    def make(body: Callable[..., None]) -> Stage:
        made.append(Stage(body, tmp_path))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_an_engine_that_is_killed_is_started_again_with_what_was_asked_for(
    stage: Callable[..., Stage], tmp_path: Path
) -> None:
    (tmp_path / f"take-001{PARTIAL_SUFFIX}").mkdir()
    shown = stage(engine_bodies.obedient)
    shown.wait_for(lambda: shown.keeper.state.phase == "dancing")
    shown.keeper.say(Command("marker", "die"))
    shown.wait_for(lambda: shown.keeper.state.restarts == 1 and shown.keeper.state.phase == "dancing")
    resume = shown.setups[1].resume
    assert isinstance(resume, Resume)
    assert resume.control.expert == "house"
    assert resume.saved == Saved(b"state", 12.5, 48_000, 2)
    assert shown.setups[1].record
    assert "exit code -9" in shown.keeper.state.notice
    assert shown.keeper.state.experts == FAKE_EXPERTS
    shown.keeper.stop()
    assert shown.keeper.state.control is not None
    assert shown.keeper.state.control.expert == "krump"


def test_an_engine_that_stalls_is_replaced(stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper_module, "STALL_S", 0.3)
    shown = stage(engine_bodies.stalling)
    shown.wait_for(lambda: shown.keeper.state.restarts >= 1 and shown.keeper.state.phase == "dancing")
    assert "has not moved" in shown.keeper.state.notice


def test_an_engine_that_cannot_begin_ends_the_show_with_its_sentence(stage: Callable[..., Stage]) -> None:
    shown = stage(engine_bodies.failing)
    shown.wait_for(lambda: shown.keeper.state.over)
    assert shown.keeper.state.failure == "There are no weights."
    assert len(shown.setups) == 1


def test_an_engine_that_dies_before_it_dances_ends_the_show(stage: Callable[..., Stage]) -> None:
    shown = stage(engine_bodies.crashing)
    shown.wait_for(lambda: shown.keeper.state.over)
    assert "exit code 3" in shown.keeper.state.failure


def test_a_command_that_nobody_hears_is_said(stage: Callable[..., Stage]) -> None:
    shown = stage(engine_bodies.failing)
    shown.wait_for(lambda: shown.keeper.state.over)
    shown.keeper.stop()
    shown.keeper.say(Command("tap"))
    assert "tap" in shown.keeper.state.notice


def test_a_command_that_does_not_fit_is_said_and_the_end_still_gets_through(
    stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = stage(engine_bodies.obedient)
    shown.wait_for(lambda: shown.keeper.state.phase == "dancing")
    real, refused = EngineHandle.say, iter([False, False])
    monkeypatch.setattr(EngineHandle, "say", lambda handle, message: next(refused, True) and real(handle, message))
    shown.keeper.say(Command("energy", 1.0))
    assert "faster than the engine" in shown.keeper.state.notice
    shown.keeper.stop()
    assert next(refused, None) is None


def test_cues_are_exchanged_what_a_cue_wants_is_passed_on_and_the_next_engine_has_the_same_music(
    stage: Callable[..., Stage],
) -> None:
    shown = stage(engine_bodies.obedient)
    shown.wait_for(lambda: shown.keeper.state.phase == "dancing")
    cues = (Cue(3.0, Command("scene", "drop")),)
    shown.keeper.set_cues(cues)
    shown.wait_for(lambda: shown.keeper.state.cues == cues)
    shown.wait_for(lambda: bool(shown.wanted))
    assert shown.wanted == [Command("scene", "drop")]
    shown.keeper.say(Command("source", "file:song.wav"))
    shown.wait_for(lambda: shown.keeper.state.source_spec == "file:song.wav")
    shown.keeper.say(Command("marker", "die"))
    shown.wait_for(lambda: len(shown.setups) == 2)
    again = shown.setups[1]
    assert (again.audio, again.cues, again.patient) == ("file:song.wav", cues, True)
    assert again.resume is not None
    assert again.resume.source_began_s == 7.5
