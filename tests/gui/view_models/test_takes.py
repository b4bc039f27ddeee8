from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gui.view_models.disk import bytes_per_s, disk_warning, room_in_words
from gui.view_models.safety import SafetyModel
from gui.view_models.takes import TakesModel
from megadance_live.remote.requests import ExportTake, LookForTakes, RecoverTakes
from megadance_live.remote.snapshot import ExportView, TakesView, TakeView
from tests.gui.view_models.stand import Stand

FOLDER = Path("takes")
LONG = TakeView("take-002", FOLDER / "take-002", 3725.0, 1_240_000_000, "", 2, ("amass", "aist", "bvh"))
SHORT = TakeView("take-001", FOLDER / "take-001", 42.4, 12_345_678, "2026-08-02T21:14:05+00:00", 0, ("amass",))
CUT = TakeView("take-003", FOLDER / "take-003.partial", 12.0, 5_000_000, "", finished=False)


@pytest.fixture
def stand() -> Stand:
    stand = Stand()
    show(stand, takes=(LONG, SHORT), free_bytes=500_000_000_000)
    return stand


@pytest.fixture
def model(stand: Stand) -> TakesModel:
    safety = stand.follow(SafetyModel(stand.port))
    takes: TakesModel = stand.follow(TakesModel(stand.port, safety))
    return takes


def show(stand: Stand, **changes: Any) -> None:
    takes = stand.port.shown.snapshot.takes
    stand.snapshot(takes=replace(takes if takes.takes else TakesView(FOLDER), **changes))


def test_takes_are_listed_with_what_they_hold(model: TakesModel) -> None:
    long, short = model.state.rows
    assert long.says == "1:02:05 · 1.2 GB · 2 markers · AMASS, AIST++, BVH"
    assert short.says == "0:42 · 12.3 MB · AMASS"
    assert long.missing == ("edge", "glb")
    assert short.started.startswith(("1 ", "2 ", "3 "))
    assert short.started[-6:-3].strip().isdigit()


def test_a_stamp_that_is_no_time_is_shown_as_it_is(stand: Stand, model: TakesModel) -> None:
    show(stand, takes=(replace(SHORT, started="after the break"),))
    assert model.state.rows[0].started == "after the break"


def test_opening_the_page_reads_the_folder_again(stand: Stand, model: TakesModel) -> None:
    model.look()
    assert stand.port.asked == [LookForTakes()]


def test_recording_is_begun_and_shown_with_its_time(stand: Stand, model: TakesModel) -> None:
    model.record()
    assert stand.said == [("record", True)]
    stand.engine(take="take-004", take_since_s=35.0)
    stand.tick()
    assert model.state.record.on
    assert model.state.record.note == "1:05"
    assert model.state.open_take == "take-004"


def test_the_last_minute_is_asked_for_until_the_show_has_said_something(stand: Stand, model: TakesModel) -> None:
    model.keep_last_minute()
    assert stand.said == [("retro", None)]
    assert model.state.keeping
    stand.engine(notice="The last minute is kept.", noticed_s=100.1)
    assert not model.state.keeping
    model.keep_last_minute()
    stand.tick(3.0)
    assert not model.state.keeping


def test_a_marker_has_the_name_that_was_typed_or_a_number(stand: Stand, model: TakesModel) -> None:
    stand.engine(take="take-004")
    assert model.mark("  the   drop ")
    assert model.mark("")
    assert stand.said == [("marker", "the drop"), ("marker", "marker 1")]
    assert "take-004" in model.state.line


def test_without_a_recording_a_marker_says_what_to_do_first(stand: Stand, model: TakesModel) -> None:
    assert not model.mark("drop")
    assert stand.said == []
    assert "press REC first" in model.state.line


def test_only_formats_that_the_take_does_not_hold_are_written(stand: Stand, model: TakesModel) -> None:
    model.choose("take-001")
    assert model.state.missing == ("aist", "bvh", "edge", "glb")
    for name in ("glb", "bvh", "edge", "edge", "amass"):
        model.want(name)
    model.export()
    assert stand.port.asked == [ExportTake("take-001", ("bvh", "glb"))]
    assert "BVH, glTF" in model.state.line
    assert model.state.chosen == ""


def test_nothing_is_asked_for_while_no_format_is_wanted(stand: Stand, model: TakesModel) -> None:
    model.export()
    model.choose("take-001")
    model.export()
    assert stand.port.asked == []
    model.choose("take-001")
    assert model.state.chosen == ""


def test_the_last_format_that_is_missing_is_wanted_at_once(stand: Stand, model: TakesModel) -> None:
    show(stand, takes=(replace(LONG, formats=("amass", "aist", "bvh", "edge")),))
    model.choose("take-002")
    assert model.state.wanted == {"glb"}


def test_an_export_is_followed_and_its_formats_are_not_offered_again(stand: Stand, model: TakesModel) -> None:
    show(stand, exports=(ExportView("take-001", ("bvh",), 0.45), ExportView("take-002", ("glb",))))
    long, short = model.state.rows
    assert (short.working, short.progress) == ("writing BVH · 45 %", 0.45)
    assert long.working == "writing glTF · waiting"
    assert "bvh" not in short.missing
    show(stand, exports=(ExportView("take-001", ("bvh",), 0.45, done=True, trouble="The disk is full."),))
    assert model.state.rows[1].trouble == "The disk is full."
    assert model.state.rows[1].progress is None
    assert "bvh" in model.state.rows[1].missing


def test_a_failure_is_forgotten_once_the_export_runs_again(stand: Stand, model: TakesModel) -> None:
    failed = ExportView("take-001", ("bvh",), done=True, trouble="The disk is full.")
    show(stand, exports=(failed, ExportView("take-001", ("bvh",), 0.1)))
    assert model.state.rows[1].trouble == ""


def test_takes_that_were_cut_off_are_recovered(stand: Stand, model: TakesModel) -> None:
    show(stand, takes=(CUT, LONG))
    assert model.state.cut_off == "1 take was cut off before the end."
    assert model.state.rows[0].missing == ()
    assert "CUT OFF" in model.state.rows[0].says
    model.recover()
    assert stand.port.asked == [RecoverTakes()]
    assert model.state.recovering
    show(stand, exports=(ExportView("take-003", ()),))
    assert model.state.recovering
    assert model.state.rows[0].working == "being recovered"
    show(stand, takes=(replace(CUT, finished=True), LONG), exports=(ExportView("take-003", (), 1.0, done=True),))
    assert not model.state.recovering
    assert model.state.cut_off == ""


def test_a_take_that_is_gone_is_no_longer_chosen(stand: Stand, model: TakesModel) -> None:
    model.choose("take-001")
    model.want("glb")
    show(stand, takes=(LONG,))
    assert (model.state.chosen, model.state.wanted) == ("", frozenset())


def test_what_fits_is_reckoned_from_the_takes_that_are_there() -> None:
    light = replace(LONG, length_s=100.0, size_bytes=10_000_000)
    assert bytes_per_s((light, CUT)) - bytes_per_s(()) == 100_000.0 - 250_000.0
    assert room_in_words(500_000_000_000, (light,)).startswith("Disk: 500 GB left, about 2")
    assert "minutes" in room_in_words(3_000_000_000, ())
    assert "no more than a minute" in room_in_words(20_000_000, ())
    assert room_in_words(0, ()) == ""


def test_little_room_is_said_with_what_to_do() -> None:
    assert "delete" in disk_warning(900_000_000)
    assert disk_warning(900_000_000_000) == disk_warning(0) == ""
