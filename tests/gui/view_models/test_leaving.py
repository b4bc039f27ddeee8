from dataclasses import replace

import pytest

from gui.view_models.leaving import PATIENCE_S, LeavingModel
from megadance_live.remote.requests import EndShow
from tests.gui.fake_port import FakePort, dancing_view


class Rig:
    def __init__(self) -> None:
        self.port = FakePort()
        self.model = LeavingModel(self.port)
        self.model.update(dancing_view())


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_it_asks_once_and_staying_stays(rig: Rig) -> None:
    rig.model.want()
    assert rig.model.stage == "asking"
    rig.model.stay()
    assert rig.model.stage == "staying"
    assert rig.port.asked == []


def test_leaving_lets_the_show_go_on(rig: Rig) -> None:
    rig.model.want()
    rig.model.leave()
    assert rig.model.stage == "left"
    assert rig.port.asked == []


def test_wanting_it_twice_leaves_and_the_show_goes_on(rig: Rig) -> None:
    rig.model.want()
    rig.model.want()
    assert rig.model.stage == "left"
    assert rig.port.asked == []


def test_stopping_waits_for_the_farewell(rig: Rig) -> None:
    rig.model.want()
    rig.model.stop_and_leave()
    assert rig.port.asked == [EndShow()]
    rig.model.want()
    rig.model.update(dancing_view(101.0))
    assert rig.model.stage == "ending"
    rig.model.update(replace(dancing_view(101.5), ended=True))
    assert rig.model.stage == "left"


def test_a_show_that_does_not_answer_is_left_to_itself(rig: Rig) -> None:
    rig.model.want()
    rig.model.stop_and_leave()
    rig.model.update(dancing_view(100.0 + PATIENCE_S))
    assert rig.model.stage == "left"


def test_nothing_is_ended_without_the_question(rig: Rig) -> None:
    rig.model.stop_and_leave()
    rig.model.leave()
    assert rig.model.stage == "staying"
    assert rig.port.asked == []


@pytest.mark.parametrize("running", [replace(dancing_view(), connected=False), dancing_view(phase="ended")])
def test_where_no_show_runs_it_just_leaves(rig: Rig, running: object) -> None:
    rig.model.update(running)  # type: ignore[arg-type]
    rig.model.want()
    assert rig.model.stage == "left"


def test_a_show_that_ends_while_it_asks_answers_the_question(rig: Rig) -> None:
    rig.model.want()
    rig.model.update(replace(dancing_view(), connected=False, ended=True))
    assert rig.model.stage == "left"


def test_an_app_that_the_show_has_opened_goes_when_the_show_does() -> None:
    model = LeavingModel(FakePort(), with_show=True)
    model.update(replace(dancing_view(), connected=False))
    assert model.stage == "staying"
    model.update(replace(dancing_view(), connected=False, ended=True))
    assert model.stage == "left"


def test_why_a_show_has_failed_can_still_be_read() -> None:
    model = LeavingModel(FakePort(), with_show=True)
    model.update(replace(dancing_view(phase="failed", failure="The weights are gone."), connected=False, ended=True))
    assert model.stage == "staying"
