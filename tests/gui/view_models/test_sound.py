from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gui.view_models.sound import ANSWER_S, NOTICE_S, SILENT_AFTER_S, SoundModel
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.remote.client import View
from megadance_live.remote.requests import ScanDevices
from megadance_live.remote.scope import Scope
from megadance_live.remote.snapshot import DevicesView, InputDevice
from tests.gui.fake_port import FakePort, dancing_view

SCARLETT = InputDevice("ALSA: Scarlett 2i2", 2, 48000)
BUILT_IN = InputDevice("ALSA: Built-in", 1, 44100, default=True)


def view(
    now_s: float = 100.0, loud: float = 0.5, devices: DevicesView | None = None, source: str = "demo", **engine: Any
) -> View:
    shown = dancing_view(now_s, source=source, **engine)
    found = devices if devices is not None else DevicesView((SCARLETT, BUILT_IN))
    peak = np.full(2, loud, np.float32)
    return replace(
        shown,
        snapshot=replace(shown.snapshot, devices=found),
        scope=Scope(peak=peak, rms=peak, column_s=now_s - 0.02),
    )


@pytest.fixture
def port() -> FakePort:
    return FakePort()


@pytest.fixture
def model(port: FakePort) -> SoundModel:
    return SoundModel(port, platform="linux")


def test_inputs_are_listed_by_name_with_what_they_give(model: SoundModel) -> None:
    model.update(view())
    first, second = model.state.inputs
    assert (first.name, first.details) == ("ALSA: Scarlett 2i2", "stereo, 48 kHz")
    assert second.details == "mono, 44.1 kHz, default of the system"
    assert model.state.devices_line == "2 inputs"


def test_the_input_in_use_is_marked(model: SoundModel) -> None:
    model.update(view(source="ALSA: Built-in"))
    assert [entry.current for entry in model.state.inputs] == [False, True]
    assert model.state.kind == "input"


def test_the_demo_and_a_file_are_named(model: SoundModel) -> None:
    model.update(view())
    assert (model.state.source, model.state.kind) == ("Demo track", "demo")
    model.update(view(source="set: live.wav"))
    assert (model.state.source, model.state.kind) == ("set: live.wav", "file")
    assert not any(entry.current for entry in model.state.inputs)


def test_choosing_tells_the_show_and_waits_for_it(model: SoundModel, port: FakePort) -> None:
    model.update(view())
    model.choose_input(SCARLETT.name)
    assert port.said == [Command("source", "device:ALSA: Scarlett 2i2")]
    model.update(view(100.1))
    assert model.state.asked == "ALSA: Scarlett 2i2"
    model.update(view(101.0, source=SCARLETT.name))
    assert model.state.asked == ""
    assert model.state.source == SCARLETT.name


def test_a_sentence_of_the_show_answers_too(model: SoundModel) -> None:
    model.update(view(100.0))
    model.choose_input("ALSA: gone")
    model.update(view(100.2, notice="There is no such input.", noticed_s=100.15))
    assert model.state.asked == ""


def test_a_source_that_never_comes_is_not_waited_for_for_ever(model: SoundModel) -> None:
    model.update(view(100.0))
    model.choose_input(SCARLETT.name)
    model.update(view(100.0 + ANSWER_S + 0.1))
    assert model.state.asked == ""


def test_the_demo_begins_again(model: SoundModel, port: FakePort) -> None:
    model.update(view(100.0))
    model.choose_demo()
    assert port.said == [Command("source", "demo")]
    model.update(view(100.1))
    assert model.state.asked == "Demo track"
    model.update(view(101.0))
    assert model.state.asked == ""


def test_a_file_is_chosen_by_its_path(model: SoundModel, port: FakePort, tmp_path: Path) -> None:
    track = tmp_path / "Ünder, the bridge.flac"
    track.touch()
    model.update(view())
    model.choose_file(track)
    assert port.said == [Command("source", f"file:{track}")]
    model.update(view())
    assert model.state.asked == "Ünder, the bridge.flac"


def test_a_folder_or_a_file_that_is_gone_is_said_and_not_sent(
    model: SoundModel, port: FakePort, tmp_path: Path
) -> None:
    model.update(view())
    model.choose_file(tmp_path)
    model.update(view())
    assert "is a folder" in model.state.notice
    model.choose_file(tmp_path / "gone.wav")
    model.update(view())
    assert "gone.wav is not there any more" in model.state.notice
    assert port.said == []


