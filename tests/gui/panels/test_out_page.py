from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QTableView, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.out_page import OutPage
from gui.view_models.outputs import OutputsModel
from gui.widgets.buttons import Button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.lamp import Lamp
from megadance_live.config.preset import OutputSection, Preset, Receiver
from megadance_live.core.command import Command
from megadance_live.remote.client import View
from megadance_live.remote.requests import Revise, WatchReceiver
from megadance_live.remote.snapshot import PresetView, ReceiverView
from tests.gui.fake_port import FakePort, dancing_view

TWO = (Receiver(name="OSC", to="127.0.0.1:7000"), Receiver(name="VMC", to="127.0.0.1:39539,layout=vmc"))
BEAT = b"/beat/bar\0\0\0,i\0\0\0\0\0\x09"
W = TypeVar("W", bound=QWidget)


class Rig:
    """A page over a show that does what it is asked."""

    def __init__(self, qtbot: QtBot) -> None:
        self.port = FakePort()
        self.model = OutputsModel(self.port)
        self.page = OutPage(self.model)
        self.receivers: tuple[Receiver, ...] = TWO
        self.now_s = 100.0
        self._qtbot = qtbot
        qtbot.addWidget(self.page)
        self.page.resize(628, 480)
        self.tick()
        self.page.show()
        self.tick()

    def tick(
        self, pattern: str = "off", monitor: Sequence[bytes] = (), served: Sequence[ReceiverView] | None = None
    ) -> None:
        revised = [request.value for request in self.port.asked if isinstance(request, Revise)]
        self.receivers = revised[-1].receivers if revised else self.receivers
        seen = tuple(ReceiverView(k, open=True, rate_hz=60.0) for k in range(len(self.receivers)))
        shown = dancing_view(self.now_s)
        snapshot = replace(
            shown.snapshot,
            preset=PresetView(Preset(output=OutputSection(receivers=self.receivers))),
            receivers=seen if served is None else tuple(served),
            pattern=pattern,
            monitor=tuple(monitor),
        )
        shown_view: View = replace(shown, snapshot=snapshot)
        self.model.update(shown_view)
        self.page.refresh()
        self.now_s += 0.3

    def find(self, kind: type[W], name: str) -> W:
        found = self.page.findChild(kind, name)
        assert isinstance(found, kind), name
        return found

    def press(self, name: str) -> None:
        self._qtbot.mouseClick(self.find(Button, name), Qt.MouseButton.LeftButton)
        self.tick()

    def write(self, field: str, text: str) -> None:
        line = self.find(QLineEdit, f"receiver_field_{field}")
        line.selectAll()
        self._qtbot.keyClicks(line, text)
        self.tick()


@pytest.fixture
def rig(qtbot: QtBot) -> Rig:
    return Rig(qtbot)


def test_every_receiver_has_its_line_and_state_in_words(rig: Rig) -> None:
    assert rig.find(ElidedLabel, "receiver_0_name").text == "OSC"
    assert rig.find(Lamp, "receiver_1_state").text == "SENDING"
    rig.tick(served=[ReceiverView(0, trouble="The host cannot be found; check its name.")])
    assert rig.find(Lamp, "receiver_0_state").text == "TROUBLE"
    assert "check its name" in rig.find(QLabel, "receiver_0_trouble").text()
    assert not rig.find(ElidedLabel, "receiver_0_figures").isVisible()


def test_a_receiver_is_added_removed_and_brought_back(rig: Rig, qtbot: QtBot) -> None:
    rig.press("add_unreal")
    assert rig.find(ElidedLabel, "receiver_2_name").text == "Unreal"
    rig.press("receiver_2_edit")
    rig.press("receiver_remove")
    assert rig.receivers == TWO
    assert rig.find(ElidedLabel, "outputs_line").text == "Removed Unreal."
    qtbot.waitUntil(lambda: rig.page.findChild(ElidedLabel, "receiver_2_name") is None)
    rig.press("outputs_undo")
    assert [receiver.name for receiver in rig.receivers] == ["OSC", "VMC", "Unreal"]


