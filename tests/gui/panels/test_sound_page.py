from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.sound_page import SoundPage
from gui.panels.sound_strip import SoundStrip
from gui.view_models.sound import SoundModel
from gui.widgets.buttons import Button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.fader import Fader
from megadance_live.core.command import Command
from megadance_live.remote.client import View
from megadance_live.remote.requests import ScanDevices
from megadance_live.remote.scope import Scope
from megadance_live.remote.snapshot import DevicesView, InputDevice
from tests.gui.fake_port import FakePort, dancing_view

LONG = "PulseAudio: Monitor of Built-in Audio Analogue Stereo with a name that goes on and on and on"
DEVICES = DevicesView((InputDevice("ALSA: Scarlett", 2, 48000), InputDevice(LONG, 2, 48000, default=True)))
LOST = 'LOST: "ALSA: Scarlett" has vanished, trying again'
W = TypeVar("W", bound=QWidget)
Show = Callable[[View], None]


def view(now_s: float = 100.0, clipped: int = 0, devices: DevicesView = DEVICES, **engine: object) -> View:
    shown = dancing_view(now_s, **engine)
    peak = np.full(2, 0.5, np.float32)
    scope = Scope(peak=peak, rms=peak / 2, clipped=clipped, column_s=now_s - 0.02)
    return replace(shown, snapshot=replace(shown.snapshot, devices=devices), scope=scope)


@pytest.fixture
def port() -> FakePort:
    return FakePort()


@pytest.fixture
def model(port: FakePort) -> SoundModel:
    made = SoundModel(port, "linux")
    made.update(view())
    return made


@pytest.fixture
def page(model: SoundModel, qtbot: QtBot) -> SoundPage:
    made = SoundPage(model)
    qtbot.addWidget(made)
    made.resize(620, 480)
    made.show()
    made.refresh()
    return made


def find(parent: QWidget, kind: type[W], name: str) -> W:
    found = parent.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def press(qtbot: QtBot, parent: QWidget, name: str) -> None:
    qtbot.mouseClick(find(parent, Button, name), Qt.MouseButton.LeftButton)


def test_a_press_chooses_an_input(page: SoundPage, port: FakePort, qtbot: QtBot) -> None:
    press(qtbot, page, "input_0")
    assert port.said == [Command("source", "device:ALSA: Scarlett")]


def test_a_name_that_is_too_long_is_elided_and_still_chosen_whole(
    page: SoundPage, port: FakePort, qtbot: QtBot
) -> None:
    button = find(page, Button, "input_1")
    assert "…" in button.text()
    assert button.accessibleName() == LONG
    press(qtbot, page, "input_1")
    assert port.said == [Command("source", f"device:{LONG}")]


def test_the_input_in_use_says_so_and_a_lost_one_is_lost(page: SoundPage, model: SoundModel) -> None:
    model.update(view(source="ALSA: Scarlett"))
    page.refresh()
    assert find(page, Button, "input_0").look.note.startswith("in use")
    model.update(view(source="ALSA: Scarlett", source_status=LOST))
    page.refresh()
    assert find(page, Button, "input_0").look.note.startswith("LOST")
    assert "comes back by itself" in find(page, QLabel, "sound_words").text()


def test_the_list_follows_the_inputs(page: SoundPage, model: SoundModel, qtbot: QtBot) -> None:
    model.update(view(devices=DevicesView()))
    page.refresh()
    qtbot.waitUntil(lambda: page.findChild(Button, "input_0") is None)
    assert "No audio input" in find(page, QLabel, "devices_line").text()
    model.update(view(devices=DevicesView(DEVICES.inputs[:1])))
    page.refresh()
    assert find(page, Button, "input_0").accessibleName() == "ALSA: Scarlett"


def test_demo_and_rescan_are_buttons(page: SoundPage, port: FakePort, qtbot: QtBot) -> None:
    press(qtbot, page, "source_demo")
    press(qtbot, page, "rescan")
    assert port.said == [Command("source", "demo")]
    assert port.asked[-1] == ScanDevices()


def test_a_file_is_chosen_in_a_window_that_stops_nothing(
    page: SoundPage, port: FakePort, qtbot: QtBot, tmp_path: Path
) -> None:
    track = tmp_path / "track.wav"
    track.touch()
    press(qtbot, page, "source_file")
    chooser = find(page, QFileDialog, "file_chooser")
    assert not chooser.isModal()
    chooser.fileSelected.emit(str(track))
    chooser.close()
    assert port.said == [Command("source", f"file:{track}")]
    qtbot.waitUntil(lambda: page.findChild(QFileDialog, "file_chooser") is None)


def test_the_gain_is_turned_and_follows_the_show(page: SoundPage, port: FakePort, qtbot: QtBot) -> None:
    fader = find(page, Fader, "gain")
    qtbot.mouseClick(fader, Qt.MouseButton.LeftButton, pos=QPoint(fader.width() - 2, fader.height() - 8))
    assert port.said[-1] == Command("gain", 24.0)


def test_clip_stays_lit_until_it_is_pressed(page: SoundPage, model: SoundModel, qtbot: QtBot) -> None:
    model.update(view(100.1, clipped=4))
    page.refresh()
    assert find(page, Button, "sound_clip").look.lit
    press(qtbot, page, "sound_clip")
    page.refresh()
    assert not find(page, Button, "sound_clip").look.lit


def test_every_control_says_what_it_does(page: SoundPage) -> None:
    controls = [*page.findChildren(Button), *page.findChildren(Fader)]
    assert len(controls) == 7
    assert all(control.toolTip() and control.accessibleName() and control.objectName() for control in controls)
    assert all(control.height() >= 44 for control in controls)


def test_opening_the_page_without_inputs_looks_for_them(port: FakePort, qtbot: QtBot) -> None:
    model = SoundModel(port, "linux")
    model.update(view(devices=DevicesView()))
    page = SoundPage(model)
    qtbot.addWidget(page)
    page.show()
    assert port.asked == [ScanDevices()]


def test_the_strip_names_the_source_and_says_lost(model: SoundModel, qtbot: QtBot) -> None:
    strip = SoundStrip(model)
    qtbot.addWidget(strip)
    strip.resize(620, 130)
    strip.show()
    strip.refresh()
    name = find(strip, ElidedLabel, "source_name")
    assert name.text == "Demo track"
    model.update(view(source="ALSA: Scarlett", source_status=LOST))
    strip.refresh()
    assert LOST in name.text
    assert find(strip, QWidget, "waveform").accessibleDescription() == "LOST"
    assert not strip.grab().isNull()
