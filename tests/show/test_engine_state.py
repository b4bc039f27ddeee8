"""What the show knows of its engine."""

from pathlib import Path

from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.cue import Cue
from megadance_live.engine.messages import (
    Asked,
    CuesChanged,
    Ended,
    Failed,
    Notice,
    Ready,
    Report,
    Saved,
    SourceChanged,
    SourceStatus,
    TakeClosed,
    TakeOpened,
    Wanted,
)
from megadance_live.show.engine_state import EngineState

READY = Ready("demo", "fake", ("house",), ())


def _after(*reports: Report) -> EngineState:
    state = EngineState()
    for number, report in enumerate(reports):
        state = state.after(report, float(number))
    return state


def test_it_learns_what_the_engine_says() -> None:
    state = _after(READY, Asked(Control("house")), SourceStatus("LOST"), Notice("hm"), Saved(b"x", 1.0, 48_000, 2))
    assert (state.phase, state.source, state.dancer, state.experts) == ("dancing", "demo", "fake", ("house",))
    assert state.control == Control("house")
    assert state.source_status == "LOST"
    assert (state.notice, state.noticed_s) == ("hm", 3.0)
    assert state.saved == Saved(b"x", 1.0, 48_000, 2)
    assert not state.over


def test_takes_are_followed_from_opening_to_closing() -> None:
    opened = _after(READY, TakeOpened("take-001"))
    assert (opened.take, opened.take_since_s) == ("take-001", 1.0)
    closed = opened.after(TakeClosed("take-001", Path("take-001")), 2.0)
    assert (closed.take, closed.takes) == ("", (Path("take-001"),))


def test_a_take_that_is_finished_late_does_not_hide_the_open_one() -> None:
    state = _after(READY, TakeOpened("take-001"), TakeOpened("take-002"), TakeClosed("take-001", Path("take-001")))
    assert state.take == "take-002"


def test_a_failure_before_the_first_dance_ends_the_show() -> None:
    state = _after(Failed("No weights."))
    assert state.over
    assert state.failure == "No weights."


def test_a_failure_later_is_a_notice() -> None:
    state = _after(READY, Failed("The device has gone."))
    assert not state.over
    assert state.notice == "The device has gone."


def test_the_end_of_the_music_is_the_end_of_the_show() -> None:
    state = _after(READY, Ended())
    assert state.over
    assert state.failure == ""


def test_the_source_and_the_cues_are_followed_when_they_change() -> None:
    cues = (Cue(3.0, Command("mirror", True)),)
    state = _after(
        READY, SourceChanged("song.wav", "file:song.wav", 7.5), CuesChanged(cues), Wanted(Command("scene", "a"))
    )
    assert (state.source, state.source_spec, state.source_began_s) == ("song.wav", "file:song.wav", 7.5)
    assert state.cues == cues
    assert state.phase == "dancing"
