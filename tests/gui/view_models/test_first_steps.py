from dataclasses import replace

import pytest

from gui.view_models.first_steps import COUNT, FirstStepsModel
from gui.view_models.outputs import OutputsModel
from gui.view_models.sound import SoundModel
from megadance_live.core.command import Command
from megadance_live.remote.requests import Revise, ScanDevices
from megadance_live.remote.snapshot import DevicesView, InputDevice
from tests.gui.fake_port import FakePort, dancing_view


class Rig:
    def __init__(self) -> None:
        view = dancing_view()
        devices = DevicesView((InputDevice("ALSA: Scarlett", 2, 48000), InputDevice("ALSA: HDA", 2, 48000)))
        self.port = FakePort(replace(view, snapshot=replace(view.snapshot, devices=devices)))
        self.sound, self.outputs = SoundModel(self.port), OutputsModel(self.port)
        self.model = FirstStepsModel(self.sound, self.outputs)
        self.model.begin()
        self.tick()

    def tick(self) -> None:
        for model in (self.sound, self.outputs, self.model):
            model.update(self.port.shown)


@pytest.fixture
def rig() -> Rig:
    return Rig()


def test_sound_is_chosen_by_name(rig: Rig) -> None:
    assert [choice.text for choice in rig.model.step.choices] == ["Demo track", "ALSA: Scarlett", "ALSA: HDA"]
    rig.model.choose(1)
    rig.model.choose(-1)
    assert rig.port.said == [Command("source", "device:ALSA: HDA"), Command("source", "demo")]
    rig.model.rescan()
    assert rig.port.asked[-1] == ScanDevices()


def test_a_program_is_added_once_and_switched_off_again(rig: Rig) -> None:
    rig.model.next()
    rig.tick()
    titles = [choice.text for choice in rig.model.step.choices]
    rig.model.choose(titles.index("Unreal"))
    revised = rig.port.asked[-1]
    assert isinstance(revised, Revise)
    assert revised.value.receivers[-1].to == "127.0.0.1:8000,axes=unreal_y"
    rig.tick()
    assert rig.model.step.choices[titles.index("Unreal")].chosen
    rig.model.choose(titles.index("Unreal"))
    revised = rig.port.asked[-1]
    assert isinstance(revised, Revise)
    assert not revised.value.receivers[-1].enabled


def test_every_step_can_be_passed_over_and_the_last_one_is_the_end(rig: Rig) -> None:
    for number in range(1, COUNT + 1):
        rig.tick()
        assert rig.model.step.number == number
        rig.model.next()
    assert (rig.model.open, rig.model.again) == (False, False)


def test_one_can_go_back(rig: Rig) -> None:
    rig.model.next()
    rig.model.back()
    rig.model.back()
    rig.tick()
    assert rig.model.step.number == 1


def test_they_come_again_only_if_wished(rig: Rig) -> None:
    rig.model.close(again=True)
    assert (rig.model.open, rig.model.again) == (False, True)
    rig.model.begin()
    rig.model.close(again=False)
    assert not rig.model.again
