"""What the performer says, as evidence in the states of the tracker that forecasts."""

import numpy as np
import pytest

from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.music import beat_bars
from megadance_live.music.forecasting_tracker import ForecastingTracker, ForecastState
from megadance_live.music.tracker import Beat, HeardHop
from tests.contract import same_bits
from tests.music.bass_ears import BassEars
from tests.music.rendering import drums
from tests.music.test_forecasting_tracker import heard

BPM = 120.0


@pytest.fixture(scope="module")
def tracker() -> ForecastingTracker:
    return ForecastingTracker(BassEars())  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def music() -> list[HeardHop]:
    return heard(drums(BPM, 15, 15_360, first_s=0.5))


@pytest.fixture(scope="module")
def settled(tracker: ForecastingTracker, music: list[HeardHop]) -> ForecastState:
    """After nine seconds."""
    return tracker.step(music[:270], tracker.initial_state())[1]


def told(
    tracker: ForecastingTracker, state: ForecastState, name: CommandName, value: CommandValue = None, at_s: float = 9.0
) -> ForecastState:
    return tracker.command(Command(name, value), at_s, state)


def last(tracker: ForecastingTracker, music: list[HeardHop], state: ForecastState) -> Beat:
    said, _ = tracker.step(music, state)
    return said[-1][0]


def off_the_grid_s(beat: Beat, period_s: float = 60 / BPM) -> float:
    """How late, against beats at whole multiples of the period."""
    return (beat.time_s + period_s / 2) % period_s - period_s / 2


@pytest.mark.parametrize("ms", [10.0, -40.0, 150.0])
def test_a_nudge_shifts_every_forecast_for_good(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState, ms: float
) -> None:
    plain = tracker.step(music[270:450], settled)[0]
    nudged = tracker.step(music[270:450], told(tracker, settled, "nudge", ms))[0]
    late_s = [after[0].time_s - before[0].time_s for before, after in zip(plain, nudged, strict=True)]
    assert late_s == pytest.approx([ms / 1000] * len(late_s))


def test_a_tap_on_a_nudged_beat_moves_nothing(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState
) -> None:
    state = told(tracker, settled, "nudge", 100.0)
    for tap_s in (7.6, 8.1, 8.6):
        state = told(tracker, state, "tap", at_s=tap_s)
    assert off_the_grid_s(last(tracker, music[270:272], state)) == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("metre", [2, 3, 5, 8, 12])
def test_a_metre_is_the_only_one_until_it_is_left_to_the_audio(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState, metre: int
) -> None:
    said, state = tracker.step(music[270:390], told(tracker, settled, "metre", metre))
    assert {beats[0].bar.metre for beats in said if beats[0].bar} == {metre}
    assert state.bars.weights.sum() == pytest.approx(1)
    freed = told(tracker, state, "follow")
    assert freed.bars.metres == beat_bars.METRES
    bar = last(tracker, music[390:450], freed).bar
    assert bar is not None
    assert bar.metre == 4


@pytest.mark.parametrize("beats_ago", [0, 1, 2])
def test_resync_makes_that_beat_the_first_of_its_bar(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState, beats_ago: int
) -> None:
    (before,), state = tracker.step(music[270:271], settled)
    following = before[0]
    at_s = following.time_s - (1 + beats_ago) * following.period_s + 0.02
    (after,), _ = tracker.step(music[271:272], told(tracker, state, "resync", at_s=at_s))
    number = round((after[0].time_s - at_s) / following.period_s)
    assert after[0].bar is not None
    assert after[0].bar.number == number % 4
    assert after[0].bar.confidence > 0.9


def test_while_it_is_locked_the_tempo_keeps_its_weight_whatever_is_heard(
    tracker: ForecastingTracker, settled: ForecastState
) -> None:
    other = heard(drums(150, 12, 15_360))
    held = told(tracker, settled, "lock", True)
    before = held.filter.weights.sum(axis=1)
    said, state = tracker.step(other, held)
    assert 60 / said[-1][0].period_s == pytest.approx(BPM, rel=0.02)
    np.testing.assert_allclose(state.filter.weights.sum(axis=1), before, atol=1e-4)
    assert 60 / last(tracker, other, told(tracker, state, "lock", False)).period_s == pytest.approx(150, rel=0.02)


def test_a_tempo_that_is_typed_while_it_is_locked_is_held(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState
) -> None:
    state = told(tracker, told(tracker, settled, "lock", True), "bpm", 100.0)
    assert 60 / last(tracker, music[270:330], state).period_s == pytest.approx(100, rel=0.03)


@pytest.mark.parametrize(("low", "high", "danced"), [(55.0, 80.0, 60), (90.0, 150.0, 120), (200.0, 215.0, 0)])
def test_a_range_fixes_the_octave_at_once_and_for_good(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState, low: float, high: float, danced: float
) -> None:
    state = told(tracker, told(tracker, settled, "bpm_low", low), "bpm_high", high)
    said, _ = tracker.step(music[270:450], state)
    tempi = np.array([60 / beats[0].period_s for beats in said])
    assert (tempi > 0.97 * low).all()
    assert (tempi < 1.03 * high).all()
    if danced:
        assert np.mean(np.abs(tempi / danced - 1) < 0.03) > 0.95
        assert off_the_grid_s(said[0][0]) == pytest.approx(0, abs=0.03)


def test_a_range_of_all_tempi_is_as_if_none_had_been_set(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState
) -> None:
    narrow = told(tracker, told(tracker, settled, "bpm_low", 110.0), "bpm_high", 130.0)
    wide = told(tracker, told(tracker, narrow, "bpm_low", 30.0), "bpm_high", 300.0)
    assert same_bits(wide.advice, settled.advice)
    assert same_bits(wide.filter.tempo_prior, settled.filter.tempo_prior)


def test_half_the_tempo_takes_the_range_along(
    tracker: ForecastingTracker, music: list[HeardHop], settled: ForecastState
) -> None:
    narrow = told(tracker, told(tracker, settled, "bpm_low", 110.0), "bpm_high", 130.0)
    halved = told(tracker, narrow, "bpm_mul", 0.5)
    assert (halved.advice.tempo_range.low_bpm, halved.advice.tempo_range.high_bpm) == (55, 65)
    assert 60 / last(tracker, music[270:450], halved).period_s == pytest.approx(60, rel=0.03)
    again = told(tracker, halved, "bpm_mul", 2.0)
    assert 60 / last(tracker, music[270:272], again).period_s == pytest.approx(120, rel=0.03)


@pytest.mark.parametrize(
    ("name", "value"),
    [("nudge", 10.0), ("metre", 3), ("lock", True), ("bpm_low", 100.0), ("follow", None), ("tap", None)],
)
def test_the_state_given_is_never_changed(
    tracker: ForecastingTracker, settled: ForecastState, name: CommandName, value: CommandValue
) -> None:
    weights, bars = settled.filter.weights.copy(), settled.bars.weights.copy()
    told(tracker, settled, name, value)
    assert np.array_equal(settled.filter.weights, weights)
    assert np.array_equal(settled.bars.weights, bars)
