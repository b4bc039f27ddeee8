from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.input_filter import InputFilter
from gui.view_models.thinned import LEAST_GAP_S, Thinned
from gui.widgets.buttons import Button
from gui.widgets.choice import Choice
from gui.widgets.entry import Entry
from gui.widgets.layouts import column
from gui.widgets.pad_grid import Pad, PadGrid
from gui.widgets.segments import Segments

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    window.setLayout(column())
    window.resize(400, 300)
    qtbot.addWidget(window)
    return window


def put(window: QWidget, *widgets: QWidget) -> None:
    layout = window.layout()
    assert layout is not None
    for widget in widgets:
        layout.addWidget(widget)
    window.show()
    window.activateWindow()  # without, nothing has the focus on a screen that has no window manager
    QTest.qWaitForWindowActive(window)


def entry(take: Callable[[str], bool]) -> Entry:
    return Entry(take, name="field", says="a field")


def test_a_field_keeps_what_holds_when_it_is_left_without_enter(window: QWidget) -> None:
    field = entry(lambda _: True)
    put(window, field)
    field.show_text("house")
    field.setFocus()
    QTest.keyClicks(field, "xyz")
    field.show_text("krump")
    assert field.text() == "housexyz"
    field.clearFocus()
    assert field.text() == "krump"


def test_trouble_stands_in_words_below_the_field_inside_the_window(window: QWidget) -> None:
    field = entry(lambda _: False)
    put(window, field)
    field.show_trouble("Type a number from 30 to 300.")
    words = window.findChild(QLabel, "trouble")
    assert words is not None
    assert words.isVisible()
    assert words.text() == "Type a number from 30 to 300."
    assert QRect(QPoint(0, 0), window.size()).contains(words.geometry().topLeft())
    field.show_trouble("")
    assert not words.isVisible()


def test_trouble_goes_with_the_page_of_its_field(window: QWidget) -> None:
    field = entry(lambda _: False)
    put(window, field)
    field.show_trouble("No.")
    field.hide()
    words = window.findChild(QLabel, "trouble")
    assert words is not None
    assert not words.isVisible()


def test_a_press_beside_a_text_field_gives_the_letters_back_to_the_show(window: QWidget) -> None:
    heard: list[int] = []
    field, button = entry(lambda _: True), Button("PAD", name="some_pad", tip="a pad")
    put(window, field, button)
    listening = InputFilter(window, {"freeze": heard.append})
    app = QApplication.instance()
    assert app is not None
    app.installEventFilter(listening)
    try:
        QTest.mouseClick(field, LEFT)
        field.setFocus()
        QTest.keyClicks(field, "f")
        assert (field.text(), heard) == ("f", [])
        QTest.mouseClick(button, LEFT)
        assert not field.hasFocus()
        QTest.keyClick(button, Qt.Key.Key_F)
        assert heard == [0]
    finally:
        app.removeEventFilter(listening)


def test_a_choice_tells_only_what_the_hand_has_chosen(window: QWidget) -> None:
    chosen: list[object] = []
    choice = Choice(name="some_choice", says="a choice")
    choice.offer([(2, "two"), (3, "three"), (4, "four")])
    choice.chosen.connect(chosen.append)
    put(window, choice)
    choice.show_value(3)
    assert (choice.currentText(), chosen) == ("three", [])
    QTest.keyClick(choice, Qt.Key.Key_Down)
    assert chosen == [4]
    choice.show_value(7)
    assert choice.currentText() == ""


def test_one_of_the_segments_holds(window: QWidget) -> None:
    chosen: list[object] = []
    segments = Segments([(1, "one", None), (2, "two", None)], name="some", says="some")
    segments.chosen.connect(chosen.append)
    put(window, segments)
    two = segments.findChild(Button, "some_2")
    assert two is not None
    QTest.mouseClick(two, LEFT)
    assert chosen == [2]
    segments.show_value(2, pending=True)
    assert (two.look.lit, two.look.pending) == (False, True)
    segments.show_value(2)
    assert (two.look.lit, two.look.pending) == (True, False)


def test_a_grid_has_as_many_pads_as_it_is_given_and_leaves_none_behind(window: QWidget) -> None:
    pads = PadGrid(name="some", says="pads", least=(40.0, 40.0), note_size=12.0)
    put(window, pads)
    for count in (20, 3, 0, 8):
        pads.lay_out(count, 4)
        assert len(pads.findChildren(Pad)) == count


def test_a_thinned_value_waits_for_its_time_and_the_last_is_kept() -> None:
    sent: list[int] = []
    thinned: Thinned[int] = Thinned(sent.append)
    for value in range(10):
        thinned.offer(value, 5.0)
    assert sent == [0]
    thinned.tick(5.0 + LEAST_GAP_S)
    thinned.tick(9.0)
    assert sent == [0, 9]
    thinned.offer(10, 9.0)
    thinned.offer(11, 9.0)
    thinned.flush(9.0)
    assert sent == [0, 9, 10, 11]
