from dataclasses import replace

from gui.view_models.learn import LearnMode, tag_of
from megadance_live.config.preset import MidiBinding, MidiSection, Preset
from megadance_live.remote.client import View
from megadance_live.remote.requests import LearnMidi
from megadance_live.remote.snapshot import LearnTarget, MidiView, PresetView
from tests.gui.fake_port import FakePort, dancing_view

HOUSE = MidiBinding(number=36, command="expert", value="house")
ENERGY = MidiBinding(kind="control", channel=1, number=7, command="energy", mode="range")


def seen(midi: MidiView, *bindings: MidiBinding) -> View:
    view = dancing_view()
    preset = PresetView(Preset(midi=MidiSection(bindings=bindings)))
    return replace(view, snapshot=replace(view.snapshot, midi=midi, preset=preset))


def test_a_control_is_chosen_and_chosen_again_let_go() -> None:
    port, target = FakePort(), LearnTarget("tap")
    mode = LearnMode(port)
    mode.toggle()
    mode.choose(target)
    mode.update(seen(MidiView(learning=target)))
    assert mode.target == target
    assert "press the pad" in mode.said
    mode.choose(target)
    assert port.asked == [LearnMidi(target), LearnMidi(None)]


def test_leaving_the_mode_stops_learning() -> None:
    port = FakePort()
    mode = LearnMode(port)
    mode.toggle()
    mode.toggle()
    mode.update(seen(MidiView()))
    assert (mode.active, mode.said) == (False, "")
    assert port.asked == [LearnMidi(None)]


def test_a_key_that_did_something_else_before_is_said() -> None:
    mode = LearnMode(FakePort())
    mode.toggle()
    mode.update(seen(MidiView(learned=HOUSE, replaced=1)))
    assert "N36 now does expert, which it did instead of 1 other." in mode.said


def test_controls_know_what_fires_them() -> None:
    mode = LearnMode(FakePort())
    mode.update(seen(MidiView(), HOUSE, ENERGY))
    assert mode.tags(LearnTarget("expert", "house")) == "N36"
    assert mode.tags(LearnTarget("expert", "krump")) == ""
    assert mode.tags(LearnTarget("energy", mode="range")) == "CC7/2"
    assert tag_of(MidiBinding(kind="program", number=3, command="tap")) == "PC3"


def test_only_a_change_counts_as_one() -> None:
    mode = LearnMode(FakePort())
    mode.update(seen(MidiView(), HOUSE))
    before = mode.revision
    mode.update(seen(MidiView(last="note 36"), HOUSE))
    assert mode.revision == before
    mode.update(seen(MidiView(), HOUSE, ENERGY))
    assert mode.revision == before + 1
