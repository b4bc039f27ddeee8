from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui.panels.takes_page import TakesPage
from gui.view_models.safety import SafetyModel
from gui.view_models.takes import TakesModel
from gui.widgets.buttons import Button
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.gauge import Gauge
from megadance_live.remote.requests import ExportTake, LookForTakes, RecoverTakes
from megadance_live.remote.snapshot import ExportView, TakesView, TakeView
from tests.gui.panels.rig import Rig

ONE = TakeView("take-001", Path("nowhere/take-001"), 42.0, 12_000_000, "", 1, ("amass", "aist", "bvh"))
CUT = TakeView("take-002", Path("takes/take-002.partial"), 12.0, 4_000_000, "", finished=False)


@pytest.fixture
def rig(qtbot: QtBot, tmp_path: Path) -> Rig:
    rig = Rig(qtbot)
    rig.stand.snapshot(takes=TakesView(tmp_path, (ONE,), 500_000_000_000))
    safety = rig.stand.follow(SafetyModel(rig.stand.port))
    rig.show(TakesPage(rig.stand.follow(TakesModel(rig.stand.port, safety))))
    return rig


def takes(rig: Rig, **changes: object) -> None:
    rig.stand.snapshot(takes=replace(rig.stand.port.shown.snapshot.takes, **changes))  # type: ignore[arg-type]
    rig.draw()


def test_the_page_reads_the_folder_when_it_is_opened(rig: Rig) -> None:
    assert LookForTakes() in rig.stand.port.asked
    assert rig.find(ElidedLabel, "take_0_says").text == "0:42 · 12.0 MB · 1 marker · AMASS, AIST++, BVH"
    assert "hours of recording" in rig.find(ElidedLabel, "takes_room").text


def test_a_take_is_recorded_marked_and_the_last_minute_kept(rig: Rig) -> None:
    assert not rig.find(Button, "marker").isEnabled()
    rig.click("takes_record")
    rig.stand.engine(take="take-002", take_since_s=90.0)
    rig.draw()
    assert rig.find(Button, "takes_record").look.note == "0:10"
    rig.type_into("marker_name", "drop")
    rig.click("marker")
    rig.click("retro")
    assert rig.stand.said == [("record", True), ("marker", "drop"), ("marker", "marker 1"), ("retro", None)]


def test_the_marker_button_takes_the_name_that_was_typed(rig: Rig) -> None:
    rig.stand.engine(take="take-002")
    rig.draw()
    field = rig.find(QWidget, "marker_name")
    field.setFocus()
    QTest.keyClicks(field, "break")
    with rig.hearing_keys():
        rig.click("marker")
        rig.click("marker")
    assert rig.stand.said == [("marker", "break"), ("marker", "marker 1")]


def test_a_take_is_written_in_other_formats_and_its_progress_is_seen(rig: Rig) -> None:
    assert not rig.find(QWidget, "export_write").isVisible()
    rig.click("take_0_formats")
    assert not rig.find(Button, "export_bvh").isVisible()
    assert not rig.find(Button, "export_write").isEnabled()
    rig.click("export_glb")
    rig.click("export_write")
    assert rig.stand.port.asked[-1] == ExportTake("take-001", ("glb",))
    takes(rig, exports=(ExportView("take-001", ("glb",), 0.4),))
    assert rig.find(Gauge, "take_0_work").isVisible()
    assert rig.find(Gauge, "take_0_work").accessibleDescription() == "writing glTF · 40 %"
    takes(rig, exports=(ExportView("take-001", ("glb",), 0.4, done=True, trouble="The disk is full."),))
    assert not rig.find(Gauge, "take_0_work").isVisible()
    assert "The disk is full." in rig.find(QLabel, "take_0_trouble").text()


def test_what_was_cut_off_is_recovered(rig: Rig) -> None:
    assert not rig.find(Button, "recover").isVisible()
    takes(rig, takes=(CUT, ONE))
    assert not rig.find(Button, "take_0_formats").isEnabled()
    rig.click("recover")
    assert rig.stand.port.asked[-1] == RecoverTakes()
    assert not rig.find(Button, "recover").isEnabled()


def test_folders_are_opened_and_their_paths_copied(rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    opened: list[QUrl] = []
    works = [True]

    def open_url(url: QUrl) -> bool:
        opened.append(url)
        return works[0]

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    line = rig.find(ElidedLabel, "takes_line")
    rig.click("takes_open")
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path]
    works[0] = False
    rig.click("takes_open")
    assert "copy the path" in line.text
    rig.click("take_0_open")
    assert "There is no folder" in line.text
    assert len(opened) == 2
    rig.click("takes_copy")
    assert QGuiApplication.clipboard().text() == str(tmp_path)


def test_little_room_is_said_in_words(rig: Rig) -> None:
    assert not rig.find(QLabel, "takes_warning").isVisible()
    takes(rig, free_bytes=900_000_000)
    assert "LOW DISK" in rig.find(QLabel, "takes_warning").text()


def test_an_empty_list_says_what_to_do(rig: Rig, qtbot: QtBot) -> None:
    takes(rig, takes=())
    assert rig.find(QLabel, "no_takes").isVisible()
    qtbot.waitUntil(lambda: rig.window.findChild(ElidedLabel, "take_0_name") is None)


def test_every_control_says_what_it_does(rig: Rig) -> None:
    rig.click("take_0_formats")
    shown = [control for control in rig.window.findChildren(Button) if control.isVisible()]
    assert len(shown) > 10
    assert all(control.toolTip() and control.accessibleName() and control.objectName() for control in shown)
    assert all(control.height() >= 44 for control in shown)
