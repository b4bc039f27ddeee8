"""What keys do, whatever has the focus."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from gui.app_state import AppState
from gui.keys import TAB_COUNT
from gui.pages import PAGES
from gui.widgets.buttons import Button
from megadance_live.core.command import Command
from megadance_live.remote.requests import SavePreset
from tests.gui.window_rig import Rig

_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    made = Rig()
    yield made
    made.window.leave_now()
    made.window.deleteLater()


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_F, Command("freeze", True)),
        (Qt.Key.Key_B, Command("blackout", True)),
        (Qt.Key.Key_X, Command("panic")),
        (Qt.Key.Key_Space, Command("tap")),
        (Qt.Key.Key_Return, Command("resync")),
        (Qt.Key.Key_A, Command("again")),
        (Qt.Key.Key_M, Command("mirror", True)),
        (Qt.Key.Key_K, Command("marker", "marker 1")),
        (Qt.Key.Key_1, Command("expert", "ballet")),
    ],
)
def test_one_key_is_enough(rig: Rig, key: Qt.Key, command: Command) -> None:
    rig.key(key)
    assert rig.port.said == [command]


def test_shift_and_a_digit_is_immediate(rig: Rig) -> None:
    rig.key(Qt.Key.Key_1, _SHIFT)
    assert rig.port.said == [Command("expert_now", "ballet")]


def test_a_text_field_keeps_its_letters_but_not_the_safety_keys(rig: Rig) -> None:
    field = QLineEdit(rig.window)
    field.show()
    field.setFocus()
    rig.key(Qt.Key.Key_F)
    rig.key(Qt.Key.Key_1)
    assert (field.text().lower(), rig.port.said) == ("f1", [])
    for key in (Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8):
        rig.key(key)
    assert [command.name for command in rig.port.said] == ["freeze", "blackout", "panic"]
    rig.key(Qt.Key.Key_Escape)
    assert not field.hasFocus()
    rig.key(Qt.Key.Key_F)
    assert rig.port.said[-1].name == "freeze"


def test_who_presses_a_button_has_done_with_the_text_field(rig: Rig) -> None:
    field = QLineEdit(rig.window)
    field.show()
    field.setFocus()
    rig.press("tap")
    assert not field.hasFocus()
    rig.key(Qt.Key.Key_F)
    assert rig.port.said[-1] == Command("freeze", True)


def test_a_key_that_comes_through_the_screen_acts_once(rig: Rig) -> None:
    QTest.keyClick(rig.window.windowHandle(), Qt.Key.Key_Space)
    QApplication.processEvents()
    assert rig.port.said == [Command("tap")]


def test_a_held_key_taps_once_but_nudges_on(rig: Rig) -> None:
    for key, text in ((Qt.Key.Key_Space, " "), (Qt.Key.Key_Period, ".")):
        for repeats in (False, True, True):
            QApplication.sendEvent(rig.window, QKeyEvent(QEvent.Type.KeyPress, key, _NONE, text, repeats))
    assert [command.name for command in rig.port.said] == ["tap", "nudge", "nudge", "nudge"]


def test_the_safety_keys_work_over_an_open_list(rig: Rig) -> None:
    lists = [each for each in rig.window.findChildren(QComboBox) if each.isVisible() and each.isEnabled()]
    lists[0].showPopup()
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_F7)
    QTest.keyClick(popup, Qt.Key.Key_B)
    lists[0].hidePopup()
    assert rig.port.said == [Command("blackout", True)]


def test_scrolling_past_a_list_changes_nothing(rig: Rig) -> None:
    chosen = next(each for each in rig.window.findChildren(QComboBox) if each.isVisible())
    before = chosen.currentIndex()
    where = QPointF(5, 5)
    QApplication.sendEvent(
        chosen,
        QWheelEvent(where, chosen.mapToGlobal(where), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton, _NONE,
                    Qt.ScrollPhase.NoScrollPhase, False),
    )  # fmt: skip
    assert chosen.currentIndex() == before
    assert rig.port.said == []


def test_f11_is_full_screen_and_back(rig: Rig, qtbot: QtBot) -> None:
    rig.key(Qt.Key.Key_F11)
    qtbot.waitUntil(rig.window.isFullScreen)
    rig.key(Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: not rig.window.isFullScreen())


def test_a_control_that_tab_has_reached_is_pressed_with_ctrl_space(rig: Rig) -> None:
    rig.find(Button, "blackout").setFocus(Qt.FocusReason.TabFocusReason)
    rig.key(Qt.Key.Key_Space, _CTRL)
    assert rig.port.said == [Command("blackout", True)]


def test_a_question_mark_shows_the_keys(rig: Rig) -> None:
    QTest.keyClicks(rig.window, "?")
    rig.tick()
    deck = rig.window.deck
    assert deck is not None
    assert deck.page == "HELP"
    assert rig.find(QWidget, "keys").isVisible()


def test_ctrl_s_saves_and_ctrl_digits_turn_pages(rig: Rig) -> None:
    rig.key(Qt.Key.Key_S, _CTRL)
    assert rig.port.asked == [SavePreset()]
    tabs = rig.find(QTabBar, "tabs")
    rig.key(Qt.Key.Key_2, _CTRL)
    assert tabs.tabText(tabs.currentIndex()) == PAGES[1].title
    assert len(PAGES) == TAB_COUNT


def test_the_keys_work_while_first_steps_are_open(qtbot: QtBot) -> None:
    rig = Rig(AppState(first_steps=True))
    rig.key(Qt.Key.Key_B)
    assert rig.told("blackout", True)
    rig.window.leave_now()
    rig.window.deleteLater()
