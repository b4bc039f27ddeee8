from collections.abc import Callable
from typing import TypeVar

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui import palette, theme
from gui.view_models.learn import LearnMode
from gui.widgets.buttons import Button, HoldButton, Look, Toggle
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.fader import Fader, Range
from gui.widgets.lamp import Lamp
from gui.widgets.layouts import column, rescale
from gui.widgets.panel import PanelFrame, label, set_tone
from megadance_live.remote.requests import LearnMidi
from megadance_live.remote.snapshot import LearnTarget
from tests.gui.fake_port import FakePort

GAIN = Range(-24.0, 24.0, 0.0, 0.5, "dB", 1)
LEFT = Qt.MouseButton.LeftButton
NONE, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
W = TypeVar("W", bound=QWidget)
Show = Callable[[W], W]


@pytest.fixture
def show(qtbot: QtBot) -> Show[QWidget]:
    def shown(widget: QWidget) -> QWidget:
        qtbot.addWidget(widget)
        widget.resize(240, 60)
        widget.show()
        QTest.qWaitForWindowExposed(widget)
        return widget

    return shown


def heard(signal: object) -> list[object]:
    got: list[object] = []
    signal.connect(lambda *values: got.append(values[0] if values else None))  # type: ignore[attr-defined]
    return got


def colours(widget: QWidget) -> set[str]:
    image = widget.grab().toImage()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


def test_a_button_plays_when_it_goes_down_and_knows_shift(show: Show[QWidget]) -> None:
    button = Button("HOUSE", name="pad")
    show(button)
    struck, clicked = heard(button.struck), heard(button.clicked)
    QTest.mousePress(button, LEFT)
    assert (struck, len(clicked)) == ([False], 0)
    QTest.mouseRelease(button, LEFT)
    assert len(clicked) == 1
    QTest.mouseClick(button, LEFT, Qt.KeyboardModifier.ShiftModifier)
    assert struck == [False, True]


def test_two_quick_presses_are_two(show: Show[QWidget]) -> None:
    button = Button("TAP", name="tap")
    show(button)
    struck = heard(button.struck)
    QTest.mouseClick(button, LEFT)
    QTest.mouseDClick(button, LEFT)
    assert len(struck) >= 2


def test_a_state_shows_by_more_than_its_colour(show: Show[QWidget]) -> None:
    button = Toggle("LOCK", name="lock")
    show(button)
    button.set_on(False)
    assert button.look.mark == "○"
    button.set_on(True)
    assert button.look.mark == "●"
    button.set_look(Look(pending=True))
    assert button.accessibleDescription() == "asked for"


def test_only_a_change_is_painted(show: Show[QWidget]) -> None:
    painted: list[int] = []

    class Counting(Button):
        def paintEvent(self, event: object) -> None:
            painted.append(1)
            super().paintEvent(event)  # type: ignore[arg-type]

    button = Counting("X", name="x")
    show(button)
    QApplication.processEvents()
    before = len(painted)
    for _ in range(5):
        button.set_look(Look())
        QApplication.processEvents()
    assert len(painted) == before
    button.set_look(Look(lit=True))
    QApplication.processEvents()
    assert len(painted) == before + 1


def test_a_held_button_steps_again_and_again(show: Show[QWidget], qtbot: QtBot) -> None:
    button = HoldButton("+10", name="nudge")
    button.setAutoRepeatDelay(20)
    button.setAutoRepeatInterval(10)
    show(button)
    steps = heard(button.stepped)
    QTest.mousePress(button, LEFT)
    qtbot.waitUntil(lambda: len(steps) >= 3, timeout=5000)
    QTest.mouseRelease(button, LEFT)


def test_while_the_window_learns_a_press_chooses(show: Show[QWidget]) -> None:
    port, target = FakePort(), LearnTarget("tap")
    button = Button("TAP", name="tap", target=target)
    button.learn_mode = LearnMode(port)  # type: ignore[attr-defined]
    show(button)
    struck = heard(button.struck)
    button.learn_mode.toggle()  # type: ignore[attr-defined]
    QTest.mouseClick(button, LEFT)
    assert struck == []
    assert port.asked == [LearnMidi(target)]


def test_the_mouse_sets_a_fader_and_a_double_click_its_default(show: Show[QWidget]) -> None:
    fader = Fader("Gain", GAIN, name="gain")
    show(fader)
    moved = heard(fader.moved)
    QTest.mousePress(fader, LEFT, pos=QPoint(fader.width() - 1, 40))
    assert fader.value == 24.0
    assert fader.held
    QTest.mouseRelease(fader, LEFT, pos=QPoint(fader.width() - 1, 40))
    assert not fader.held
    QTest.mouseDClick(fader, LEFT, pos=QPoint(fader.width() - 1, 40))
    assert fader.value == 0.0
    assert moved == [24.0, 0.0]


