"""The status of a show in one line."""

from dataclasses import replace

from megadance_live.commands.status_line import status_line
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.control import Control
from megadance_live.core.destination import parse_destination
from megadance_live.output.osc.outlet import OutletCounts
from megadance_live.remote.board import Status
from megadance_live.show.engine_state import EngineState
from megadance_live.show.lane import SendReport
from megadance_live.show.output_clock import Lateness
from megadance_live.show.show import ShowStatus

CLOCK = BarClock(time_s=100.0, bars=16.5, tempo_bpm=122.04, source="audio", state="locked")
SENDING = SendReport(
    parse_destination("127.0.0.1:7000", "native"), 600, 60.0, OutletCounts(), Lateness(0, 0.0, 0.0, 0.0, 0), ""
)
DANCING = ShowStatus(
    now_s=100.0,
    engine=EngineState(
        phase="dancing",
        source="demo",
        experts=("house", "krump"),
        control=Control("house", armed="krump"),
        take="take-001",
        take_since_s=35.0,
    ),
    status=Status(clock=CLOCK, late_steps=2),
    sending=(SENDING,),
)


def test_a_show_that_is_well() -> None:
    assert status_line(DANCING) == (
        "demo  122.0 bpm  17.3  house [krump]  60 fps  late 2  native:127.0.0.1:7000  take-001 1:05"
    )


def test_before_there_is_music() -> None:
    line = status_line(replace(DANCING, engine=EngineState(), status=Status()))
    assert line == "no audio yet  starting  60 fps  late 0  native:127.0.0.1:7000"


def test_what_is_the_matter_comes_last_and_once() -> None:
    engine = replace(DANCING.engine, source_status='LOST: "pulse"', notice="The disk is full.", noticed_s=95.0)
    shown = replace(DANCING, engine=engine, status=Status(clock=CLOCK, overflows=3), trouble="The disk is full.")
    assert status_line(shown).endswith('  ! LOST: "pulse"  ! 3 audio overflows  ! The disk is full.')


def test_an_old_notice_is_not_shown() -> None:
    engine = replace(DANCING.engine, notice="Long ago.", noticed_s=10.0)
    assert "Long ago" not in status_line(replace(DANCING, engine=engine))


def test_a_destination_in_trouble_says_so() -> None:
    shown = replace(DANCING, sending=(replace(SENDING, trouble="nothing listens at 127.0.0.1:7000"),))
    assert "(nothing listens at 127.0.0.1:7000)" in status_line(shown)


def test_a_clock_that_is_not_locked_says_so() -> None:
    shown = replace(DANCING, status=Status(clock=replace(CLOCK, state="holding")))
    assert "122.0 bpm (holding)" in status_line(shown)
