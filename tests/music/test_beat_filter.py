import numpy as np
import pytest

from megadance_live.music.beat_filter import BeatFilter, FilterState

DELAY_S = 0.05


@pytest.fixture(scope="module")
def tables() -> BeatFilter:
    return BeatFilter((DELAY_S,))


def heard(
    tables: BeatFilter, beats_s: np.ndarray, seconds: float, state: FilterState | None = None, from_s: float = 0.0
) -> FilterState:
    """Clear evidence of each beat, its delay after it."""
    state = state or tables.initial_state()
    frames_s = from_s + (1 + np.arange(round(seconds * 60))) / 60
    away_s = np.abs(frames_s[:, None] - DELAY_S - beats_s).min(axis=1)
    for pair in (0.3 + 8 * np.exp(-0.5 * (away_s / 0.02) ** 2)).reshape(-1, 2, 1):
        state = tables.heard(pair, state)
    return state


@pytest.mark.parametrize("bpm", [62, 93.3, 128, 174, 205])
def test_the_next_beat_is_known_to_a_few_milliseconds(tables: BeatFilter, bpm: float) -> None:
    beats_s = np.arange(0.2, 30, 60 / bpm)
    state = heard(tables, beats_s, 12.0)
    following = tables.next_beat(state)
    assert np.abs(12.0 + following.in_s - beats_s).min() < 0.012
    assert 60 / following.period_s == pytest.approx(bpm, rel=0.01)
    assert following.weight > 0.7


def test_weights_are_a_distribution_and_the_state_given_stays(tables: BeatFilter) -> None:
    state = tables.initial_state()
    before = state.weights.copy()
    after = heard(tables, np.arange(0.2, 5, 0.5), 4.0, state)
    assert after.weights.sum() == pytest.approx(1)
    assert (after.weights >= 0).all()
    assert np.array_equal(before, state.weights)


def test_waiting_keeps_every_grid_where_it_is(tables: BeatFilter) -> None:
    beats_s = np.arange(0.2, 30, 0.5)
    state = tables.waited(round(4.3 * 60), heard(tables, beats_s, 8.0))
    following = tables.next_beat(state)
    assert np.abs(12.3 + following.in_s - beats_s).min() < 0.06


def test_another_tempo_is_found_within_seconds(tables: BeatFilter) -> None:
    state = heard(tables, np.arange(0.2, 9, 60 / 128), 9.0)
    state = heard(tables, np.arange(9.1, 30, 60 / 100), 5.0, state, from_s=9.0)
    assert 60 / tables.next_beat(state).period_s == pytest.approx(100, rel=0.02)


def test_a_beat_just_passed_is_still_the_next_until_it_has_been_counted(tables: BeatFilter) -> None:
    beats_s = np.arange(0.2, 30, 0.5)
    state = heard(tables, beats_s, 10 + 7 / 30)
    assert tables.next_beat(state, after_s=-0.05).in_s == pytest.approx(-1 / 30, abs=0.012)
    assert tables.next_beat(state, after_s=0.2).in_s == pytest.approx(0.5 - 1 / 30, abs=0.012)


def test_one_tap_says_on_which_half_the_beat_is(tables: BeatFilter) -> None:
    fresh = tables.tempo_is(tables.around(120, 0.02), tables.initial_state())
    for in_s in (-0.1, 0.13):
        following = tables.next_beat(tables.beat_at(in_s, 30.0, 0.02, fresh))
        assert following.in_s % 0.5 == pytest.approx(in_s % 0.5, abs=0.02)


def test_double_and_half_keep_the_beat(tables: BeatFilter) -> None:
    beats_s = np.arange(0.2, 30, 60 / 100)
    state = heard(tables, beats_s, 9.0)
    doubled = tables.tempo_times(2, state)
    following = tables.next_beat(doubled)
    assert 60 / following.period_s == pytest.approx(200, rel=0.02)
    assert np.abs(9.0 + following.in_s - np.arange(0.2, 30, 0.3)).min() < 0.03
    halved = tables.next_beat(tables.tempo_times(0.5, doubled))
    assert 60 / halved.period_s == pytest.approx(100, rel=0.03)
    assert doubled.weights.sum() == pytest.approx(1)


def test_a_tempo_out_of_reach_changes_nothing(tables: BeatFilter) -> None:
    state = tables.tempo_is(tables.around(200, 0.02), tables.initial_state())
    assert 60 / tables.next_beat(tables.tempo_times(2, state)).period_s < 215


def test_doubt_lets_part_begin_anew(tables: BeatFilter) -> None:
    state = heard(tables, np.arange(0.2, 9, 0.5), 9.0)
    assert tables.next_beat(tables.doubted(0.5, state)).weight == pytest.approx(
        0.5 * tables.next_beat(state).weight, abs=0.1
    )
