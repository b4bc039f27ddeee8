import random
from dataclasses import replace

import pytest

from gui.view_models.macros import MacrosModel, MacroState
from tests.gui.view_models.stand import Stand

BAR_S = 4 * 60 / 124


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.fixture
def model(stand: Stand) -> MacrosModel:
    macros: MacrosModel = stand.follow(MacrosModel(stand.port, random.Random(1)))
    return macros


def fader(model: MacrosModel, name: str) -> MacroState:
    return next(state for state in model.state.faders if state.name == name)


def test_the_faders_stand_where_the_show_has_them(stand: Stand, model: MacrosModel) -> None:
    stand.turn(energy=1.4, smooth_s=0.2, latency_ms=40.0)
    values = {state.name: state.value for state in model.state.faders}
    assert values == {
        "energy": 1.4,
        "dynamics": 0.5,
        "accent": 0.5,
        "looseness": 1.0,
        "smooth": 0.2,
        "crossfade": 0.35,
        "latency": 40.0,
    }
    assert not any(state.asked for state in model.state.faders)


def test_a_fader_stays_where_the_hand_put_it_until_the_show_has_followed(stand: Stand, model: MacrosModel) -> None:
    model.turn("energy", 1.5)
    stand.tick()
    assert (fader(model, "energy").value, fader(model, "energy").asked) == (1.5, True)
    stand.turn(energy=1.5)
    assert not fader(model, "energy").asked
    stand.turn(energy=0.5)
    assert fader(model, "energy").value == 0.5


def test_a_value_that_the_show_does_not_take_falls_back(stand: Stand, model: MacrosModel) -> None:
    model.turn("energy", 1.5)
    stand.tick(2.0)
    assert fader(model, "energy").value == 1.0


def test_a_drag_is_thinned_and_its_end_is_always_said(stand: Stand, model: MacrosModel) -> None:
    for step in range(1, 1001):
        stand.tick(0.001)
        model.turn("energy", step / 1000)
    assert 25 <= len(stand.said) <= 35
    model.release("energy")
    assert stand.said[-1] == ("energy", 1.0)
    said = len(stand.said)
    stand.tick(1.0)
    assert len(stand.said) == said


def test_the_last_value_is_said_also_where_the_hand_rests(stand: Stand, model: MacrosModel) -> None:
    model.turn("energy", 0.5)
    model.turn("energy", 0.6)
    model.turn("energy", 0.7)
    assert stand.said == [("energy", 0.5)]
    stand.tick(0.05)
    assert stand.said == [("energy", 0.5), ("energy", 0.7)]


def test_two_faders_do_not_wait_for_each_other(stand: Stand, model: MacrosModel) -> None:
    model.turn("energy", 0.5)
    model.turn("looseness", 0.5)
    assert stand.said == [("energy", 0.5), ("looseness", 0.5)]


def test_a_value_out_of_range_becomes_the_nearest(stand: Stand, model: MacrosModel) -> None:
    model.turn("crossfade", 9.0)
    assert stand.said == [("crossfade", 2.0)]


def test_mirror_turns_over_from_what_is_shown(stand: Stand, model: MacrosModel) -> None:
    model.mirror()
    stand.tick()
    assert (model.state.mirror, model.state.mirror_asked) == (True, True)
    stand.turn(mirror=True)
    assert (model.state.mirror, model.state.mirror_asked) == (True, False)
    model.mirror()
    assert stand.said == [("mirror", True), ("mirror", False)]


def test_a_seed_can_be_typed(stand: Stand, model: MacrosModel) -> None:
    assert model.enter_seed(" 77 ")
    stand.tick()
    assert (model.state.seed, model.state.seed_asked) == (77, True)
    stand.turn(seed=77)
    assert not model.state.seed_asked
    assert stand.said == [("seed", 77)]


@pytest.mark.parametrize("text", ["", "dice", "-1", "1.5"])
def test_what_is_no_seed_is_refused_in_a_sentence(stand: Stand, model: MacrosModel, text: str) -> None:
    assert not model.enter_seed(text)
    stand.tick()
    assert "whole number" in model.state.trouble
    assert stand.said == []
    model.forget_trouble()
    stand.tick()
    assert model.state.trouble == ""


def test_the_dice_never_throw_the_seed_that_is_there(stand: Stand, model: MacrosModel) -> None:
    seeds = []
    for _ in range(200):
        model.new_seed()
        seed = stand.said[-1][1]
        assert seed != model.state.seed
        stand.turn(seed=seed)
        seeds.append(seed)
    assert len(set(seeds)) > 150


def test_again_is_asked_for_then_next_then_now_then_over(stand: Stand, model: MacrosModel) -> None:
    model.again()
    assert stand.said == [("again", None)]
    stand.tick()
    assert model.state.again == "asked"
    stand.turn(again_bars=(9,))
    assert model.state.again == "next"
    stand.tick(BAR_S)
    assert model.state.again == "now"
    stand.turn(again_bars=())
    assert model.state.again == ""


def test_an_again_that_the_show_does_not_answer_is_over(stand: Stand, model: MacrosModel) -> None:
    model.again()
    stand.tick(2.0)
    assert model.state.again == ""


def test_a_show_that_has_gone_or_not_begun_is_told_nothing(stand: Stand, model: MacrosModel) -> None:
    def press_all() -> None:
        model.turn("energy", 0.1)
        model.mirror()
        model.new_seed()
        model.enter_seed("5")
        model.again()

    stand.engine(control=None)
    press_all()
    stand.engine(control=replace(Stand().control))
    stand.port.shown = replace(stand.port.shown, connected=False)
    stand.tick()
    press_all()
    assert stand.said == []
    assert not model.state.ready
