from dataclasses import replace
from typing import Any

import pytest

from gui.view_models.standing import Standing, StandingModel
from megadance_live.core.output_frame import AppState
from megadance_live.remote.client import View
from megadance_live.remote.snapshot import Snapshot
from tests.gui.fake_port import dancing_view


def standing(view: View) -> Standing:
    model = StandingModel()
    model.update(view)
    return model.state


def shown(state: AppState, **engine: Any) -> View:
    view = dancing_view(**engine)
    assert view.frame is not None
    return replace(view, frame=replace(view.frame, state=state))


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (AppState.LIVE, "LIVE"),
        (AppState.IDLE, "IDLE"),
        (AppState.FROZEN, "FROZEN"),
        (AppState.BLACKOUT, "BLACKOUT"),
        (AppState.PANIC, "PANIC"),
        (AppState.AUDIO_LOST, "AUDIO LOST"),
    ],
)
def test_the_word_is_what_receivers_are_sent(state: AppState, word: str) -> None:
    found = standing(shown(state))
    assert (found.word, found.waiting) == (word, "")


def test_a_lost_device_is_named() -> None:
    found = standing(shown(AppState.AUDIO_LOST, source="device:ALSA: Scarlett", source_status="LOST: it has vanished"))
    assert found.detail == "ALSA: Scarlett"


def test_before_any_show_it_waits_and_says_why() -> None:
    trouble = "The running show is of another version."
    assert standing(View()).waiting == "Waiting for the show ..."
    assert standing(View(snapshot=Snapshot(trouble=trouble))).waiting.endswith(trouble)


@pytest.mark.parametrize(("dancer", "waiting"), [("", "Loading the dancer ..."), ("one", "Opening the sound ...")])
def test_a_show_that_starts_says_what_it_does(dancer: str, waiting: str) -> None:
    found = standing(dancing_view(phase="starting", dancer=dancer))
    assert (found.word, found.waiting) == ("STARTING", waiting)


def test_a_dance_without_a_frame_is_still_starting() -> None:
    assert standing(replace(dancing_view(), frame=None)).word == "STARTING"


def test_a_restarting_engine_is_said_unless_the_performer_holds_the_stage() -> None:
    assert standing(shown(AppState.IDLE, phase="restarting")).word == "RESTARTING"
    assert standing(shown(AppState.BLACKOUT, phase="restarting")).word == "BLACKOUT"


def test_a_failure_stands_on_the_stage_in_words() -> None:
    sentence = "The weights cannot be read; install them again."
    found = standing(dancing_view(phase="failed", failure=sentence))
    assert (found.word, found.waiting) == ("FAILED", sentence)
    gone = standing(replace(dancing_view(phase="failed", failure=sentence), connected=False))
    assert gone.waiting == sentence


def test_a_show_that_says_farewell_has_ended_and_one_that_does_not_is_gone() -> None:
    model = StandingModel()
    model.update(dancing_view())
    model.update(replace(dancing_view(), connected=False))
    assert model.state.word == "SHOW GONE"
    model.update(replace(dancing_view(), connected=False, ended=True))
    assert model.state.word == "ENDED"
    model.update(dancing_view())
    assert model.state.word == "LIVE"


@pytest.mark.parametrize("phase", ["stopping", "ended"])
def test_an_ending_show_says_so(phase: str) -> None:
    assert standing(dancing_view(phase=phase)).waiting != ""
