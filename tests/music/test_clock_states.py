"""What the bar clock says of itself behind a tracker that forecasts, and that it never jumps unseen."""

from itertools import pairwise

import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.tempo_range import TempoRange
from megadance_live.music.clock import SLEW, ClockInput, MusicalClock
from megadance_live.music.clock_state import MusicalState
from tests.music.test_clock_forecast import CLOCK, SILENCE, forecasts, run

MOST_TEMPO_CHANGE = 0.01
"""Of the tempo, from one hop to the next."""
SILENCE_HOP = ClockInput((), SILENCE)


def jumps_unseen(clocks: list[BarClock]) -> list[float]:
    """Where the clock moves, in one epoch, by more than it may: the times."""
    out = []
    for before, clock in pairwise(clocks):
        if before.epoch != clock.epoch:
            continue
        step = before.tempo_bpm / 60 / 30
        moved = clock.beats_at(clock.time_s) - before.beats_at(before.time_s)
        slewed = abs(moved / step - 1) <= SLEW + 1e-6
        steady = abs(clock.tempo_bpm / before.tempo_bpm - 1) <= MOST_TEMPO_CHANGE
        if not (slewed and steady and clock.beats_per_bar == before.beats_per_bar):
            out.append(clock.time_s)
    return out


def unruly(seed: int, seconds: float = 60.0) -> list[ClockInput]:
    """Forecasts of a tracker that changes its mind about everything, with pauses."""
    rng = np.random.default_rng(seed)
    out: list[ClockInput] = []
    bpm = 120.0
    while len(out) < seconds * 30:
        now_s, lasts_s = len(out) / 30, float(rng.choice([0.1, 0.5, 2.0, 5.0]))
        bpm = float(np.clip(bpm * rng.choice([1, 1, 1.01, 1.05, 0.93, 2, 0.5, 1.5]), 55, 215))
        sure, phase = float(rng.uniform(0, 1)), float(rng.choice([0, 0, 0.04, 0.12, 0.3, 0.5]))
        metre = int(rng.choice([4, 4, 4, 3]))
        part = forecasts(bpm, lasts_s, from_s=now_s, sure=sure, phase=phase, bar=int(rng.integers(4)), metre=metre)
        out += [SILENCE_HOP] * len(part) if rng.random() < 0.1 else part
    return out


@pytest.mark.parametrize("seed", range(8))
def test_between_epochs_it_never_moves_by_more_than_it_slews(seed: int) -> None:
    clocks, _ = run(unruly(seed))
    assert jumps_unseen(clocks) == []
    assert clocks[-1].epoch > 1, "nothing that was to be followed"


def break_after(
    seconds: float, bpm: float = 120.0, phase: float = 0.0
) -> tuple[list[BarClock], MusicalState, MusicalState]:
    """A lock at 120 bpm, and then unsure forecasts: the clocks of these, and the states before and after."""
    _, state = run(forecasts(120, 8.0))
    clocks, after = run(forecasts(bpm, seconds, from_s=8.0, sure=0.2, phase=phase), state)
    return clocks, state, after


def test_where_the_music_breaks_down_it_holds_and_runs_on_by_itself() -> None:
    clocks, before, after = break_after(20.0)
    assert {clock.state for clock in clocks[60:]} == {"holding"}
    assert {clock.epoch for clock in clocks} == {before.epoch}
    held = clocks[60:]
    assert {clock.tempo_bpm for clock in held} == {held[0].tempo_bpm}
    np.testing.assert_allclose(np.diff([clock.bars for clock in held]), held[0].tempo_bpm / 60 / 30 / 4, rtol=1e-9)
    back, _ = run(forecasts(120, 2.0, from_s=28.0), after)
    assert back[29].state == "locked"
    assert {clock.epoch for clock in back} == {before.epoch}


def test_unsure_and_elsewhere_for_long_it_is_lost_and_found_again() -> None:
    clocks, _, after = break_after(12.0, 97, 0.3)
    assert next(clock.state for clock in clocks if clock.state != "locked") == "holding"
    assert clocks[-1].state == "lost"
    assert clocks[-1].confidence < 0.3
    found, _ = run(forecasts(97, 1.0, from_s=20.0, phase=0.3), after)
    assert found[-1].state == "locked"
    assert found[-1].tempo_bpm == pytest.approx(97, rel=0.01)


def test_in_silence_it_holds_for_as_long_as_it_lasts() -> None:
    _, state = run(forecasts(120, 8.0))
    clocks, after = run([SILENCE_HOP] * 30 * 60, state)
    assert {clock.state for clock in clocks} == {"holding"}
    assert clocks[-1].confidence < 0.2
    back, _ = run(forecasts(120, 0.2, from_s=68.0), after)
    assert back[0].state == "locked"


