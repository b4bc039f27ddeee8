from dataclasses import replace

import numpy as np
import pytest

from gui.view_models.tempo import TempoModel
from megadance_live.remote.board import Status
from tests.gui.view_models.stand import Stand


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.fixture
def model(stand: Stand) -> TempoModel:
    tempo: TempoModel = stand.follow(TempoModel(stand.port))
    return tempo


def tap(stand: Stand, model: TempoModel, gaps_s: np.ndarray) -> None:
    model.tap()
    for gap_s in gaps_s:
        stand.tick(float(gap_s))
        model.tap()
    stand.tick(0.0)


def test_it_shows_what_the_clock_says(model: TempoModel) -> None:
    state = model.state
    assert (state.bpm, state.bar, state.beat, state.beats_per_bar) == (124.0, 9, 1, 4)
    assert (state.source, state.state, state.confidence) == ("AUDIO", "locked", 0.9)
    assert state.glow == 1.0


def test_bar_and_beat_run_on_between_two_words_of_the_clock(stand: Stand, model: TempoModel) -> None:
    beat_s = 60 / 124
    shown = []
    for _ in range(5):
        shown.append((model.state.bar, model.state.beat))
        stand.tick(beat_s + 1e-6)
    assert shown == [(9, 1), (9, 2), (9, 3), (9, 4), (10, 1)]


def test_the_glow_falls_from_the_beat_on(stand: Stand, model: TempoModel) -> None:
    stand.tick(0.75 * 60 / 124)
    assert model.state.glow == 0.25


def test_a_clock_that_is_corrected_a_little_back_does_not_show_a_beat_twice(stand: Stand, model: TempoModel) -> None:
    stand.tick(1.01 * 60 / 124)
    assert model.state.beat == 2
    stand.clock(bars=8.0 - 0.02 / 4)
    assert model.state.beat == 2
    stand.clock(bars=7.75, epoch=1)
    assert model.state.beat == 1


def test_without_a_clock_there_is_no_tempo(stand: Stand, model: TempoModel) -> None:
    stand.port.shown = replace(stand.port.shown, status=Status())
    stand.tick()
    assert model.state.bpm is None


@pytest.mark.parametrize("seed", range(20))
def test_eight_taps_at_128_with_5_ms_of_jitter_give_the_tempo_to_within_1_bpm(seed: int) -> None:
    stand = Stand()
    model = stand.follow(TempoModel(stand.port))
    jittered_s = np.arange(8) * 60 / 128 + np.random.default_rng(seed).normal(0, 0.005, 8).clip(-0.01, 0.01)
    tap(stand, model, np.diff(jittered_s))
    assert model.state.tapped_bpm == pytest.approx(128, abs=1.0)
    assert [name for name, _ in stand.said] == ["tap"] * 8


def test_the_tempo_of_the_taps_is_shown_from_the_fourth_on(stand: Stand, model: TempoModel) -> None:
    tap(stand, model, np.full(2, 0.5))
    assert (model.state.taps, model.state.tapped_bpm) == (3, None)
    stand.tick(0.5)
    model.tap()
    stand.tick(0.0)
    assert (model.state.taps, model.state.tapped_bpm) == (4, 120.0)


def test_taps_are_forgotten_after_two_seconds(stand: Stand, model: TempoModel) -> None:
    tap(stand, model, np.full(4, 0.5))
    stand.tick(1.9)
    assert model.state.taps == 5
    stand.tick(0.2)
    assert (model.state.taps, model.state.tapped_bpm) == (0, None)
    tap(stand, model, np.zeros(0))
    assert model.state.taps == 1


def test_a_key_that_bounces_is_one_tap(stand: Stand, model: TempoModel) -> None:
    tap(stand, model, np.array([0.01, 0.49, 0.02]))
    assert model.state.taps == 2


def test_each_hand_on_the_clock_is_one_word(stand: Stand, model: TempoModel) -> None:
    model.resync()
    model.nudge(-10)
    model.nudge(10)
    model.halve()
    model.double()
    assert stand.said == [("resync", None), ("nudge", -10.0), ("nudge", 10.0), ("bpm_mul", 0.5), ("bpm_mul", 2.0)]


def test_a_tempo_that_cannot_be_doubled_or_halved_says_so(stand: Stand, model: TempoModel) -> None:
    assert (model.state.can_halve, model.state.can_double) == (True, True)
    stand.clock(tempo_bpm=160.0)
    assert (model.state.can_halve, model.state.can_double) == (True, False)
    stand.clock(tempo_bpm=50.0)
    assert (model.state.can_halve, model.state.can_double) == (False, True)


def test_the_lock_is_asked_for_until_the_clock_says_so(stand: Stand, model: TempoModel) -> None:
    model.lock()
    stand.tick()
    assert (model.state.locked, model.state.lock_asked) == (True, True)
    stand.clock(held=True)
    assert (model.state.locked, model.state.lock_asked) == (True, False)
    model.lock()
    assert stand.said == [("lock", True), ("lock", False)]


def test_a_lock_that_the_show_does_not_take_falls_open(stand: Stand, model: TempoModel) -> None:
    model.lock()
    stand.tick(2.0)
    assert (model.state.locked, model.state.lock_asked) == (False, False)


@pytest.mark.parametrize(("text", "bpm"), [("128", 128.0), (" 99.5 ", 99.5), ("174,3", 174.3)])
def test_a_tempo_can_be_typed(stand: Stand, model: TempoModel, text: str, bpm: float) -> None:
    assert model.enter_bpm(text)
    assert stand.said == [("bpm", bpm)]


@pytest.mark.parametrize("text", ["", "fast", "12", "999", "nan"])
def test_what_is_no_tempo_is_refused_in_a_sentence(stand: Stand, model: TempoModel, text: str) -> None:
    assert not model.enter_bpm(text)
    stand.tick()
    assert "from 30 to 300" in model.state.trouble
    assert stand.said == []
    model.forget_trouble()
    stand.tick()
    assert model.state.trouble == ""


def test_the_metre_is_asked_for_until_the_clock_counts_it(stand: Stand, model: TempoModel) -> None:
    model.set_metre(4)
    model.set_metre(3)
    stand.tick()
    assert (model.state.beats_per_bar, model.state.metre, model.state.metre_asked) == (4, 3, True)
    stand.clock(beats_per_bar=3)
    assert (model.state.beats_per_bar, model.state.metre, model.state.metre_asked) == (3, 3, False)
    assert stand.said == [("metre", 3)]


def test_a_show_that_has_gone_is_told_nothing(stand: Stand, model: TempoModel) -> None:
    stand.port.shown = replace(stand.port.shown, connected=False)
    stand.tick()
    model.tap()
    model.resync()
    model.nudge(10)
    model.double()
    model.lock()
    model.set_metre(3)
    assert model.enter_bpm("120")
    assert stand.said == []
    assert not model.state.ready


def test_a_lamp_is_lit_a_little_early_because_it_is_seen_a_little_later(stand: Stand, model: TempoModel) -> None:
    stand.tick(60 / 124 - 0.01)
    assert (model.state.beat, model.state.glow) == (2, 1.0)