def test_with_ctrl_a_fader_moves_finely_from_where_it_is(show: Show[QWidget]) -> None:
    fader = Fader("Gain", GAIN, name="gain")
    show(fader)
    QTest.mousePress(fader, LEFT, CTRL, QPoint(fader.width() - 1, 40))
    assert fader.value == 0.0
    QTest.mouseRelease(fader, LEFT, CTRL)


def test_keys_and_the_wheel_step_a_fader(show: Show[QWidget]) -> None:
    fader = Fader("Gain", GAIN, name="gain")
    show(fader)
    QTest.keyClick(fader, Qt.Key.Key_Right)
    assert fader.value == 2.5
    QTest.keyClick(fader, Qt.Key.Key_Left, CTRL)
    assert fader.value == 2.0
    where = QPointF(10, 40)
    for held, value in ((NONE, 4.5), (CTRL, 5.0)):
        fader.wheelEvent(
            QWheelEvent(where, where, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, held,
                        Qt.ScrollPhase.NoScrollPhase, False)
        )  # fmt: skip
        assert fader.value == value


def test_the_show_moves_a_fader_only_when_no_hand_is_on_it(show: Show[QWidget]) -> None:
    fader = Fader("Gain", GAIN, name="gain")
    show(fader)
    fader.show_value(-6.0)
    assert fader.value == -6.0
    QTest.mousePress(fader, LEFT, pos=QPoint(4, 40))
    fader.show_value(3.0)
    assert fader.value == -24.0
    QTest.mouseRelease(fader, LEFT)
    fader.show_value(3.0)
    assert fader.accessibleDescription() == "3.0 dB"


def test_a_vertical_fader_is_greatest_at_the_top(show: Show[QWidget]) -> None:
    fader = Fader("Gain", GAIN, name="gain", vertical=True)
    show(fader)
    fader.resize(60, 200)
    QTest.mouseClick(fader, LEFT, pos=QPoint(30, 2))
    assert fader.value == 24.0


@pytest.mark.parametrize(("value", "kept"), [(0.26, 0.5), (-99.0, -24.0), (99.0, 24.0), (-0.24, 0.0)])
def test_a_range_keeps_to_its_steps_and_ends(value: float, kept: float) -> None:
    assert GAIN.within(value) == kept


def test_a_lamp_says_its_state_in_words(show: Show[QWidget]) -> None:
    lamp = Lamp(name="state")
    show(lamp)
    lamp.show_state("bad", "LOST")
    assert lamp.accessibleDescription() == "LOST"
    assert palette.BAD in colours(lamp)


def test_a_long_line_ends_in_dots_and_shows_itself_as_a_tooltip(show: Show[QWidget]) -> None:
    line = ElidedLabel("short", name="line")
    show(line)
    assert line.toolTip() == ""
    line.show_text("a very long line " * 10)
    assert line.toolTip() == line.text


def test_gaps_grow_with_the_window(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    layout = column(gap=10, margin=4)
    widget.setLayout(layout)
    try:
        assert theme.fit(2560, 1440)
        assert not theme.fit(2560, 1440)
        rescale(widget)
        assert (layout.spacing(), layout.contentsMargins().left()) == (20, 8)
        assert theme.px(44) == 88
    finally:
        theme.fit(1280, 720)
    rescale(widget)
    assert layout.spacing() == 10


@pytest.mark.parametrize(
    ("size", "unit"),
    [((1280, 720), 1.0), ((800, 600), 1.0), ((3840, 2160), 3.0), ((9000, 9000), 3.0), ((1440, 1440), 1.125)],
)
def test_the_unit_follows_the_smaller_side(qtbot: QtBot, size: tuple[int, int], unit: float) -> None:
    theme.fit(*size)
    found = theme.unit()
    theme.fit(1280, 720)
    assert found == unit


def test_text_on_a_colour_can_be_read() -> None:
    assert theme.ink_on(palette.WARNING) == palette.INK
    assert theme.ink_on(palette.BACKGROUND) == palette.TEXT


def test_experts_have_twenty_different_colours() -> None:
    assert len({palette.expert_colour(i) for i in range(20)}) == 20
    assert palette.expert_colour(20) == palette.expert_colour(0)


def test_a_panel_has_a_title_and_a_label_takes_another_tone(qtbot: QtBot) -> None:
    frame = PanelFrame("SOURCE")
    qtbot.addWidget(frame)
    words = label("here", tone="dim")
    frame.body.addWidget(words)
    set_tone(words, "bad")
    assert (frame.accessibleName(), words.property("tone")) == ("SOURCE", "bad")
