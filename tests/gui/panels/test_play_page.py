from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.panels.play_page import PlayPage
from gui.view_models.macros import MacrosModel
from gui.view_models.pads import PadsModel
from gui.view_models.quantize import QuantizeModel
from gui.view_models.scenes import ScenesModel
from gui.widgets.buttons import Button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.entry import Entry
from gui.widgets.fader import Fader
from megadance_live.config.preset import Bank, Pad, PadsSection, Scene
from megadance_live.remote.requests import LearnMidi
from tests.gui.fake_port import EXPERTS
from tests.gui.panels.rig import LEFT, PLAIN, Rig

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    rig = Rig(qtbot)
    rig.stand.document(scenes=(Scene(name="Warm", commands={"energy": 0.6}), Scene(name="Drop")))
    follow, port = rig.stand.follow, rig.stand.port
    page = PlayPage(
        follow(PadsModel(port)), follow(QuantizeModel(port)), follow(MacrosModel(port)), follow(ScenesModel(port))
    )
    rig.show(page)
    return rig


def pad(rig: Rig, expert: str) -> Button:
    return rig.find(Button, f"pad_{expert}")


def test_a_pad_is_armed_counts_down_and_speaks(rig: Rig) -> None:
    rig.click("pad_krump")
    assert rig.stand.said == [("expert", "krump")]
    assert (pad(rig, "krump").look.pending, pad(rig, "krump").look.note) == (True, "asked")
    rig.stand.turn(armed="krump", armed_at_bars=9.0)
    rig.draw()
    look = pad(rig, "krump").look
    assert (look.pending, look.glow, look.note, look.lit) == (False, 1.0, "in 4", False)
    rig.draw(1.6 * 60 / 124)
    assert (pad(rig, "krump").look.glow, pad(rig, "krump").look.note) == (0.0, "in 3")
    rig.stand.turn(expert="krump", armed=None, armed_at_bars=None)
    rig.stand.music(expert=EXPERTS.index("krump"), previous_expert=EXPERTS.index("house"), mix=0.25)
    rig.draw()
    look = pad(rig, "krump").look
    assert (look.lit, look.fill, look.note, look.mark) == (True, 0.25, "25 %", "▶")
    assert rig.find(QWidget, "crossfade_shown").accessibleDescription() == "house → krump  25 %"


def test_shift_and_a_pad_is_immediate(rig: Rig) -> None:
    rig.click("pad_salsa", SHIFT)
    assert rig.stand.said == [("expert_now", "salsa")]


def test_a_missing_expert_cannot_be_pressed_and_is_named(rig: Rig) -> None:
    rig.stand.document(pads=PadsSection(banks=(Bank(pads=(Pad(expert="vogue"), Pad(expert="krump"))),)))
    rig.draw()
    assert not pad(rig, "vogue").isEnabled()
    assert pad(rig, "vogue").look.note == "missing"
    rig.click("pad_vogue")
    assert rig.stand.said == []
    assert "vogue" in rig.find(ElidedLabel, "pads_trouble").text


def test_banks_are_turned_with_the_mouse(rig: Rig) -> None:
    banks = (Bank(pads=(Pad(expert="house"),)), Bank(name="Peak", pads=(Pad(expert="krump"), Pad(expert="salsa"))))
    rig.stand.document(pads=PadsSection(banks=banks))
    rig.draw()
    rig.click("bank_2")
    assert pad(rig, "krump").isVisible()
    assert rig.window.findChild(Button, "pad_house") is None
    assert rig.find(Button, "bank_1").look.mark == "▶"
    rig.stand.turn(armed="ballet", armed_at_bars=9.0)
    rig.draw()
    assert rig.find(QWidget, "crossfade_shown").accessibleDescription() == "house · then ballet in 4"


def test_the_quantisation_is_chosen(rig: Rig) -> None:
    rig.click("quantize_4.0")
    assert rig.stand.said == [("quantize", 4.0)]
    assert rig.find(Button, "quantize_4.0").look.pending
    rig.stand.turn(quantize_bars=4.0)
    rig.draw()
    assert rig.find(Button, "quantize_4.0").look.lit
    assert not rig.find(Button, "quantize_1.0").look.lit


def test_pads_are_renamed_coloured_and_dragged_while_they_are_edited(rig: Rig) -> None:
    rig.click("edit_pads")
    rig.click("pad_ballet")
    assert rig.stand.said == []
    rig.type_into("pad_name", "SWAN")
    rig.click("pad_colour_3")
    rig.drag("pad_ballet", "pad_hip_hop")
    pads = rig.stand.revised[-1].value.banks[0].pads
    assert [one.expert for one in pads[:3]] == ["breaking", "hip_hop", "ballet"]
    assert (pads[2].name, pads[2].colour) == ("SWAN", "#5bc46b")
    assert pad(rig, "ballet").text() == "SWAN"
    rig.click("undo_pads")
    assert [one.expert for one in rig.stand.revised[-1].value.banks[0].pads[:2]] == ["ballet", "breaking"]
    rig.click("edit_pads")
    rig.click("pad_ballet")
    assert rig.stand.said == [("expert", "ballet")]


