import pytest

from gui.view_models.pad_editor import PadEditor
from gui.view_models.pads import PadsModel
from megadance_live.config.preset import Bank, Pad, PadsSection
from tests.gui.fake_port import EXPERTS
from tests.gui.view_models.stand import Stand


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.fixture
def model(stand: Stand) -> PadsModel:
    pads: PadsModel = stand.follow(PadsModel(stand.port))
    pads.editor.edit(True)
    return pads


@pytest.fixture
def editor(model: PadsModel) -> PadEditor:
    return model.editor


def experts(section: PadsSection, bank: int = 0) -> list[str]:
    return [pad.expert for pad in section.banks[bank].pads]


def test_while_editing_a_press_chooses_the_pad_and_says_nothing(stand: Stand, model: PadsModel) -> None:
    model.press(2)
    model.press_now(4)
    assert stand.said == []
    assert model.editor.state.chosen == 2
    model.editor.edit(False)
    assert model.editor.state.chosen is None


def test_a_pad_is_dragged_to_another_place(stand: Stand, editor: PadEditor) -> None:
    editor.move(0, 2)
    assert experts(stand.revised[-1].value) == [*EXPERTS[1:3], EXPERTS[0], *EXPERTS[3:]]
    editor.move(2, 0)
    assert experts(stand.revised[-1].value) == list(EXPERTS)


@pytest.mark.parametrize(("place", "to"), [(0, 0), (0, 8), (8, 0), (-1, 2), (2, -1)])
def test_a_pad_dropped_on_no_other_pad_stays(stand: Stand, editor: PadEditor, place: int, to: int) -> None:
    editor.move(place, to)
    assert stand.revised == []


def test_two_changes_before_the_show_has_answered_are_both_kept(stand: Stand, editor: PadEditor) -> None:
    editor.choose(0)
    editor.rename("  LA   GRANDE  ")
    editor.recolour("#123456")
    stand.tick()
    assert stand.revised[-1].value.banks[0].pads[0] == Pad(expert="ballet", name="LA GRANDE", colour="#123456")
    stand.answer()
    stand.tick(2.0)
    assert editor.pages[0].pads[0].colour == "#123456"


def test_names_are_cut_to_what_a_pad_holds(stand: Stand, editor: PadEditor) -> None:
    editor.choose(0)
    editor.rename("x" * 99)
    assert stand.revised[-1].value.banks[0].pads[0].name == "x" * 24


def test_a_change_that_the_show_refuses_is_no_longer_shown(stand: Stand, editor: PadEditor) -> None:
    editor.choose(0)
    editor.rename("NO")
    stand.tick(2.0)
    assert editor.pages[0].pads[0].name == ""


def test_a_pad_is_removed_and_its_expert_can_be_added_again(stand: Stand, editor: PadEditor) -> None:
    assert editor.state.absent == ()
    editor.choose(3)
    editor.remove()
    assert "house" not in experts(stand.revised[-1].value)
    assert (editor.state.absent, editor.state.chosen) == (("house",), None)
    editor.add("house")
    assert experts(stand.revised[-1].value)[-1] == "house"


def test_without_a_chosen_pad_nothing_is_changed(stand: Stand, editor: PadEditor) -> None:
    editor.remove()
    editor.rename("X")
    editor.recolour("#000000")
    assert stand.revised == []


def test_banks_are_added_named_filled_and_removed(stand: Stand, editor: PadEditor) -> None:
    editor.add_bank()
    assert (editor.page, editor.pages[1].name, editor.pages[1].pads) == (1, "Bank 2", ())
    editor.rename_bank("Finale")
    editor.add("salsa")
    assert stand.revised[-1].value.banks[1] == Bank(name="Finale", pads=(Pad(expert="salsa"),))
    editor.remove_bank()
    assert (len(editor.banks), editor.page) == (1, 0)
    assert not editor.state.can_remove_bank
    before = len(stand.revised)
    editor.remove_bank()
    assert len(stand.revised) == before


def test_a_new_bank_has_a_name_of_its_own(stand: Stand, editor: PadEditor) -> None:
    editor.rename_bank("Bank 2")
    editor.add_bank()
    assert [bank.name for bank in stand.revised[-1].value.banks] == ["Bank 2", "Bank 3"]


def test_every_change_can_be_taken_back(stand: Stand, editor: PadEditor) -> None:
    assert not editor.state.can_undo
    editor.choose(0)
    editor.remove()
    editor.move(0, 1)
    editor.undo()
    editor.undo()
    assert stand.revised[-1].value == PadsSection()
    assert not editor.state.can_undo
    editor.undo()
    assert len(stand.revised) == 4


def test_what_was_changed_in_one_show_is_not_taken_back_in_another(stand: Stand, editor: PadEditor) -> None:
    editor.choose(0)
    editor.remove()
    preset = stand.port.shown.snapshot.preset
    stand.snapshot(preset=type(preset)(name="other"))
    assert not editor.state.can_undo
    assert [pad.expert for pad in editor.pages[0].pads] == list(EXPERTS)


def test_pads_overleaf_are_changed_in_their_own_place(stand: Stand, model: PadsModel) -> None:
    stand.engine(experts=tuple(f"dance_{n}" for n in range(23)))
    model.turn(1)
    model.editor.move(0, 2)
    assert experts(stand.revised[-1].value)[19:] == ["dance_19", "dance_21", "dance_22", "dance_20"]
    model.editor.remove()
    assert experts(stand.revised[-1].value)[19:] == ["dance_19", "dance_21", "dance_22"]
