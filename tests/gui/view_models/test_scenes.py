import pytest

from gui.view_models.said import in_words
from gui.view_models.scenes import ScenesModel
from megadance_live.config.preset import Scene
from megadance_live.control.vocabulary import parse
from tests.gui.fake_port import EXPERTS
from tests.gui.view_models.stand import Stand

WARM = Scene(name="Warm", commands={"expert": "house", "energy": 0.6})
DROP = Scene(name="Drop", colour="#ff0000", commands={"expert_now": "krump", "mirror": True, "again": True})


@pytest.fixture
def stand() -> Stand:
    stand = Stand()
    stand.document(scenes=(WARM, DROP))
    return stand


@pytest.fixture
def model(stand: Stand) -> ScenesModel:
    scenes: ScenesModel = stand.follow(ScenesModel(stand.port))
    return scenes


def names(scenes: tuple[Scene, ...]) -> list[str]:
    return [scene.name for scene in scenes]


def test_scenes_are_shown_in_order_with_what_they_hold(model: ScenesModel) -> None:
    assert [(scene.name, scene.says) for scene in model.state.scenes] == [
        ("Warm", "house, energy 0.6"), ("Drop", "krump, mirror on, again")]  # fmt: skip
    assert model.state.scenes[1].colour == "#ff0000"


def test_a_press_gives_the_scene_and_is_asked_for_until_the_show_says_so(stand: Stand, model: ScenesModel) -> None:
    model.press(1)
    assert stand.said == [("scene", "Drop")]
    assert [(scene.asked, scene.current) for scene in model.state.scenes] == [(False, False), (True, False)]
    stand.snapshot(scene="Drop")
    assert [(scene.asked, scene.current) for scene in model.state.scenes] == [(False, False), (False, True)]


def test_a_place_without_a_scene_does_nothing(stand: Stand, model: ScenesModel) -> None:
    model.press(2)
    model.press(-1)
    assert stand.said == []


def test_a_capture_holds_how_the_show_stands_and_can_be_said(stand: Stand, model: ScenesModel) -> None:
    stand.turn(expert="krump", energy=1.3, crossfade_s=0.5, mirror=True)
    model.capture()
    scene = stand.revised[-1].value[-1]
    assert scene.name == "Scene 3"
    assert scene.commands["expert"] == "krump"
    assert (scene.commands["energy"], scene.commands["crossfade"], scene.commands["mirror"]) == (1.3, 0.5, True)
    for name, value in scene.commands.items():
        assert parse(name, value, EXPERTS).name == name


def test_captures_never_share_a_name(stand: Stand, model: ScenesModel) -> None:
    model.capture()
    model.capture()
    model.edit(True)
    model.press(0)
    model.remove()
    model.capture()
    taken = names(stand.revised[-1].value)
    assert len(set(taken)) == len(taken) == 4


def test_while_editing_a_scene_is_chosen_renamed_coloured_moved_and_removed(stand: Stand, model: ScenesModel) -> None:
    model.edit(True)
    model.press(0)
    assert stand.said == []
    assert model.rename("  Opening ")
    model.recolour("#00ff00")
    model.move(0, 1)
    assert names(stand.revised[-1].value) == ["Drop", "Opening"]
    assert stand.revised[-1].value[1].colour == "#00ff00"
    assert model.state.chosen == 1
    model.remove()
    assert names(stand.revised[-1].value) == ["Drop"]
    for _ in range(4):
        model.undo()
    assert stand.revised[-1].value == (WARM, DROP)


@pytest.mark.parametrize("name", ["", "   ", "Drop"])
def test_a_scene_is_not_called_nothing_or_like_another(stand: Stand, model: ScenesModel, name: str) -> None:
    model.edit(True)
    model.press(0)
    assert not model.rename(name)
    assert "type" in model.state.trouble
    assert stand.revised == []
    assert model.rename("Warm")
    assert model.state.trouble == ""


def test_a_chosen_scene_can_be_captured_again(stand: Stand, model: ScenesModel) -> None:
    model.edit(True)
    model.press(1)
    model.capture_again()
    scene = stand.revised[-1].value[1]
    assert (scene.name, scene.colour, scene.commands["expert"]) == ("Drop", "#ff0000", "house")


def test_without_a_dancer_nothing_is_captured_or_given(stand: Stand, model: ScenesModel) -> None:
    stand.engine(control=None)
    model.capture()
    model.press(0)
    assert stand.port.asked == []


def test_a_scene_of_nothing_is_still_shown() -> None:
    assert in_words(Scene(name="X").commands) == "nothing"
