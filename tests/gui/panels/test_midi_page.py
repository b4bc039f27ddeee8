from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.midi_page import MidiPage
from gui.view_models.midi import MidiModel
from gui.widgets.buttons import Button
from gui.widgets.choice import Choice
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.lamp import Lamp
from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.remote.requests import LearnMidi
from megadance_live.remote.snapshot import LearnTarget, MidiView
from tests.gui.panels.rig import Rig

KNOB = MidiBinding(kind="control", number=7, command="energy", mode="range", least=0.0, greatest=2.0)
PAD = MidiBinding(number=36, command="expert", value="krump")


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    rig = Rig(qtbot)
    rig.stand.document(midi=MidiSection(bindings=(KNOB, PAD)))
    rig.stand.snapshot(midi=MidiView(available=True, ports=("Launchpad", "nanoKONTROL")))
    model = rig.stand.follow(MidiModel(rig.stand.port))
    rig.show(MidiPage(model, rig.window.learn_mode))
    return rig


def test_bindings_and_inputs_are_listed(rig: Rig) -> None:
    assert rig.find(ElidedLabel, "binding_0_what").text == "energy"
    assert rig.find(ElidedLabel, "binding_1_what").text == "expert krump"
    assert rig.find(Button, "midi_port_1").text() == "nanoKONTROL"


def test_a_message_lights_its_input_and_is_told_in_words(rig: Rig) -> None:
    rig.stand.snapshot(midi=replace(rig.stand.port.shown.snapshot.midi, last="note 60 on channel 1 of Launchpad"))
    rig.draw()
    assert rig.find(Lamp, "midi_lamp_0").state == "good"
    assert rig.find(Lamp, "midi_lamp_1").state == "off"
    assert "note 60" in rig.find(ElidedLabel, "midi_last").text


def test_limits_are_typed_and_wrong_ones_explained(rig: Rig) -> None:
    rig.type_into("binding_0_greatest", "9")
    assert "from 0 to 2" in rig.find(QLabel, "midi_trouble").text()
    rig.type_into("binding_0_greatest", "1.5")
    assert rig.stand.revised[-1].value.bindings[0].greatest == 1.5
    assert not rig.find(QLabel, "midi_trouble").isVisible()


def test_the_mode_is_chosen_from_those_that_make_sense(rig: Rig) -> None:
    mode = rig.find(Choice, "binding_0_mode")
    QTest.keyClick(mode, Qt.Key.Key_Up)
    rig.draw()
    assert rig.stand.revised[-1].value.bindings[0].mode == "toggle"
    assert not rig.find(QWidget, "binding_0_least").isVisible()
    assert rig.find(Choice, "binding_1_mode").count() == 2


def test_a_binding_is_removed_and_brought_back(rig: Rig) -> None:
    rig.click("binding_0_remove")
    assert rig.stand.revised[-1].value.bindings == (PAD,)
    assert rig.find(ElidedLabel, "binding_0_what").text == "expert krump"
    rig.click("undo_midi")
    assert rig.stand.revised[-1].value.bindings == (KNOB, PAD)


def test_inputs_lights_and_midi_itself_are_switched(rig: Rig) -> None:
    rig.click("midi_port_0")
    rig.click("midi_feedback")
    rig.click("midi_on")
    section = rig.stand.revised[-1].value
    assert (section.ports, section.feedback, section.enabled) == (("nanoKONTROL",), False, False)
    assert not rig.find(Button, "learn").isEnabled()


def test_learning_is_begun_told_and_ended(rig: Rig) -> None:
    rig.click("learn")
    assert rig.window.learn_mode.active
    assert "choose a control" in rig.find(QLabel, "learn_says").text()
    rig.stand.snapshot(midi=replace(rig.stand.port.shown.snapshot.midi, learning=LearnTarget("tap")))
    rig.draw()
    assert "press the pad" in rig.find(QLabel, "learn_says").text()
    learned = replace(rig.stand.port.shown.snapshot.midi, learning=None, learned=KNOB, replaced=2)
    rig.stand.snapshot(midi=learned)
    rig.draw()
    assert "instead of 2 others" in rig.find(QLabel, "learn_says").text()
    assert rig.find(ElidedLabel, "binding_0_what").text.startswith("NEW")
    rig.click("learn")
    assert rig.stand.port.asked[-1] == LearnMidi(None)


def test_a_machine_without_midi_says_why_and_keeps_the_table(rig: Rig) -> None:
    rig.stand.snapshot(midi=MidiView(trouble="There is no MIDI here: install the sequencer."))
    rig.draw()
    assert "no MIDI" in rig.find(QLabel, "midi_trouble").text()
    assert rig.find(ElidedLabel, "binding_0_what").isVisible()
    assert not rig.find(Button, "learn").isEnabled()