def test_a_press_that_moves_a_little_is_no_drag(rig: Rig) -> None:
    rig.click("edit_pads")
    source = pad(rig, "ballet")
    QTest.mousePress(source, LEFT, PLAIN, QPoint(20, 20))
    QTest.mouseRelease(source, LEFT, PLAIN, QPoint(22, 21))
    rig.draw()
    assert rig.stand.revised == []
    assert source.look.note == "chosen"


def test_banks_are_made_and_named(rig: Rig) -> None:
    rig.click("edit_pads")
    rig.click("new_bank")
    rig.type_into("bank_name", "Finale")
    assert [bank.name for bank in rig.stand.revised[-1].value.banks] == ["", "Finale"]
    assert rig.find(Button, "bank_2").text() == "Finale"


def test_a_fader_follows_the_show_but_not_under_the_hand(rig: Rig) -> None:
    fader = rig.find(Fader, "energy")
    rig.stand.turn(energy=1.5)
    rig.draw()
    assert fader.value == 1.5
    rig.press_at("energy", 0.25)
    rig.draw()
    held = fader.value
    assert held == pytest.approx(0.5, abs=0.1)
    rig.stand.turn(energy=1.9)
    rig.draw(0.1)
    assert fader.value == held
    QTest.mouseRelease(fader, LEFT)
    rig.draw()
    assert rig.stand.said[-1] == ("energy", held)
    rig.draw(2.0)
    assert fader.value == 1.9


def test_a_double_click_puts_a_fader_back(rig: Rig) -> None:
    rig.stand.turn(smooth_s=0.4)
    rig.draw()
    fader = rig.find(Fader, "smooth")
    QTest.mouseDClick(fader, LEFT)
    assert rig.stand.said[-1] == ("smooth", 0.0)


def test_mirror_seed_and_again_say_their_words(rig: Rig) -> None:
    rig.click("mirror")
    rig.click("again")
    rig.type_into("seed", "42")
    rig.click("new_seed")
    names = [name for name, _ in rig.stand.said]
    assert names == ["mirror", "again", "seed", "seed"]
    assert rig.stand.said[2] == ("seed", 42)
    assert (rig.find(Button, "mirror").look.lit, rig.find(Button, "mirror").look.pending) == (False, True)
    rig.stand.turn(mirror=True, again_bars=(8,))
    rig.draw()
    assert rig.find(Button, "mirror").look.lit
    assert (rig.find(Button, "again").look.lit, rig.find(Button, "again").look.note) == (True, "now")


def test_scenes_are_given_captured_and_renamed(rig: Rig) -> None:
    rig.click("scene_Drop")
    assert rig.stand.said == [("scene", "Drop")]
    rig.click("capture_scene")
    rig.stand.answer()
    rig.draw()
    assert rig.find(Button, "scene_Scene 3").isVisible()
    rig.click("edit_scenes")
    rig.click("scene_Scene 3")
    rig.type_into("scene_name", "Drop")
    assert "already" in rig.find(Entry, "scene_name").accessibleDescription()
    rig.type_into("scene_name", "Out")
    assert [scene.name for scene in rig.stand.revised[-1].value] == ["Warm", "Drop", "Out"]


def test_without_a_show_nothing_can_be_pressed(rig: Rig) -> None:
    rig.stand.port.shown = replace(rig.stand.port.shown, connected=False)
    rig.draw()
    for name in ("pad_krump", "quantize_4.0", "mirror", "again", "scene_Drop", "capture_scene", "energy"):
        assert not rig.find(QWidget, name).isEnabled(), name


def test_while_the_window_learns_pads_faders_and_scenes_are_chosen(rig: Rig) -> None:
    rig.window.learn_mode.toggle()
    for name in ("pad_krump", "energy", "scene_Drop", "quantize_2.0", "mirror", "again"):
        rig.click(name)
    assert rig.stand.said == []
    asked = [(r.target.command, r.target.value, r.target.mode) for r in rig.stand.port.asked
             if isinstance(r, LearnMidi) and r.target is not None]  # fmt: skip
    assert asked == [
        ("expert", "krump", "momentary"), ("energy", None, "range"), ("scene", "Drop", "momentary"),
        ("quantize", 2.0, "momentary"), ("mirror", None, "toggle"), ("again", None, "momentary"),
    ]  # fmt: skip


def test_every_control_says_what_it_does(rig: Rig) -> None:
    rig.click("edit_pads")
    for button in rig.window.findChildren(Button):
        assert button.toolTip(), button.objectName()
        assert button.accessibleName(), button.objectName()
