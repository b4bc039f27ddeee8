from dataclasses import replace
from pathlib import Path

import pytest

from gui.view_models.cues import CuesModel
from megadance_live.config.preset import CueEntry, CuesSection, Preset, Scene
from tests.gui.view_models.stand import Stand

WARM = CueEntry(bar=5, commands={"expert": "salsa", "energy": 0.7})
DROP = CueEntry(bar=17, commands={"scene": "Drop", "marker": "drop"})
END = CueEntry(bar=24.5, commands={"blackout": True})
LIST = CuesSection(entries=(END, WARM, DROP))


@pytest.fixture
def stand() -> Stand:
    stand = Stand()
    stand.document(cues=LIST, scenes=(Scene(name="Drop"),))
    return stand


@pytest.fixture
def model(stand: Stand) -> CuesModel:
    cues: CuesModel = stand.follow(CuesModel(stand.port))
    return cues


def revised(stand: Stand) -> CuesSection:
    asked = stand.revised[-1]
    assert asked.field == "cues"
    assert isinstance(asked.value, CuesSection)
    Preset(cues=asked.value)
    return asked.value


def bars(section: CuesSection) -> list[float]:
    return [entry.bar for entry in section.entries]


def test_the_list_stands_in_the_order_of_its_bars_with_the_next_marked(model: CuesModel) -> None:
    rows = model.state.rows
    assert [(row.bar, row.says) for row in rows] == [
        ("5", "salsa, energy 0.7"), ("17", "scene Drop, marker drop"), ("24.5", "blackout on")]  # fmt: skip
    assert [row.passed for row in rows] == [True, False, False]
    assert [row.next for row in rows] == [False, True, False]
    assert model.state.standing == "Next: bar 17, in 8 bars"
    assert model.state.position == "9.1"


def test_the_countdown_goes_from_bars_to_beats(stand: Stand, model: CuesModel) -> None:
    stand.clock(bars=14.9)
    assert model.state.rows[1].until == "in 2 bars"
    stand.clock(bars=15.2)
    assert model.state.rows[1].until == "in 4 beats"
    stand.clock(bars=15.8)
    assert model.state.rows[1].until == "in 1 beat"
    stand.clock(bars=16.0)
    assert [row.passed for row in model.state.rows] == [True, True, False]
    assert model.state.rows[2].until == "in 8 bars"
    stand.clock(bars=30.0)
    assert model.state.standing == "All cues have passed."


def test_cues_of_one_bar_are_next_together(stand: Stand, model: CuesModel) -> None:
    stand.document(cues=CuesSection(entries=(DROP, CueEntry(bar=17, commands={"mirror": True}))))
    assert [row.next for row in model.state.rows] == [True, True]


def test_without_a_clock_nothing_has_passed(stand: Stand, model: CuesModel) -> None:
    stand.port.shown = replace(stand.port.shown, status=replace(stand.port.shown.status, clock=None))
    stand.tick()
    assert model.state.standing == "Waiting for the music."
    assert not any(row.passed for row in model.state.rows)
    model.add()
    assert model.state.form is not None
    assert model.state.form.bar == "2"


def test_a_list_that_is_not_followed_counts_nothing_down(stand: Stand, model: CuesModel) -> None:
    model.follow(False)
    assert not revised(stand).enabled
    assert bars(revised(stand)) == [5, 17, 24.5]
    assert not any(row.next for row in model.state.rows)
    assert "NOT FOLLOWED" in model.state.standing
    model.undo()
    assert revised(stand).enabled


def test_two_presses_put_the_armed_expert_on_the_next_bar(stand: Stand, model: CuesModel) -> None:
    stand.turn(armed="krump")
    model.add()
    assert model.done()
    assert CueEntry(bar=10, commands={"expert": "krump"}) in revised(stand).entries
    assert bars(revised(stand)) == [5, 10, 17, 24.5]
    assert model.state.line == "Bar 10: krump."
    assert model.state.form is None


def test_a_cue_is_written_command_by_command(stand: Stand, model: CuesModel) -> None:
    model.add()
    model.put(value="house")
    assert model.add_command()
    model.put(word="energy", value="1.4")
    assert model.add_command()
    model.put(word="resync")
    assert model.state.form is not None
    assert model.state.form.takes_nothing
    assert model.add_command()
    model.put(word="marker", value="  big one ")
    model.add_command()
    model.put(word="mirror", value="off")
    model.add_command()
    model.take_out("energy")
    model.put(bar=" 33,5 ")
    assert model.done()
    entry = revised(stand).entries[-1]
    assert entry.bar == 33.5
    assert list(entry.commands.items()) == [
        ("expert", "house"), ("resync", True), ("marker", "big one"), ("mirror", False)]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "value", "says"),
    [
        ("energy", "lots", "a number from 0 to 2"),
        ("energy", "9", "a number from 0 to 2"),
        ("expert", "hose", 'did you mean "house"?'),
        ("quantize", "3", "one of 0, 0.25, 1, 2, 4, 8 bars"),
        ("scene", "Nowhere", "use one of: Drop"),
        ("marker", "  ", "needs a text"),
        ("mirror", "", "true or false"),
    ],
)
def test_a_value_that_cannot_be_is_said_in_a_sentence(
    stand: Stand, model: CuesModel, word: str, value: str, says: str
) -> None:
    model.add()
    model.put(word=word, value=value)
    assert not model.add_command()
    assert model.state.form is not None
    assert says in model.state.form.trouble
    assert model.state.form.trouble.endswith(".")
    model.put(value="x")
    assert model.state.form.trouble == ""
    assert stand.revised == []


