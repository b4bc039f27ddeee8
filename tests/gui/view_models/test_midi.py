from dataclasses import replace

import pytest

from gui.view_models.midi import MidiModel
from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.remote.snapshot import MidiView
from tests.gui.view_models.stand import Stand

PAD = MidiBinding(number=36, command="expert", value="hip_hop", port="Launchpad")
KNOB = MidiBinding(kind="control", number=7, command="energy", mode="range", least=0.0, greatest=2.0)
SWITCH = MidiBinding(number=40, command="mirror", value=True)


@pytest.fixture
def stand() -> Stand:
    stand = Stand()
    stand.document(midi=MidiSection(bindings=(PAD, KNOB, SWITCH)))
    stand.snapshot(midi=MidiView(available=True, ports=("Launchpad", "nanoKONTROL")))
    return stand


@pytest.fixture
def model(stand: Stand) -> MidiModel:
    midi: MidiModel = stand.follow(MidiModel(stand.port))
    return midi


def test_bindings_are_told_in_words(model: MidiModel) -> None:
    rows = model.state.bindings
    assert [row.what for row in rows] == ["expert hip hop", "energy", "mirror on"]
    assert rows[0].key == "N36 · note 36, channel 1 of Launchpad"
    assert [row.modes for row in rows] == [
        ("momentary", "range"), ("momentary", "toggle", "range"), ("momentary", "toggle", "range")]  # fmt: skip


def test_a_port_shines_for_a_moment_when_it_is_heard(stand: Stand, model: MidiModel) -> None:
    stand.snapshot(midi=replace(stand.port.shown.snapshot.midi, last="note 60 on channel 1 of Launchpad"))
    assert [port.lit for port in model.state.ports] == [True, False]
    assert model.state.last == "note 60 on channel 1 of Launchpad"
    stand.tick(0.5)
    assert [port.lit for port in model.state.ports] == [False, False]


def test_ports_are_left_out_and_taken_in_again(stand: Stand, model: MidiModel) -> None:
    assert [port.heard for port in model.state.ports] == [True, True]
    model.hear("Launchpad", False)
    assert stand.revised[-1].value.ports == ("nanoKONTROL",)
    stand.answer()
    stand.snapshot(midi=MidiView(available=True, ports=("nanoKONTROL",), left_out=("Launchpad",)))
    stand.tick(2.0)
    assert [(port.name, port.heard, port.present) for port in model.state.ports] == [
        ("Launchpad", False, True), ("nanoKONTROL", True, True)]  # fmt: skip
    model.hear("nanoKONTROL", False)
    assert "switch MIDI off" in model.state.refused
    model.hear("Launchpad", True)
    assert stand.revised[-1].value.ports == ()
    assert model.state.refused == ""


def test_a_port_that_the_show_waits_for_is_listed_as_absent(stand: Stand, model: MidiModel) -> None:
    stand.document(midi=MidiSection(ports=("Old Keys",)))
    assert [(port.name, port.heard, port.present) for port in model.state.ports] == [
        ("Launchpad", False, True), ("nanoKONTROL", False, True), ("Old Keys", True, False)]  # fmt: skip


def test_midi_and_its_lamps_are_switched(stand: Stand, model: MidiModel) -> None:
    model.feed_back(False)
    model.enable(False)
    assert (stand.revised[-1].value.feedback, stand.revised[-1].value.enabled) == (False, False)
    assert (model.state.feedback, model.state.enabled) == (False, False)


def test_a_range_begins_with_the_limits_of_its_command(stand: Stand, model: MidiModel) -> None:
    model.set_mode(2, "toggle")
    assert stand.revised[-1].value.bindings[2].mode == "toggle"
    model.set_mode(1, "momentary")
    assert stand.revised[-1].value.bindings[1].value == 2.0
    model.set_mode(1, "range")
    binding = stand.revised[-1].value.bindings[1]
    assert (binding.least, binding.greatest) == (0.0, 2.0)
    model.set_mode(0, "range")
    binding = stand.revised[-1].value.bindings[0]
    assert (binding.least, binding.greatest, binding.value) == (0.0, 7.0, "hip_hop")
    model.set_mode(0, "momentary")
    assert stand.revised[-1].value.bindings[0] == PAD.model_copy(update={"greatest": 7.0})


@pytest.mark.parametrize(("least", "greatest", "kept"), [("0.5", "1,5", (0.5, 1.5)), ("2", "0", (2.0, 0.0))])
def test_limits_are_typed(stand: Stand, model: MidiModel, least: str, greatest: str, kept: tuple[float, float]) -> None:
    assert model.set_limits(1, least, greatest)
    binding = stand.revised[-1].value.bindings[1]
    assert (binding.least, binding.greatest) == kept


@pytest.mark.parametrize("least", ["", "low", "-1", "3", "nan", "inf"])
def test_limits_that_the_command_does_not_have_are_refused(stand: Stand, model: MidiModel, least: str) -> None:
    assert not model.set_limits(1, least, "1")
    assert "from 0 to 2" in model.state.refused
    assert stand.revised == []


def test_a_binding_is_removed_and_brought_back(stand: Stand, model: MidiModel) -> None:
    model.remove(1)
    assert stand.revised[-1].value.bindings == (PAD, SWITCH)
    model.undo()
    assert stand.revised[-1].value.bindings == (PAD, KNOB, SWITCH)
    assert not model.state.can_undo


def test_what_was_learned_last_is_marked(stand: Stand, model: MidiModel) -> None:
    stand.snapshot(midi=replace(stand.port.shown.snapshot.midi, learned=KNOB))
    assert [row.fresh for row in model.state.bindings] == [False, True, False]


def test_a_machine_without_midi_says_why(stand: Stand, model: MidiModel) -> None:
    stand.snapshot(midi=MidiView(trouble="There is no MIDI on this machine (no sequencer)."))
    assert not model.state.available
    assert "no MIDI" in model.state.trouble
    assert len(model.state.bindings) == 3


@pytest.mark.parametrize("place", [-1, 3])
def test_a_row_that_has_gone_is_not_changed(stand: Stand, model: MidiModel, place: int) -> None:
    model.remove(place)
    model.set_mode(place, "range")
    assert not model.set_limits(place, "0", "1")
    assert stand.revised == []
