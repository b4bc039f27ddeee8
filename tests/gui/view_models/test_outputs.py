from collections.abc import Sequence
from dataclasses import replace

import pytest

from gui.view_models.asked import PATIENCE_S
from gui.view_models.outputs import OutputsModel
from gui.view_models.receiver_presets import RECEIVER_PRESETS
from megadance_live.config.preset import OutputSection, Preset, Receiver
from megadance_live.core.command import Command
from megadance_live.remote.client import View
from megadance_live.remote.requests import Revise, WatchReceiver
from megadance_live.remote.snapshot import ControlInView, PresetView, ReceiverView
from tests.gui.fake_port import FakePort, dancing_view

OSC = Receiver(name="OSC", to="127.0.0.1:7000")
VMC = Receiver(name="VMC", to="127.0.0.1:39539,layout=vmc")
OFF = Receiver(name="Wall", to="10.0.0.7:7000", enabled=False)
PRESET = {preset.title: preset for preset in RECEIVER_PRESETS}


def view(
    receivers: Sequence[Receiver] = (OSC, VMC, OFF), now_s: float = 100.0, served: Sequence[ReceiverView] = (),
    pattern: str = "off", control_in: ControlInView | None = None,
) -> View:  # fmt: skip
    shown = dancing_view(now_s)
    preset = PresetView(Preset(output=OutputSection(receivers=tuple(receivers))))
    snapshot = replace(
        shown.snapshot,
        preset=preset,
        receivers=tuple(served),
        pattern=pattern,
        control_in=control_in or ControlInView(9001, 2, 1),
    )
    return replace(shown, snapshot=snapshot)


@pytest.fixture
def port() -> FakePort:
    return FakePort()


@pytest.fixture
def model(port: FakePort) -> OutputsModel:
    made = OutputsModel(port)
    made.update(view())
    return made


def sent(port: FakePort) -> tuple[Receiver, ...]:
    """The list that the show was asked for last."""
    last = [request for request in port.asked if isinstance(request, Revise)][-1]
    assert last.field == "output"
    assert isinstance(last.value, OutputSection)
    return last.value.receivers


def names(model: OutputsModel) -> list[str]:
    return [row.name for row in model.state.rows]


def test_every_receiver_has_its_line(model: OutputsModel) -> None:
    assert names(model) == ["OSC", "VMC", "Wall"]
    assert model.state.rows[0].sent_as == "127.0.0.1:7000 · native · smpl axes · 60 Hz"
    assert model.state.rows[1].sent_as == "127.0.0.1:39539 · vmc · unity axes · 60 Hz"
    assert [row.state for row in model.state.rows] == ["opening", "opening", "off"]
    assert model.state.control_in == ("OSC control: listening on UDP port 9001; 2 messages have acted, 1 was ignored.")


def test_live_figures_stand_beside_the_receiver_that_they_belong_to(model: OutputsModel) -> None:
    served = [
        ReceiverView(1, open=True, rate_hz=59.97, packets_per_s=120, bytes_per_s=84_321, late_p99_ms=0.42),
        ReceiverView(0, open=True, rate_hz=60, late_p99_ms=12.0, failures=3, trouble="7000 is unreachable."),
    ]
    model.update(view(served=served))
    osc, vmc, _ = model.state.rows
    assert (vmc.state, vmc.figures) == ("sending", "60.0 Hz · 120 packets/s · 84.3 kB/s · p99 0.4 ms")
    assert (osc.state, osc.late, osc.failures, osc.trouble) == ("trouble", True, 3, "7000 is unreachable.")
    assert osc.figures.endswith("LATE, p99 12.0 ms")


def test_a_receiver_without_a_name_is_called_by_its_address(model: OutputsModel) -> None:
    model.update(view([Receiver(to="127.0.0.1:7000")]))
    assert names(model) == ["127.0.0.1:7000"]


@pytest.mark.parametrize("title", list(PRESET))
def test_a_preset_is_added_at_once(model: OutputsModel, port: FakePort, title: str) -> None:
    model.update(view([]))
    model.add(PRESET[title])
    assert sent(port) == (PRESET[title].receiver,)
    model.update(view([]))
    assert names(model) == [title]


def test_a_port_that_is_taken_is_not_sent_to_twice(model: OutputsModel, port: FakePort) -> None:
    model.add(PRESET["TouchDesigner"])
    assert sent(port)[-1].to == "127.0.0.1:7001,layout=touchdesigner"
    model.update(view())
    assert "at port 7001: set it in the program, too" in model.state.line


def test_changes_in_quick_succession_build_on_each_other(model: OutputsModel, port: FakePort) -> None:
    model.add(PRESET["Unreal"])
    model.remove(0)
    model.switch(1)
    assert [receiver.name for receiver in sent(port)] == ["VMC", "Wall", "Unreal"]
    assert sent(port)[1].enabled
    model.update(view([OSC, VMC, OFF, PRESET["Unreal"].receiver], 100.1))
    assert names(model) == ["VMC", "Wall", "Unreal"]
    model.update(view(sent(port), 100.2))
    assert names(model) == ["VMC", "Wall", "Unreal"]
    assert model.state.can_undo


