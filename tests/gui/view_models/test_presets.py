from dataclasses import replace
from typing import Any

import pytest

from gui.view_models.presets import PATIENCE_S, PresetsModel, called
from megadance_live.remote.requests import OpenPreset, SavePreset
from megadance_live.remote.snapshot import PresetView
from tests.gui.view_models.stand import Stand

NAMES = ("Club", "default", "unreal")


class Rig:
    """A show that has opened "Club", and answers when it is told to."""

    def __init__(self) -> None:
        self.stand = Stand()
        self.words: list[str] = []
        self.stand.snapshot(preset=PresetView(name="Club", names=NAMES))
        self.model: PresetsModel = self.stand.follow(
            PresetsModel(self.stand.port, lambda text, now_s: self.words.append(text))
        )

    @property
    def asked(self) -> list[object]:
        return list(self.stand.port.asked)

    def preset(self, **changes: Any) -> None:
        self.stand.snapshot(preset=replace(self.stand.port.shown.snapshot.preset, **changes))

    def answer(self, refusal: str = "", **changes: Any) -> None:
        answered = self.stand.port.shown.snapshot.preset.answered + 1
        problems = (refusal,) if refusal else ()
        self.preset(answered=answered, refusal=refusal, problems=problems, **changes)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_the_open_show_is_told_apart_from_the_others(rig: Rig) -> None:
    state = rig.model.state
    assert (state.name, state.names, state.changed, state.standing) == ("Club", NAMES, False, ())
    rig.preset(changed=True)
    assert rig.model.state.changed


def test_a_show_without_changes_is_left_at_once(rig: Rig) -> None:
    rig.model.open()
    assert rig.asked == []
    rig.model.choose("unreal")
    rig.model.open()
    assert rig.asked == [OpenPreset("unreal")]
    assert rig.model.state.doing == "opening"
    rig.answer(name="unreal")
    assert (rig.model.state.doing, rig.model.state.chosen) == ("", "")
    assert rig.model.state.line == rig.words[-1] == '"unreal" is open.'


def test_a_show_with_changes_is_left_only_after_one_more_press(rig: Rig) -> None:
    rig.preset(changed=True)
    rig.model.choose("unreal")
    rig.model.open()
    assert rig.asked == []
    assert rig.model.state.asking
    rig.model.stay()
    rig.model.open_anyway()
    assert rig.asked == []
    rig.model.open()
    rig.model.open_anyway()
    assert rig.asked == [OpenPreset("unreal")]
    assert not rig.model.state.asking


def test_the_question_is_void_once_the_show_is_saved(rig: Rig) -> None:
    rig.preset(changed=True)
    rig.model.choose("unreal")
    rig.model.open()
    rig.preset(changed=False)
    assert not rig.model.state.asking


def test_changes_are_saved_before_another_show_is_opened(rig: Rig) -> None:
    rig.preset(changed=True)
    rig.model.choose("unreal")
    rig.model.open()
    rig.model.save_and_open()
    assert rig.asked == [SavePreset("")]
    rig.answer(changed=False)
    assert rig.asked == [SavePreset(""), OpenPreset("unreal")]
    rig.answer(name="unreal")
    assert rig.model.state.line == '"unreal" is open.'


def test_nothing_is_opened_if_the_changes_cannot_be_saved(rig: Rig) -> None:
    rig.preset(changed=True)
    rig.model.choose("unreal")
    rig.model.open()
    rig.model.save_and_open()
    rig.answer("The disk is full; free some room.")
    assert rig.asked == [SavePreset("")]
    assert rig.model.state.line == '"Club" is not saved, and "unreal" is not opened. The disk is full; free some room.'


def test_a_refusal_is_said_each_time_it_comes(rig: Rig) -> None:
    for _ in range(2):
        rig.model.save()
        rig.answer("The disk is full.")
    assert rig.words == ['"Club" is not saved. The disk is full.'] * 2


def test_saving_while_a_fader_moves_is_still_saved(rig: Rig) -> None:
    rig.model.save()
    rig.answer(changed=True)
    assert rig.model.state.line == '"Club" is saved.'


def test_a_show_that_does_not_answer_is_not_waited_for_for_ever(rig: Rig) -> None:
    rig.model.save()
    rig.stand.tick(PATIENCE_S + 0.1)
    assert rig.model.state.doing == ""
    assert "does not answer" in rig.model.state.line


def test_a_protected_show_is_saved_under_another_name(rig: Rig) -> None:
    rig.preset(protected=True, problems=('"gain" should be a number.',), names=(*NAMES, "Club 2"))
    rig.model.save()
    state = rig.model.state
    assert rig.asked == []
    assert state.naming
    assert state.wish == "Club 3"
    assert "SAVE AS" in state.standing[0]
    assert state.standing[1] == '"gain" should be a number.'
    assert "another name" in rig.words[-1]
    assert rig.model.save_as("Club 3")
    assert rig.asked == [SavePreset("Club 3")]
    assert not rig.model.state.naming


def test_an_autosave_says_what_it_is(rig: Rig) -> None:
    rig.preset(protected=True, restored=True, name="/home/vj/autosave.toml")
    assert rig.model.state.name == "autosave"
    assert "cut off" in rig.model.state.standing[0]
    assert "autosave" in rig.model.state.standing[1]


@pytest.mark.parametrize("name", ["", "   ", "a/b", "what?", ".hidden", "x" * 80, "nul", ".toml"])
def test_a_name_that_cannot_be_one_is_said_in_a_sentence(rig: Rig, name: str) -> None:
    rig.model.name_it()
    assert not rig.model.save_as(name)
    assert rig.model.state.trouble.endswith(".")
    assert rig.asked == []
    assert rig.model.state.naming


def test_another_preset_is_replaced_only_when_its_name_is_given_twice(rig: Rig) -> None:
    rig.model.name_it()
    assert not rig.model.save_as("unreal")
    assert rig.model.state.replaces == "unreal"
    assert not rig.model.save_as("default")
    assert rig.model.save_as(" default.toml ")
    assert rig.asked == [SavePreset("default")]


def test_typing_another_name_takes_the_second_press_back(rig: Rig) -> None:
    rig.model.name_it()
    rig.model.save_as("unreal")
    rig.model.forget_trouble()
    assert (rig.model.state.replaces, rig.model.state.trouble) == ("", "")
    assert not rig.model.save_as("unreal")


def test_the_name_that_it_has_is_no_replacement(rig: Rig) -> None:
    assert rig.model.save_as("Club")
    assert rig.asked == [SavePreset("Club")]


def test_a_preset_that_lies_elsewhere_is_called_by_its_file(rig: Rig) -> None:
    assert called("/media/stick/Tour 2026.toml") == "Tour 2026"
    rig.model.choose("/media/stick/Tour 2026.toml")
    rig.model.open()
    rig.answer(name="/media/stick/Tour 2026.toml")
    assert rig.model.state.line == '"Tour 2026" is open.'


def test_without_a_show_nothing_is_asked(rig: Rig) -> None:
    rig.stand.port.shown = replace(rig.stand.port.shown, connected=False)
    rig.stand.tick()
    rig.model.choose("unreal")
    rig.model.open()
    rig.model.save()
    assert rig.asked == []
