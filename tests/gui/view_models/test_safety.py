from dataclasses import replace
from typing import Any

import pytest

from gui.view_models.safety import SafetyModel, low_disk
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.output_frame import AppState
from megadance_live.remote.client import View
from megadance_live.remote.snapshot import TakesView
from tests.gui.fake_port import FakePort, dancing_view


def shown(state: AppState, now_s: float = 100.0, **engine: Any) -> View:
    view = dancing_view(now_s, **engine)
    assert view.frame is not None
    return replace(view, frame=replace(view.frame, state=state))


class Rig:
    def __init__(self) -> None:
        self.port = FakePort()
        self.model = SafetyModel(self.port)
        self.model.update(shown(AppState.LIVE))


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_freeze_is_asked_for_at_once_and_holds_only_when_receivers_get_it(rig: Rig) -> None:
    rig.model.freeze()
    assert rig.port.said == [Command("freeze", True)]
    rig.model.update(shown(AppState.LIVE, 100.05))
    assert (rig.model.state.freeze.on, rig.model.state.freeze.asked) == (False, True)
    rig.model.update(shown(AppState.FROZEN, 100.1))
    assert (rig.model.state.freeze.on, rig.model.state.freeze.asked) == (True, False)
    rig.model.freeze()
    assert rig.port.said[-1] == Command("freeze", False)


def test_a_second_press_before_the_answer_takes_the_first_back(rig: Rig) -> None:
    rig.model.blackout()
    rig.model.blackout()
    assert rig.port.said == [Command("blackout", True), Command("blackout", False)]


def test_a_press_that_is_never_answered_is_not_shown_as_done(rig: Rig) -> None:
    rig.model.blackout()
    rig.model.update(shown(AppState.LIVE, 105.0))
    assert not rig.model.state.blackout.on
    assert not rig.model.state.blackout.asked


def test_a_freeze_under_a_blackout_is_held_and_can_be_let_go(rig: Rig) -> None:
    rig.model.update(shown(AppState.BLACKOUT, control=Control("house", freeze=True, blackout=True)))
    state = rig.model.state
    assert (state.freeze.on, state.freeze.note, state.blackout.on) == (True, "held", True)
    rig.model.freeze()
    assert rig.port.said == [Command("freeze", False)]


def test_panic_is_one_command_and_forgets_what_was_asked(rig: Rig) -> None:
    rig.model.freeze()
    rig.model.panic()
    assert rig.port.said[-1] == Command("panic")
    rig.model.update(shown(AppState.PANIC, 100.1))
    assert (rig.model.state.panic.on, rig.model.state.freeze.asked) == (True, False)


def test_a_take_shows_its_length(rig: Rig) -> None:
    rig.model.record()
    assert rig.port.said == [Command("record", True)]
    rig.model.update(shown(AppState.LIVE, 165.0, take="take 1", take_since_s=100.0))
    assert (rig.model.state.record.on, rig.model.state.record.note) == (True, "1:05")
    rig.model.update(shown(AppState.LIVE, 3825.0, take="take 1", take_since_s=100.0))
    assert rig.model.state.record.note == "1:02:05"
    rig.model.record()
    assert rig.port.said[-1] == Command("record", False)


def test_marks_are_numbered_and_the_last_minute_can_be_kept(rig: Rig) -> None:
    rig.model.mark()
    rig.model.mark()
    rig.model.keep_last_minute()
    assert rig.port.said == [Command("marker", "marker 1"), Command("marker", "marker 2"), Command("retro")]


def test_without_a_show_nothing_is_said_and_nothing_pretends(rig: Rig) -> None:
    rig.model.update(replace(shown(AppState.LIVE), connected=False))
    for press in (rig.model.freeze, rig.model.blackout, rig.model.panic, rig.model.record):
        press()
    rig.model.update(replace(shown(AppState.LIVE, 100.1), connected=False))
    state = rig.model.state
    assert rig.port.said == []
    assert not any(switch.asked for switch in (state.freeze, state.blackout, state.panic, state.record))


def test_a_disk_that_runs_full_warns_and_one_that_nobody_measured_does_not(rig: Rig) -> None:
    assert low_disk(0) == ""
    assert low_disk(10**12) == ""
    view = shown(AppState.LIVE)
    rig.model.update(replace(view, snapshot=replace(view.snapshot, takes=TakesView(free_bytes=1_200_000_000))))
    assert rig.model.state.low_disk == "1.2 GB left"