def test_a_mistake_is_said_while_it_is_typed_and_cannot_be_applied(rig: Rig, qtbot: QtBot) -> None:
    rig.press("receiver_0_edit")
    rig.write("port", "70000")
    assert "port 1 to 65535" in rig.find(QLabel, "receiver_problem").text()
    assert not rig.find(Button, "receiver_apply").isEnabled()
    qtbot.keyClick(rig.find(QLineEdit, "receiver_field_port"), Qt.Key.Key_Return)
    rig.tick()
    assert rig.receivers == TWO
    rig.write("port", "7005")
    assert not rig.find(QLabel, "receiver_problem").isVisible()
    qtbot.keyClick(rig.find(QLineEdit, "receiver_field_port"), Qt.Key.Key_Return)
    rig.tick()
    assert rig.receivers[0].to == "127.0.0.1:7005"
    assert not rig.find(QWidget, "receiver_apply").isVisible()


def test_another_layout_shows_other_fields(rig: Rig) -> None:
    rig.press("receiver_0_edit")
    layout = rig.find(QComboBox, "receiver_field_layout")
    assert not rig.find(QWidget, "receiver_field_locomotion").isVisible()
    layout.textActivated.emit("vmc")
    rig.tick()
    assert layout.currentText() == "vmc"
    assert rig.find(QWidget, "receiver_field_locomotion").isVisible()
    assert not rig.find(QWidget, "receiver_field_axes").isVisible()
    rig.press("receiver_apply")
    assert rig.receivers[0].to == "127.0.0.1:7000,layout=vmc"


def test_a_receiver_is_copied_and_switched_off(rig: Rig) -> None:
    rig.press("receiver_0_edit")
    rig.press("receiver_copy")
    rig.press("receiver_0_on")
    assert [(receiver.name, receiver.enabled) for receiver in rig.receivers] == [
        ("OSC", False),
        ("OSC copy", True),
        ("VMC", True),
    ]


def test_a_test_pattern_is_marked_across_the_page(rig: Rig) -> None:
    rig.press("pattern_t_pose")
    assert rig.port.said == [Command("pattern", "t_pose")]
    rig.tick(pattern="t_pose")
    band = rig.find(QLabel, "pattern_warning")
    assert band.isVisible()
    assert "TEST PATTERN: T-pose" in band.text()
    rig.tick()
    assert not band.isVisible()


def test_the_monitor_is_fed_only_while_the_page_is_seen(rig: Rig) -> None:
    rig.press("receiver_1_watch")
    rig.tick(monitor=[BEAT])
    table = rig.find(QTableView, "monitor_table").model()
    assert [table.data(table.index(0, column)) for column in range(3)] == ["/beat/bar", "i", "9"]
    rig.page.hide()
    rig.page.show()
    rig.press("receiver_1_watch")
    watched = [request.place for request in rig.port.asked if isinstance(request, WatchReceiver)]
    assert watched == [1, None, 1, None]


def test_the_monitor_is_searched(rig: Rig, qtbot: QtBot) -> None:
    rig.press("receiver_0_watch")
    rig.tick(monitor=[BEAT])
    qtbot.keyClicks(rig.find(QLineEdit, "monitor_search"), "nothing")
    rig.tick()
    assert rig.find(QTableView, "monitor_table").model().rowCount() == 0


def test_an_empty_list_says_what_to_do(qtbot: QtBot) -> None:
    rig = Rig(qtbot)
    for _ in TWO:
        rig.press("receiver_0_edit")
        rig.press("receiver_remove")
    assert rig.receivers == ()
    assert rig.find(QLabel, "no_receivers").isVisible()


def test_every_control_says_what_it_does(rig: Rig) -> None:
    rig.press("receiver_0_edit")
    controls = [*rig.page.findChildren(Button), *rig.page.findChildren(QComboBox)]
    assert all(control.toolTip() and control.accessibleName() and control.objectName() for control in controls)
    shown = [control for control in controls if control.isVisible()]
    assert len(shown) > 12
    assert all(control.height() >= 44 for control in shown if isinstance(control, Button))