def test_of_several_dropped_files_the_first_is_played(model: SoundModel, port: FakePort, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.wav", "b.wav")]
    for path in paths:
        path.touch()
    model.update(view())
    model.drop(paths)
    model.update(view())
    assert port.said == [Command("source", f"file:{paths[0]}")]
    assert "One file plays at a time" in model.state.notice
    model.drop([])
    model.update(view())
    assert "Only audio files" in model.state.notice
    model.update(view(100.1 + NOTICE_S))
    assert model.state.notice == ""


def test_a_vanished_input_is_lost_in_words_even_when_it_is_not_in_the_list(model: SoundModel) -> None:
    status = 'LOST: "ALSA: Scarlett 2i2" has vanished, trying again'
    model.update(view(devices=DevicesView((BUILT_IN,)), source=SCARLETT.name, source_status=status))
    assert model.state.lost
    assert model.state.trouble == status
    gone = model.state.inputs[0]
    assert (gone.name, gone.current, gone.lost) == (SCARLETT.name, True, True)
    assert "comes back by itself" in gone.details


def test_a_vanished_input_that_is_still_listed_is_marked_there(model: SoundModel) -> None:
    model.update(view(source=SCARLETT.name, source_status="LOST: it has vanished"))
    assert [(entry.current, entry.lost) for entry in model.state.inputs] == [(True, True), (False, False)]


def test_an_input_in_use_that_was_not_found_is_listed(model: SoundModel) -> None:
    model.update(view(devices=DevicesView(), source="JACK: mixer"))
    assert model.state.inputs[0].details == "in use, but not in the list"
    assert not model.state.inputs[0].lost


def test_no_inputs_says_what_to_do(model: SoundModel) -> None:
    model.update(view(devices=DevicesView()))
    assert "plug one in" in model.state.devices_line
    model.update(view(devices=DevicesView(trouble="PortAudio is missing: install libportaudio2.")))
    assert model.state.devices_line.startswith("PortAudio is missing")
    model.update(view(devices=DevicesView(scanning=True)))
    assert model.state.scanning
    assert model.state.devices_line == "Looking for inputs ..."


def test_opening_the_page_looks_for_inputs_once(model: SoundModel, port: FakePort) -> None:
    model.update(view(devices=DevicesView()))
    model.opened()
    assert port.asked == [ScanDevices()]
    model.update(view(devices=DevicesView(scanning=True)))
    model.opened()
    model.update(view())
    model.opened()
    assert len(port.asked) == 1
    model.rescan()
    assert len(port.asked) == 2


def test_gain_keeps_within_its_limits(model: SoundModel, port: FakePort) -> None:
    for gain_db in (3.0, 99.0, -99.0):
        model.set_gain(gain_db)
        model.let_go_of_gain()
    assert [command.value for command in port.said] == [3.0, 24.0, -24.0]
    model.update(view(control=Control("house", gain_db=6.0)))
    assert model.state.gain_db == 6.0
    model.update(view(control=None))
    assert model.state.gain_db == 6.0


def test_gain_under_the_hand_is_thinned_and_the_last_value_is_sent(model: SoundModel, port: FakePort) -> None:
    model.update(view(100.0))
    for step in range(20):
        model.set_gain(float(step))
    assert [command.value for command in port.said] == [0.0]
    model.update(view(100.1))
    assert [command.value for command in port.said] == [0.0, 19.0]


@pytest.mark.parametrize(
    ("platform", "word"), [("linux", "Monitor of"), ("darwin", "Privacy & Security"), ("win32", "Stereo Mix")]
)
def test_silence_says_what_to_do_on_this_platform(port: FakePort, platform: str, word: str) -> None:
    model = SoundModel(port, platform)
    model.update(view(100.0, source=SCARLETT.name))
    for step in range(80):
        model.update(view(100.0 + step / 10, loud=0.0, source=SCARLETT.name))
    assert model.state.silent
    assert word in " ".join(model.state.hints)
    model.update(view(109.0, loud=0.5, source=SCARLETT.name))
    assert not model.state.silent
    assert model.state.hints == ()


def test_a_silent_file_needs_no_advice_on_drivers(model: SoundModel) -> None:
    model.update(view(100.0))
    model.update(view(103.5, loud=0.0))
    model.update(view(100.0 + 2 * SILENT_AFTER_S + 3.5, loud=0.0))
    assert len(model.state.hints) == 1


def test_silence_is_counted_from_when_the_app_was_opened(model: SoundModel) -> None:
    model.update(view(100.0, loud=0.0))
    assert not model.state.silent


def test_a_lost_input_or_a_start_is_not_called_silent(model: SoundModel) -> None:
    for now_s in (100.0, 110.0, 120.0):
        model.update(view(now_s, loud=0.0, source=SCARLETT.name, source_status="LOST: gone"))
    assert not model.state.silent
    for now_s in (130.0, 140.0):
        model.update(view(now_s, loud=0.0, phase="starting"))
    assert not model.state.silent
