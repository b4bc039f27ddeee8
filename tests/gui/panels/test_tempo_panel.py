import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.tempo_panel import TempoPanel
from gui.view_models.tempo import TempoModel
from gui.widgets.beat_lamps import BeatLamps
from gui.widgets.big_number import BigNumber
from gui.widgets.buttons import Button
from gui.widgets.choice import Choice
from gui.widgets.entry import Entry
from gui.widgets.lamp import Lamp
from megadance_live.remote.requests import LearnMidi
from megadance_live.remote.snapshot import LearnTarget
from tests.gui.panels.rig import LEFT, Rig


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    rig = Rig(qtbot)
    rig.show(TempoPanel(rig.stand.follow(TempoModel(rig.stand.port))), (860, 96))
    return rig


def test_tempo_place_and_source_are_told_in_words(rig: Rig) -> None:
    assert rig.find(BigNumber, "bpm_shown").text == "124.0"
    assert rig.find(BigNumber, "place").text == "9.1"
    assert rig.find(BeatLamps, "beats").accessibleDescription() == "1 of 4"
    assert rig.find(Lamp, "tempo_source").text == "AUDIO"
    rig.stand.clock(source="tap", state="lost", confidence=0.2)
    rig.draw()
    assert rig.find(Lamp, "tempo_source").text == "TAP"
    assert (rig.find(Lamp, "tempo_state").text, rig.find(Lamp, "tempo_state").state) == ("lost", "bad")
    assert rig.find(QWidget, "confidence").accessibleDescription() == "sure 20 %"


def test_tap_counts_each_press_of_the_mouse_also_quick_ones(rig: Rig) -> None:
    tap = rig.find(Button, "tap")
    for _ in range(2):
        QTest.mouseClick(tap, LEFT)
        rig.draw(0.25)
        QTest.mouseDClick(tap, LEFT)
        rig.draw(0.25)
    assert rig.stand.said.count(("tap", None)) >= 4
    assert tap.look.note.endswith("· 240.0")


@pytest.mark.parametrize(
    ("name", "said"),
    [("resync", ("resync", None)), ("lock", ("lock", True)), ("halve", ("bpm_mul", 0.5)), ("double", ("bpm_mul", 2.0)),
     ("nudge_earlier", ("nudge", -10.0)), ("nudge_later", ("nudge", 10.0))],
)  # fmt: skip
def test_each_button_says_its_word(rig: Rig, name: str, said: tuple[str, object]) -> None:
    rig.stand.clock(tempo_bpm=100.0)
    rig.draw()
    rig.click(name)
    assert rig.stand.said == [said]


def test_a_lock_that_is_only_asked_for_is_hatched_and_not_on(rig: Rig) -> None:
    rig.click("lock")
    lock = rig.find(Button, "lock")
    assert (lock.look.lit, lock.look.pending) == (False, True)
    rig.stand.clock(held=True)
    rig.draw()
    assert (lock.look.lit, lock.look.pending) == (True, False)


def test_a_held_nudge_glides(rig: Rig, qtbot: QtBot) -> None:
    later = rig.find(Button, "nudge_later")
    QTest.mousePress(later, LEFT)
    qtbot.waitUntil(lambda: len(rig.stand.said) >= 3, timeout=10_000)
    QTest.mouseRelease(later, LEFT)
    assert not later.isDown()
    assert set(rig.stand.said) == {("nudge", 10.0)}


def test_a_tempo_is_typed_and_the_field_lets_go_of_the_keys(rig: Rig) -> None:
    rig.type_into("bpm", "128,5")
    assert rig.stand.said == [("bpm", 128.5)]
    assert not rig.find(Entry, "bpm").hasFocus()
    assert rig.find(Entry, "bpm").text() == ""


def test_what_is_no_tempo_is_explained_below_the_field_until_it_is_left(rig: Rig) -> None:
    rig.type_into("bpm", "fast")
    field = rig.find(Entry, "bpm")
    assert "from 30 to 300" in field.accessibleDescription()
    assert rig.stand.said == []
    field.clearFocus()
    rig.draw()
    assert field.accessibleDescription() == ""


def test_beats_in_a_bar_are_chosen_from_a_list_that_the_wheel_does_not_turn(rig: Rig) -> None:
    metre = rig.find(Choice, "metre")
    at, down = QPointF(metre.rect().center()), QPoint(0, -120)
    free, plain = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(at, metre.mapToGlobal(at), QPoint(), down, free, plain, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(metre, wheel)
    assert rig.stand.said == []
    QTest.keyClick(metre, Qt.Key.Key_Up)
    assert rig.stand.said == [("metre", 3)]
    rig.draw()
    assert metre.currentText() == "3/bar"
    rig.draw(2.0)
    assert metre.currentText() == "4/bar"


def test_while_the_window_learns_a_press_chooses_the_control_instead(rig: Rig) -> None:
    rig.window.learn_mode.toggle()
    rig.click("tap")
    rig.click("halve")
    assert rig.stand.said == []
    targets = [asked.target for asked in rig.stand.port.asked if isinstance(asked, LearnMidi)]
    assert targets == [LearnTarget("tap"), LearnTarget("bpm_mul", 0.5)]
