"""The bar clock behind a tracker that forecasts."""

import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.music.clock import ClockInput, MusicalClock
from megadance_live.music.clock_state import MusicalState
from megadance_live.music.features import HopFeatures
from megadance_live.music.tracker import BarGuess, Beat

CLOCK = MusicalClock()
SOUND = HopFeatures(np.zeros(39, np.float32), False)
SILENCE = HopFeatures(np.zeros(39, np.float32), True)


def forecasts(
    bpm: float,
    seconds: float,
    *,
    from_s: float = 0.0,
    sure: float = 0.9,
    phase: float = 0.0,
    bar: int = 0,
    metre: int = 4,
) -> list[ClockInput]:
    """Of beats at phase + n beats from time 0 on; beat number `bar` begins a bar."""
    out = []
    for hop in range(round(from_s * 30), round((from_s + seconds) * 30)):
        now_s = (hop + 1) / 30
        number = int(np.floor(now_s * bpm / 60 - phase)) + 1
        beat = Beat((number + phase) * 60 / bpm, 60 / bpm, sure, True, BarGuess(metre, (number - bar) % metre, 0.9))
        out.append(ClockInput((beat,), SOUND))
    return out


def run(inputs: list[ClockInput], state: MusicalState | None = None) -> tuple[list[BarClock], MusicalState]:
    return CLOCK.step(inputs, state or CLOCK.initial_state())


def error_beats(clock: BarClock, bpm: float, phase: float = 0.0) -> float:
    error = clock.beats_at(clock.time_s) - (clock.time_s * bpm / 60 - phase)
    return abs(error - round(error))


@pytest.mark.parametrize("bpm", [62, 96, 128, 174, 208])
def test_it_locks_at_once_in_the_tempo_that_is_forecast(bpm: float) -> None:
    clocks, state = run(forecasts(bpm, 3.0, phase=0.3))
    locked = next(clock for clock in clocks if clock.state == "locked")
    assert locked.time_s < 0.5
    assert state.clock.tempo_bpm == pytest.approx(bpm, rel=0.01)
    assert error_beats(state.clock, bpm, 0.3) < 0.02


def test_an_unsure_forecast_moves_nothing() -> None:
    clocks, _ = run(forecasts(128, 5.0, sure=0.2))
    assert {clock.state for clock in clocks} == {"searching"}


def test_small_errors_are_slewed_without_a_jump() -> None:
    _, state = run(forecasts(120, 6.0))
    clocks, after = run(forecasts(120, 6.0, from_s=6.0, phase=0.08), state)
    assert {clock.epoch for clock in clocks} == {state.epoch}
    assert error_beats(after.clock, 120, 0.08) < 0.02
    steps = np.diff([clock.bars for clock in clocks])
    assert steps.min() > 0.9 * 120 / 240 / 30
    assert steps.max() < 1.1 * 120 / 240 / 30


def test_other_music_is_followed_once_the_tracker_has_been_sure_of_it() -> None:
    _, state = run(forecasts(128, 6.0))
    _, after = run(forecasts(100, 2.0, from_s=6.0, phase=0.4), state)
    assert after.clock.tempo_bpm == pytest.approx(100, rel=0.02)
    assert error_beats(after.clock, 100, 0.4) < 0.03
    assert after.epoch > state.epoch
    glimpse, kept = run(forecasts(100, 0.2, from_s=6.0, phase=0.4), state)
    assert {clock.epoch for clock in glimpse} == {state.epoch}
    assert kept.clock.tempo_bpm == pytest.approx(128, rel=0.02)


def test_after_a_break_in_the_same_tempo_it_goes_on_at_once_and_without_a_jump() -> None:
    _, state = run(forecasts(120, 8.0))
    held, paused = run([ClockInput((), SILENCE)] * 120, state)
    assert held[-1].state == "holding"
    clocks, _ = run(forecasts(120, 1.0, from_s=12.0), paused)
    assert clocks[1].state == "locked"
    assert {clock.epoch for clock in clocks} == {state.epoch}


@pytest.mark.parametrize("metre", [3, 4, 5])
@pytest.mark.parametrize("bar", [0, 1, 2])
def test_bars_begin_where_the_tracker_says(metre: int, bar: int) -> None:
    _, state = run(forecasts(120, 8.0, metre=metre, bar=bar))
    assert state.clock.beats_per_bar == metre
    number = round(state.clock.time_s * 2)
    assert round(state.clock.beats_at(number / 2)) % metre == (number - bar) % metre


def test_a_bar_line_that_was_seen_moves_only_when_the_tracker_insists() -> None:
    _, state = run(forecasts(120, 8.0))
    clocks, _ = run(forecasts(120, 1.0, from_s=8.0, bar=2), state)
    assert {clock.epoch for clock in clocks} == {state.epoch}
    clocks, _ = run(forecasts(120, 4.0, from_s=8.0, bar=2), state)
    assert clocks[-1].epoch > state.epoch


def test_the_performers_bar_line_and_metre_stay() -> None:
    _, state = run(forecasts(120, 8.0))
    told = CLOCK.command(Command("resync", None), 7.5, state)
    _, after = run(forecasts(120, 8.0, from_s=8.0), told)
    assert after.clock.bar_phase_at(15.5) % 1 == pytest.approx(0, abs=0.02)
    three = CLOCK.command(Command("metre", 3), 8.0, state)
    _, after = run(forecasts(120, 8.0, from_s=8.0), three)
    assert after.clock.beats_per_bar == 3


def test_a_beat_turned_round_by_the_performer_stays_turned_against_the_tracker() -> None:
    _, state = run(forecasts(120, 8.0))
    told = CLOCK.command(Command("resync", None), 7.75, state)
    _, after = run(forecasts(120, 8.0, from_s=8.0), told)
    assert error_beats(after.clock, 120, 0.5) < 0.03


def test_a_nudge_is_smooth_and_the_tracker_has_heard_it_too() -> None:
    _, state = run(forecasts(120, 8.0))
    clocks, after = run(forecasts(120, 6.0, from_s=8.0, phase=0.06), CLOCK.command(Command("nudge", 30.0), 8.0, state))
    assert error_beats(after.clock, 120, 0.06) < 0.005
    steps = np.diff([clock.bars for clock in clocks]) * 240 / 120 * 30
    assert {clock.epoch for clock in clocks} == {state.epoch}
    assert steps.min() > 0.74
    assert steps.max() < 1.01


def test_locked_time_follows_no_forecast() -> None:
    _, state = run(forecasts(120, 8.0))
    _, after = run(forecasts(100, 6.0, from_s=8.0), CLOCK.command(Command("lock", True), 8.0, state))
    assert after.clock.tempo_bpm == pytest.approx(120, rel=0.01)


def test_taps_are_not_overruled_by_a_forecast_that_disagrees() -> None:
    state = CLOCK.initial_state()
    for tap_s in (0.5, 1.0, 1.5, 2.0):
        state = CLOCK.command(Command("tap", None), tap_s, state)
    _, after = run(forecasts(93, 6.0), state)
    assert after.clock.tempo_bpm == pytest.approx(120, rel=0.01)


def test_confidence_is_that_of_the_forecasts() -> None:
    for sure in (0.4, 0.6, 0.95):
        _, state = run(forecasts(120, 8.0, sure=sure))
        assert state.clock.confidence == pytest.approx(sure, abs=0.02)
