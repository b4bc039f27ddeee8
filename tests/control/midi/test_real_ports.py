"""A controller that is played over the machine's own MIDI."""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.control.midi import backend
from megadance_live.control.midi import desk as desk_module
from megadance_live.control.midi.backend import open_backend
from megadance_live.control.midi.desk import MidiDesk
from megadance_live.control.midi.standing import Standing
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import MidiError
from megadance_live.remote.snapshot import LearnTarget
from tests.control.midi.fake_midi import until
from tests.control.midi.virtual_ports import CONTROLLER, VirtualController, virtual_midi


@pytest.fixture
def api() -> Iterator[int]:
    """Number of the API in which virtual ports can be made."""
    with virtual_midi() as number:
        yield number


@pytest.mark.timeout(60)
def test_a_pad_of_a_virtual_controller_is_learned_fires_and_is_lit(api: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "LOOK_S", 0.05)
    said: list[Command] = []
    sections: list[MidiSection] = []
    show: dict[str, Any] = {"control": Control(expert="house")}
    desk = MidiDesk(
        said.append, sections.append, lambda: Standing(show["control"], BarClock(0.0, 0.0, 120.0), time.monotonic())
    )
    desk.introduce(("house", "krump"))
    desk.bind(MidiSection())
    desk.start()
    try:
        controller = VirtualController(api)
        assert until(lambda: any(CONTROLLER in name for name in desk.view().ports)), desk.view()
        desk.learn(LearnTarget("expert", "krump"))
        assert until(lambda: desk.view().learning is not None)
        controller.play(0x90, 60, 100)
        assert until(lambda: sections), desk.view()
        learned = sections[0].bindings[0]
        assert (learned.kind, learned.channel, learned.number, learned.value) == ("note", 0, 60, "krump")
        assert said == []
        controller.play(0x80, 60, 0)
        controller.play(0x90, 60, 100)
        assert until(lambda: said == [Command("expert", "krump")])
        show["control"] = Control(expert="krump")
        assert until(lambda: [0x90, 60, 127] in controller.lamps)
        controller.pull_out()
        assert until(lambda: "LOST" in desk.view().trouble)
        controller = VirtualController(api)
        assert until(lambda: desk.view().trouble == "")
        assert until(lambda: [0x90, 60, 127] in controller.lamps)
        controller.play(0x90, 60, 1)
        assert until(lambda: len(said) == 2)
        controller.pull_out()
    finally:
        desk.close()
    assert "midi" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a choice of MIDI systems")
def test_a_machine_without_midi_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(backend, "_ALSA_SEQUENCER", tmp_path / "seq")
    monkeypatch.setattr(backend, "_JACK_SOCKETS", tmp_path)
    for wanted, sentence in [
        ("", "modprobe snd-seq"),
        ("jack", "no JACK server runs"),
        ("coremidi", "use alsa or jack"),
    ]:
        monkeypatch.setenv(backend.API_VARIABLE, wanted)
        with pytest.raises(MidiError, match=sentence):
            open_backend()


def test_a_show_without_midi_goes_on_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rtmidi", None)
    desk = MidiDesk(lambda command: None, lambda section: None)
    desk.bind(MidiSection(bindings=(MidiBinding(number=60, command="tap"),)))
    desk.start()
    try:
        assert until(lambda: "rtmidi is not installed" in desk.view().trouble)
        assert not desk.view().available
    finally:
        desk.close()