def test_sound_without_a_beat_after_a_pause_is_not_the_music_coming_back() -> None:
    _, state = run(forecasts(120, 8.0))
    _, state = run([SILENCE_HOP] * 120, state)
    clocks, _ = run(forecasts(120, 3.0, from_s=12.0, sure=0.25), state)
    assert {clock.state for clock in clocks} == {"holding"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("around", [0.3, 0.35, 0.4])
def test_the_state_does_not_flap_where_forecasts_are_barely_sure(seed: int, around: float) -> None:
    rng = np.random.default_rng(seed)
    _, state = run(forecasts(120, 8.0))
    clocks: list[BarClock] = []
    for hop in range(30 * 30):
        sure = float(np.clip(around + 0.15 * rng.standard_normal(), 0, 1))
        said, state = run(forecasts(120, 1 / 30, from_s=8 + hop / 30, sure=sure), state)
        clocks += said
    assert sum(before.state != clock.state for before, clock in pairwise(clocks)) <= 6


@pytest.mark.parametrize("each_s", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("other", [0.5, 2.0])
def test_a_tracker_that_cannot_choose_an_octave_does_not_take_the_clock_with_it(other: float, each_s: float) -> None:
    _, state = run(forecasts(100, 8.0))
    tempi = []
    for turn in range(round(20 / each_s)):
        bpm = 100 * (other if turn % 2 == 0 else 1.0)
        clocks, state = run(forecasts(bpm, each_s, from_s=8 + turn * each_s), state)
        tempi += [clock.tempo_bpm for clock in clocks]
    flips = sum(abs(np.log2(after / before)) > 0.5 for before, after in pairwise(tempi))
    assert flips == 0


def test_an_octave_that_the_tracker_keeps_to_is_taken() -> None:
    _, state = run(forecasts(80, 8.0))
    clocks, _ = run(forecasts(160, 3.0, from_s=8.0), state)
    assert clocks[-1].tempo_bpm == pytest.approx(160, rel=0.01)
    assert clocks[-1].epoch > state.epoch


def test_where_beats_are_forecast_the_old_vote_on_the_bar_is_not_taken() -> None:
    _, state = run(forecasts(120, 8.0))
    _, paused = run([SILENCE_HOP] * 30, state)
    assert paused.vote.history == state.vote.history == ()
    assert paused.vote.beats == 0


def test_left_to_the_audio_again_nothing_moves_until_it_is_heard() -> None:
    _, state = run(forecasts(120, 8.0))
    told = state
    for command in (Command("metre", 3), Command("resync"), Command("lock", True), Command("bpm", 97)):
        told = CLOCK.command(command, 7.8, told)
    freed = CLOCK.command(Command("follow"), 8.0, told)
    assert (freed.bars, freed.epoch, freed.clock.tempo_bpm) == (told.bars, told.epoch, told.clock.tempo_bpm)
    _, after = run(forecasts(120, 8.0, from_s=8.0), freed)
    assert not after.clock.held
    assert after.clock.beats_per_bar == 4
    assert after.clock.tempo_bpm == pytest.approx(120, rel=0.01)
    assert round(after.clock.beats_at(15.5)) % 4 == 31 % 4


@pytest.mark.parametrize(
    ("low", "high", "bpm"), [(55, 70, 60), (110, 130, 120), (220, 260, 240), (130, 140, 120), (30, 300, 120)]
)
def test_a_range_of_tempi_acts_at_once_and_keeps_the_bar_line(low: float, high: float, bpm: float) -> None:
    _, state = run(forecasts(120, 8.0))
    told = CLOCK.command(Command("bpm_high", high), 8.0, CLOCK.command(Command("bpm_low", low), 8.0, state))
    assert told.tempo_range == TempoRange(low, high)
    assert told.clock.tempo_bpm == pytest.approx(bpm, rel=0.01)
    line_s = state.clock.time_of(np.floor(state.bars))
    assert told.clock.bars_at(line_s) == pytest.approx(round(told.clock.bars_at(line_s)), abs=1e-6)


def test_a_range_does_not_move_a_tempo_that_is_held() -> None:
    held = MusicalClock().command(Command("lock", True), 8.0, run(forecasts(120, 8.0))[1])
    assert CLOCK.command(Command("bpm_high", 70.0), 8.0, held).clock.tempo_bpm == held.clock.tempo_bpm