def test_a_change_that_the_show_does_not_take_is_said(model: OutputsModel) -> None:
    model.remove(0)
    model.update(view(now_s=100.1))
    assert names(model) == ["VMC", "Wall"]
    model.update(view(now_s=100.2 + PATIENCE_S))
    assert names(model) == ["OSC", "VMC", "Wall"]
    assert "was not taken" in model.state.line


def test_what_was_removed_can_be_brought_back(model: OutputsModel, port: FakePort) -> None:
    model.remove(1)
    model.update(view([OSC, OFF], 100.1))
    assert model.state.line == "Removed VMC."
    assert model.state.can_undo
    model.undo()
    assert sent(port) == (OSC, VMC, OFF)
    model.update(view(now_s=100.2))
    assert not model.state.can_undo
    assert names(model) == ["OSC", "VMC", "Wall"]


def test_a_change_from_elsewhere_is_shown(model: OutputsModel) -> None:
    model.edit(1)
    model.update(view([VMC], 100.2))
    assert names(model) == ["VMC"]
    assert model.state.form is None
    assert model.state.line == ""


def test_a_copy_stands_below_with_a_port_of_its_own(model: OutputsModel, port: FakePort) -> None:
    model.duplicate(0)
    assert [receiver.name for receiver in sent(port)] == ["OSC", "OSC copy", "VMC", "Wall"]
    assert sent(port)[1].to == "127.0.0.1:7001"


def test_a_long_name_can_be_copied(model: OutputsModel, port: FakePort) -> None:
    model.update(view([Receiver(name="n" * 40, to="127.0.0.1:7000")]))
    model.duplicate(0)
    assert len(sent(port)[1].name) == 40


def test_a_receiver_is_switched_on_and_off(model: OutputsModel, port: FakePort) -> None:
    model.switch(0)
    assert not sent(port)[0].enabled
    model.switch(0)
    assert sent(port)[0].enabled


def test_only_what_is_valid_is_sent(model: OutputsModel, port: FakePort) -> None:
    model.edit(0)
    model.put("port", "70000")
    assert not model.apply()
    assert port.asked == []
    model.update(view())
    assert model.state.form is not None
    assert "port" in model.state.form.problems
    model.put("port", "7005")
    model.put("axes", "unreal_y")
    assert model.apply()
    assert sent(port)[0].to == "127.0.0.1:7005,axes=unreal_y"
    model.update(view(sent(port)))
    assert model.state.form is None
    assert model.state.line == "Changed OSC."


def test_a_form_that_changes_nothing_sends_nothing(model: OutputsModel, port: FakePort) -> None:
    model.edit(2)
    assert model.apply()
    model.edit(2)
    model.close_form()
    model.put("port", "1")
    assert not model.apply()
    assert port.asked == []


def test_two_receivers_at_one_port_are_said(model: OutputsModel) -> None:
    model.edit(1)
    model.put("port", "7000")
    assert model.apply()
    model.update(view())
    assert "OSC is sent to 127.0.0.1:7000, too" in model.state.line


def test_switching_beside_an_open_form_is_kept(model: OutputsModel, port: FakePort) -> None:
    model.edit(0)
    model.put("name", "Main")
    model.switch(0)
    assert model.apply()
    assert (sent(port)[0].name, sent(port)[0].enabled) == ("Main", False)


def test_a_form_closes_when_places_change(model: OutputsModel) -> None:
    model.edit(1)
    model.remove(0)
    model.update(view())
    assert model.state.form is None


def test_a_line_that_is_gone_does_nothing(model: OutputsModel, port: FakePort) -> None:
    for act in (model.edit, model.remove, model.switch, model.duplicate):
        act(9)
    model.undo()
    assert port.asked == []


@pytest.mark.parametrize("name", ["t_pose", "arm_raise", "left_arm"])
def test_a_test_pattern_is_asked_for_and_then_marked(model: OutputsModel, port: FakePort, name: str) -> None:
    model.pattern(name)
    assert port.said == [Command("pattern", name)]
    model.update(view(now_s=100.05))
    assert (model.state.asked_pattern, model.state.warning) == (name, "")
    model.update(view(now_s=100.1, pattern=name))
    assert model.state.asked_pattern == ""
    assert model.state.warning.startswith("TEST PATTERN: ")
    model.pattern("off")
    assert port.said[-1] == Command("pattern", "off")


def test_an_unknown_pattern_is_not_sent(model: OutputsModel, port: FakePort) -> None:
    model.pattern("handstand")
    assert port.said == []


def test_one_receiver_is_watched_at_a_time(model: OutputsModel, port: FakePort) -> None:
    model.show(True)
    model.watch(0)
    model.watch(1)
    model.update(view())
    assert [row.watched for row in model.state.rows] == [False, True, False]
    model.watch(1)
    assert port.asked == [WatchReceiver(0), WatchReceiver(1), WatchReceiver(None)]


def test_the_monitor_follows_its_receiver_to_another_place(model: OutputsModel, port: FakePort) -> None:
    model.show(True)
    model.watch(1)
    model.remove(0)
    assert port.asked[-1] == WatchReceiver(0)
    model.remove(0)
    assert port.asked[-1] == WatchReceiver(None)
    model.update(view([OFF]))
    assert not model.state.rows[0].watched


def test_nobody_listening_is_said(model: OutputsModel) -> None:
    model.update(view(control_in=ControlInView()))
    assert model.state.control_in == "OSC control: nobody is listened to."
