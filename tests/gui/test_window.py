"""What the window shows, asks and lets through."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.app_state import AppState
from gui.pages import PAGES, Page
from gui.panels.health_strip import HealthStrip
from gui.panels.standing_panel import StandingPanel
from gui.panels.words_line import WordsLine
from gui.view_models.hub import Hub
from gui.widgets.buttons import Button
from gui.widgets.card import Card
from gui.window import Window, put_on_screen
from megadance_live.core.command import CommandName
from megadance_live.core.output_frame import AppState as Sent
from megadance_live.remote.client import View
from megadance_live.remote.requests import EndShow, LearnMidi
from megadance_live.remote.snapshot import LearnTarget, MidiView
from tests.gui.fake_port import dancing_view
from tests.gui.window_rig import Rig

_CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def rig(qtbot: QtBot) -> Iterator[Rig]:
    made = Rig()
    yield made
    made.window.leave_now()
    made.window.deleteLater()


def test_the_word_says_how_the_show_stands(rig: Rig) -> None:
    assert rig.find(StandingPanel, "standing").accessibleName() == "LIVE"
    rig.send(Sent.BLACKOUT)
    assert rig.find(StandingPanel, "standing").accessibleName() == "BLACKOUT"
    rig.show(lambda view: replace(view, connected=False))
    assert rig.find(StandingPanel, "standing").accessibleName() == "SHOW GONE"
    assert "come back" in rig.find(Card, "waiting").text


@pytest.mark.parametrize("name", ["freeze", "blackout"])
def test_a_safety_button_is_hatched_until_receivers_get_it(rig: Rig, name: CommandName) -> None:
    rig.press(name)
    button = rig.find(Button, name)
    assert rig.told(name, True)
    assert (button.look.lit, button.look.pending) == (False, True)
    rig.send(Sent.FROZEN if name == "freeze" else Sent.BLACKOUT)
    assert (button.look.lit, button.look.pending) == (True, False)


def test_a_page_that_cannot_be_built_costs_only_itself(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_hub: Hub) -> QWidget:
        raise ImportError("no such page")

    place = next(i for i, page in enumerate(PAGES) if page.title == "OUT")
    monkeypatch.setattr("gui.deck.PAGES", (*PAGES[:place], Page("OUT", "broken", broken), *PAGES[place + 1 :]))
    deck = rig.window.deck
    assert deck is not None
    deck.open_page("OUT")
    rig.tick()
    assert "no such page" in caplog.text
    assert any("cannot be shown" in each.text() for each in rig.window.findChildren(QLabel))
    rig.key(Qt.Key.Key_B)
    assert rig.told("blackout", True)


def test_a_stage_that_cannot_be_opened_is_a_sentence(rig: Rig) -> None:
    deck = rig.window.deck
    assert deck is not None
    deck.stage.fail("The stage cannot be drawn here.")
    assert rig.find(Card, "waiting").text == "The stage cannot be drawn here."


def test_every_page_can_be_built_and_refreshed(rig: Rig) -> None:
    deck = rig.window.deck
    assert deck is not None
    for page in PAGES:
        deck.open_page(page.title)
        rig.tick()
        assert deck.page == page.title
        assert not [each for each in rig.window.findChildren(QWidget) if type(each).__name__ == "_Missing"]


def test_leaving_asks_once_inside_the_window(rig: Rig) -> None:
    rig.window.close()
    assert rig.window.isVisible()
    assert rig.find(Button, "leave_stay").isVisible()
    rig.key(Qt.Key.Key_Escape)
    assert not rig.find(Button, "leave_stay").isVisible()
    rig.window.close()
    rig.press("leave_only")
    assert not rig.window.isVisible()
    assert rig.port.asked == []
    assert len(rig.kept) == 1


def test_stopping_the_show_closes_the_window_when_it_has_said_farewell(rig: Rig) -> None:
    rig.key(Qt.Key.Key_Q, _CTRL)
    rig.press("leave_stop")
    assert rig.port.asked == [EndShow()]
    assert rig.window.isVisible()
    rig.show(lambda view: replace(view, ended=True))
    assert not rig.window.isVisible()


def test_where_no_show_runs_the_window_just_closes(rig: Rig) -> None:
    rig.show(lambda view: replace(view, connected=False, ended=True))
    rig.window.close()
    assert not rig.window.isVisible()


def test_a_click_on_words_or_health_opens_the_log(rig: Rig, tmp_path: Path) -> None:
    log = tmp_path / "show.log"
    log.write_text("first\nlast line\n")
    rig.show(lambda view: replace(view, snapshot=replace(view.snapshot, log=log)))
    for kind, name in ((WordsLine, "words"), (HealthStrip, "health")):
        deck = rig.window.deck
        assert deck is not None
        deck.open_page("PLAY")
        QTest.mouseClick(rig.find(kind, name), Qt.MouseButton.LeftButton)
        rig.tick()
        assert deck.page == "HELP"
        assert "last line" in rig.find(QWidget, "log_file").property("plainText")


def test_learning_chooses_instead_of_acting(rig: Rig) -> None:
    rig.key(Qt.Key.Key_M, _CTRL)
    rig.press("freeze")
    target = LearnTarget("freeze", mode="toggle")
    assert rig.port.said == []
    assert rig.port.asked == [LearnMidi(target)]
    rig.show(lambda view: replace(view, snapshot=replace(view.snapshot, midi=MidiView(True, learning=target))))
    rig.tick()
    assert "press the pad" in rig.find(WordsLine, "words").accessibleDescription()
    rig.key(Qt.Key.Key_Escape)
    rig.press("freeze")
    assert rig.told("freeze", True)


def test_a_dropped_file_becomes_the_music(rig: Rig, tmp_path: Path) -> None:
    song = tmp_path / "song.wav"
    song.write_bytes(b"")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(song))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    rig.window.dropEvent(event)
    assert rig.told("source", f"file:{song}")


def test_first_steps_stand_beside_the_stage_and_can_be_skipped(qtbot: QtBot) -> None:
    rig = Rig(AppState(first_steps=True))
    assert rig.find(Button, "first_steps_next").isVisible()
    for _ in range(3):
        rig.press("first_steps_next")
    assert not rig.find(Button, "first_steps_next").isVisible()
    deck = rig.window.deck
    assert deck is not None
    rig.window.leave_now()
    assert rig.kept[0].first_steps is False
    rig.window.deleteLater()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (3840, 2160)])
def test_everything_fits_and_nothing_to_press_is_smaller_than_a_fingertip(rig: Rig, size: tuple[int, int]) -> None:
    deck = rig.window.deck
    assert deck is not None
    rig.window.resize(*size)
    rig.window.restyle()
    for page in PAGES:
        deck.open_page(page.title)
        rig.tick()
        QApplication.processEvents()
        assert rig.window.size().toTuple() == size
        assert deck.minimumSizeHint().height() <= size[1]
        assert deck.minimumSizeHint().width() <= size[0]
        for button in rig.window.findChildren(Button):
            if button.isVisible():
                least = theme.px(theme.TARGET) - 1
                assert min(button.width(), button.height()) >= least, f"{page.title}: {button.objectName()}"


def test_every_control_has_a_name_and_says_what_it_does(rig: Rig) -> None:
    deck = rig.window.deck
    assert deck is not None
    for page in PAGES:
        deck.open_page(page.title)
        rig.tick()
    for button in rig.window.findChildren(Button):
        assert button.objectName(), button.text()
        assert button.accessibleName(), button.objectName()
        assert button.toolTip(), button.objectName()


def test_the_window_comes_back_where_it_was_unless_that_is_off_the_screen(qtbot: QtBot) -> None:
    window = Window(AppState())
    put_on_screen(window, AppState(30, 40, 1300, 700), None, None)
    assert (window.pos().toTuple(), window.size().toTuple()) == ((30, 40), (1300, 700))
    put_on_screen(window, AppState(90_000, 40, 1300, 700), None, None)
    assert window.screen().geometry().contains(window.pos())
    put_on_screen(window, AppState(), (1222, 666), 0)
    assert window.size().toTuple() == (1222, 666)
    window.deleteLater()


def test_what_is_seen_before_anything_is_loaded_is_a_sentence(qtbot: QtBot) -> None:
    window = Window(AppState())
    window.show()
    assert window.findChild(Card, "waiting").text == "Starting ..."
    window.close()
    assert not window.isVisible()
    window.deleteLater()


def test_a_show_without_anything_yet_can_be_drawn(rig: Rig) -> None:
    deck = rig.window.deck
    assert deck is not None
    for view in (View(), dancing_view(phase="starting", experts=(), control=None)):
        rig.port.shown = view
        for page in PAGES:
            deck.open_page(page.title)
            rig.tick()
        assert rig.window.isVisible()
