from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QTableView, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.show_page import ShowPage
from gui.view_models.cues import CuesModel
from gui.view_models.presets import PresetsModel
from gui.view_models.stage_settings import StageSettingsModel
from gui.widgets.buttons import Button
from gui.widgets.choice import Choice
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.entry import Entry
from megadance_live.config.preset import CueEntry, CuesSection, Preset, Scene, StageSection
from megadance_live.remote.requests import OpenPreset, SavePreset
from megadance_live.remote.snapshot import PresetView
from tests.gui.panels.rig import Rig

CUES = CuesSection(entries=(CueEntry(bar=5, commands={"expert": "salsa"}), CueEntry(bar=17, commands={"mirror": True})))
NAMES = ("Club", "default", "unreal")


class ShowRig(Rig):
    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot)
        preset = Preset(cues=CUES, scenes=(Scene(name="Drop"),))
        self.stand.snapshot(preset=PresetView(preset, "Club", names=NAMES))
        self.presets: PresetsModel = self.stand.follow(PresetsModel(self.stand.port))
        self.cues: CuesModel = self.stand.follow(CuesModel(self.stand.port))
        self.stage: StageSettingsModel = self.stand.follow(StageSettingsModel(self.stand.port))
        self.show(ShowPage(self.presets, self.cues, self.stage))

    def preset(self, **changes: Any) -> None:
        self.stand.snapshot(preset=replace(self.stand.port.shown.snapshot.preset, **changes))
        self.draw()

    def answer(self) -> None:
        self.stand.answer()
        self.draw()

    def choose(self, name: str, text: str) -> None:
        choice = self.find(Choice, name)
        choice.activated.emit(choice.findText(text))
        self.draw()

    def write(self, name: str, text: str) -> None:
        field = self.find(QWidget, name)
        field.setFocus()
        QTest.keySequence(field, "Ctrl+A")
        QTest.keyClicks(field, text)
        self.draw()


@pytest.fixture
def rig(qtbot: QtBot) -> ShowRig:
    return ShowRig(qtbot)


def test_another_show_is_chosen_and_then_opened(rig: ShowRig) -> None:
    assert not rig.find(Button, "open_preset").isEnabled()
    rig.click("preset_unreal")
    assert rig.stand.port.asked == []
    assert rig.find(Button, "open_preset").text() == "OPEN unreal"
    rig.click("open_preset")
    assert rig.stand.port.asked == [OpenPreset("unreal")]


def test_changes_are_told_and_asked_about_in_a_bar(rig: ShowRig) -> None:
    rig.preset(changed=True)
    assert rig.find(ElidedLabel, "preset_name").text == "● Club · CHANGED"
    rig.click("preset_unreal")
    rig.click("open_preset")
    assert rig.find(Button, "open_anyway").isVisible()
    rig.click("open_not")
    assert not rig.find(Button, "open_anyway").isVisible()
    rig.click("open_preset")
    rig.click("save_and_open")
    assert rig.stand.port.asked == [SavePreset("")]


def test_a_name_is_typed_and_what_is_wrong_with_it_is_said_beside_it(rig: ShowRig) -> None:
    rig.click("save_as")
    rig.type_into("preset_new_name", "a/b")
    field = rig.find(QWidget, "preset_new_name")
    assert "cannot be the name" in field.accessibleDescription()
    QTest.keyClick(field, Qt.Key.Key_A)
    rig.draw()
    assert field.accessibleDescription() == ""
    rig.type_into("preset_new_name", "unreal")
    assert rig.find(Button, "preset_take_name").text() == "REPLACE"
    with rig.hearing_keys():
        rig.click("preset_take_name")
    assert rig.stand.port.asked == [SavePreset("unreal")]
    assert not field.isVisible()


def test_the_button_saves_under_the_name_that_was_typed(rig: ShowRig) -> None:
    rig.click("save_as")
    rig.write("preset_new_name", "Lyon")
    with rig.hearing_keys():
        rig.click("preset_take_name")
    assert rig.stand.port.asked == [SavePreset("Lyon")]
    rig.click("save_as")
    assert rig.find(Entry, "preset_new_name").text() == "Club"


def test_a_protected_show_comes_to_the_front_when_it_is_to_be_saved(rig: ShowRig) -> None:
    rig.click("show_stage")
    rig.preset(protected=True, problems=("One.", "Two.", "Three."), restored=True)
    rig.presets.save()
    rig.draw()
    assert rig.find(QWidget, "preset_new_name").isVisible()
    assert all(word in rig.find(QLabel, "preset_standing").text() for word in ("One.", "Three.", "cut off", "SAVE AS"))