@pytest.mark.parametrize("bar", ["", "0", "0.5", "-3", "drop", "nan", "inf", "1e99"])
def test_a_bar_that_is_none_is_said_in_a_sentence(stand: Stand, model: CuesModel, bar: str) -> None:
    model.add()
    model.put(bar=bar)
    assert not model.done()
    assert model.state.form is not None
    assert "is not a bar" in model.state.form.trouble
    assert stand.revised == []


def test_a_cue_that_says_nothing_is_not_taken(stand: Stand, model: CuesModel) -> None:
    model.add()
    model.put(value="")
    assert not model.done()
    assert model.state.form is not None
    assert "says nothing" in model.state.form.trouble
    model.leave()
    assert model.state.form is None
    assert not model.done()
    assert stand.revised == []


def test_a_wrong_value_that_was_not_added_stops_done(stand: Stand, model: CuesModel) -> None:
    model.edit(0)
    model.put(word="energy", value="9")
    assert not model.done()
    assert stand.revised == []


def test_a_cue_is_moved_to_another_bar(stand: Stand, model: CuesModel) -> None:
    model.edit(0)
    model.this_bar()
    assert model.state.form is not None
    assert model.state.form.bar == "9"
    model.next_bar()
    model.put(bar="30")
    assert model.done()
    assert bars(revised(stand)) == [17, 24.5, 30]
    assert revised(stand).entries[-1].commands == WARM.commands


def test_a_deleted_cue_comes_back(stand: Stand, model: CuesModel) -> None:
    model.delete(1)
    assert bars(revised(stand)) == [5, 24.5]
    assert model.state.line == "The cue of bar 17 was deleted."
    model.undo()
    assert revised(stand) == LIST
    assert not model.state.can_undo


def test_places_that_are_none_do_nothing(stand: Stand, model: CuesModel) -> None:
    model.delete(7)
    model.edit(-1)
    assert model.state.form is None
    assert stand.revised == []


def test_the_form_of_a_cue_closes_when_the_list_becomes_another(stand: Stand, model: CuesModel) -> None:
    model.edit(2)
    stand.document(cues=CuesSection())
    assert model.state.form is None
    assert "ADD CUE" in model.state.standing
    model.add()
    stand.document(cues=LIST)
    assert model.state.form is not None


def test_a_change_that_the_show_does_not_take_is_said(stand: Stand, model: CuesModel) -> None:
    model.delete(0)
    stand.tick(3.0)
    assert len(model.state.rows) == 3
    assert "was not taken" in model.state.line
    stand.document(cues=CuesSection())
    assert model.state.line == ""


def test_a_list_goes_to_a_file_and_comes_back(stand: Stand, model: CuesModel, tmp_path: Path) -> None:
    model.save(tmp_path / "tour")
    assert model.state.line == "The list was saved as tour.toml."
    model.delete(0)
    model.load(tmp_path / "tour.toml")
    assert bars(revised(stand)) == [5, 17, 24.5]
    assert revised(stand).entries[0].commands == WARM.commands
    assert "3 cues" in model.state.line
    model.undo()
    assert bars(revised(stand)) == [17, 24.5]


def test_a_file_that_is_there_is_replaced_only_on_one_more_press(model: CuesModel, tmp_path: Path) -> None:
    file = tmp_path / "tour.toml"
    file.write_text("kept")
    model.save(file)
    assert model.state.replaces == "tour.toml"
    assert file.read_text() == "kept"
    model.leave()
    model.replace()
    assert file.read_text() == "kept"
    model.save(file)
    model.replace()
    assert "[[cue]]" in file.read_text()


def test_what_cannot_be_read_or_written_is_one_sentence(stand: Stand, model: CuesModel, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('[[cue]]\nbar = 2\nexpert = "nobody"\n')
    for path in (broken, tmp_path / "none.toml"):
        model.load(path)
        assert path.name in model.state.line
    assert '"nobody" is not an expert' in model.state.line or "cannot be read" in model.state.line
    model.save(broken / "inside.toml")
    assert "cannot be written" in model.state.line
    assert stand.revised == []