def test_a_preset_that_lies_elsewhere_is_chosen_without_stopping_anything(rig: ShowRig, tmp_path: Path) -> None:
    file = tmp_path / "Tour.toml"
    file.write_text("schema_version = 2\n")
    rig.click("preset_file")
    dialog = rig.find(QFileDialog, "preset_chooser")
    assert not dialog.isModal()
    dialog.fileSelected.emit(str(file))
    dialog.close()
    rig.draw()
    assert rig.find(Button, "open_preset").text() == "OPEN Tour"


def test_the_next_cue_is_marked_and_counted_down(rig: ShowRig) -> None:
    rig.click("show_cues")
    table = rig.find(QTableView, "cues").model()
    shown = [[table.data(table.index(line, column)) for column in range(4)] for line in range(2)]
    assert shown == [["✓", "5", "salsa", ""], ["▶", "17", "mirror on", "in 8 bars"]]
    assert rig.find(ElidedLabel, "cue_standing").text == "Next: bar 17, in 8 bars"


def test_a_cue_is_written_by_mouse_and_keys(rig: ShowRig) -> None:
    rig.click("show_cues")
    rig.click("add_cue")
    rig.click("cue_add")
    rig.choose("cue_word", "energy")
    rig.write("cue_value", "7")
    rig.click("cue_add")
    assert "from 0 to 2" in rig.find(QLabel, "cue_trouble").text()
    rig.write("cue_value", "1.5")
    QTest.keyClick(rig.find(QWidget, "cue_value"), Qt.Key.Key_Return)
    rig.draw()
    rig.choose("cue_word", "scene")
    rig.choose("cue_choice", "Drop")
    rig.click("cue_add")
    rig.click("cue_said_expert")
    rig.write("cue_bar", "12.5")
    rig.click("cue_done")
    entries = rig.stand.revised[-1].value.entries
    assert entries[1] == CueEntry(bar=12.5, commands={"energy": 1.5, "scene": "Drop"})
    rig.answer()
    assert rig.find(QTableView, "cues").model().rowCount() == 3


def test_a_cue_is_chosen_in_the_list_edited_and_deleted(rig: ShowRig) -> None:
    rig.click("show_cues")
    assert not rig.find(Button, "delete_cue").isEnabled()
    table = rig.find(QTableView, "cues")

    def touch(line: int) -> None:
        place = table.visualRect(table.model().index(line, 2)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        rig.draw()

    touch(1)
    rig.click("edit_cue")
    rig.click("cue_next_bar")
    rig.click("cue_done")
    assert [entry.bar for entry in rig.stand.revised[-1].value.entries] == [5, 10]
    rig.answer()
    touch(0)
    rig.click("delete_cue")
    assert [entry.bar for entry in rig.stand.revised[-1].value.entries] == [10]
    rig.click("undo_cues")
    rig.click("undo_cues")
    assert rig.stand.revised[-1].value == CUES


def test_the_list_is_not_followed_any_more(rig: ShowRig) -> None:
    rig.click("show_cues")
    rig.click("follow_cues")
    assert not rig.stand.revised[-1].value.enabled
    assert "NOT FOLLOWED" in rig.find(ElidedLabel, "cue_standing").text


def test_a_file_that_is_there_is_written_over_by_a_button_and_not_by_a_question(rig: ShowRig, tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    file.write_text("")
    rig.click("show_cues")
    rig.click("save_cues")
    dialog = rig.find(QFileDialog, "cue_saver")
    assert dialog.testOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.fileSelected.emit(str(file))
    dialog.close()
    rig.draw()
    rig.click("replace_cues")
    assert "[[cue]]" in file.read_text()


def test_camera_ghost_and_body_are_set_for_the_show(rig: ShowRig) -> None:
    rig.click("show_stage")
    rig.click("stage_camera_close")
    rig.click("stage_ghost")
    assert rig.stand.revised[-1].value == StageSection(camera="close", ghost=False)
    rig.click("body_gender_female")
    rig.type_into("body_betas", "tall")
    assert "with commas" in rig.find(QWidget, "body_betas").accessibleDescription()
    rig.type_into("body_betas", "0.5, -1")
    assert (rig.stage.state.gender, rig.stage.state.betas) == ("female", "0.5, -1")


@pytest.mark.parametrize("part", ["show_shows", "show_cues", "show_stage"])
def test_every_control_says_what_it_does(rig: ShowRig, part: str) -> None:
    rig.click(part)
    if part == "show_cues":
        rig.click("add_cue")
        rig.click("cue_add")
    shown = [control for control in rig.window.findChildren(Button) if control.isVisible()]
    assert len(shown) > 7
    assert all(control.toolTip() and control.accessibleName() and control.objectName() for control in shown)
    assert all(control.height() >= 44 for control in shown)
