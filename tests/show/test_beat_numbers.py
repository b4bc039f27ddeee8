from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.show.beat_numbers import PULSE_S, BeatCounter, BeatNumbers

CLOCK = BarClock(time_s=100.0, bars=8.0, tempo_bpm=120.0)  # a beat of 0.5 s


def read(clock: BarClock, times_s: np.ndarray, counter: BeatCounter | None = None) -> list[BeatNumbers]:
    counter = counter or BeatCounter()
    return [counter.at(clock, float(t)) for t in times_s]


def test_count_bar_and_phases_run_with_the_clock() -> None:
    numbers = read(CLOCK, 100.0 + np.arange(0, 4, 0.125))
    assert [n.beat_count for n in numbers] == [i // 4 for i in range(32)]
    assert [n.bar for n in numbers] == [9] * 16 + [10] * 16
    assert [n.beat_in_bar for n in numbers] == [1 + (i // 4) % 4 for i in range(32)]
    np.testing.assert_allclose([n.beat_phase for n in numbers], [(i % 4) / 4 for i in range(32)], atol=1e-9)
    np.testing.assert_allclose([n.bar_phase for n in numbers], [(i % 16) / 16 for i in range(32)], atol=1e-9)


@pytest.mark.parametrize("rate_hz", [30, 60, 120])
def test_a_pulse_is_seen_at_every_rate_and_ends_after_at_least_60_ms(rate_hz: int) -> None:
    times_s = 100.0 + np.arange(0, 8, 1 / rate_hz)
    numbers = read(CLOCK, times_s)
    for pulse, count in (("beat_pulse", 16), ("bar_pulse", 4)):
        values = np.array([getattr(n, pulse) for n in numbers])
        rises = np.flatnonzero(np.diff(np.concatenate([[0], values])) == 1)
        falls = np.flatnonzero(np.diff(values) == -1) + 1
        assert len(rises) == count
        assert np.all(times_s[falls] - times_s[rises[: len(falls)]] >= 0.06)
        assert np.all(times_s[falls] - times_s[rises[: len(falls)]] < PULSE_S + 1 / rate_hz + 1e-6)


def test_the_pulse_rises_with_the_count() -> None:
    for before, after in pairwise(read(CLOCK, 100.0 + np.arange(0.01, 8, 1 / 60))):
        assert (after.beat_pulse > before.beat_pulse) == (after.beat_count > before.beat_count)


def test_a_clock_corrected_backwards_repeats_no_beat_and_no_phase() -> None:
    counter = BeatCounter()
    rng = np.random.default_rng(5)
    numbers = []
    for time_s in 100.0 + np.arange(0, 20, 1 / 90):
        corrected = replace(CLOCK, time_s=time_s, bars=CLOCK.bars_at(time_s) + rng.normal(0, 0.01))
        numbers.append(counter.at(corrected, time_s))
    positions = [n.beat_count + n.beat_phase for n in numbers]
    assert np.all(np.diff(positions) >= 0)
    assert numbers[-1].beat_count == pytest.approx(40, abs=1)


def test_a_moved_bar_line_is_a_new_beat() -> None:
    counter = BeatCounter()
    before = counter.at(CLOCK, 101.2)
    moved = counter.at(replace(CLOCK, time_s=101.2, bars=4.0, epoch=1), 101.2)
    assert moved.beat_count == before.beat_count + 1
    assert (moved.bar, moved.beat_in_bar, moved.beat_pulse) == (5, 1, 1)
    assert counter.at(replace(CLOCK, time_s=101.2, bars=4.0, epoch=1), 101.7).beat_count == moved.beat_count + 1


def test_another_metre_repeats_no_count() -> None:
    counter = BeatCounter()
    before = counter.at(CLOCK, 110.1)
    after = counter.at(replace(CLOCK, beats_per_bar=3), 110.2)
    assert after.beat_count == before.beat_count + 1
    assert 1 <= after.beat_in_bar <= 3


def test_a_long_silence_counts_the_beats_that_passed() -> None:
    counter = BeatCounter()
    counter.at(CLOCK, 100.0)
    assert counter.at(CLOCK, 110.0).beat_count == 20


def test_fast_beats_still_have_a_pause_between_pulses() -> None:
    numbers = read(replace(CLOCK, tempo_bpm=600.0), 100.0 + np.arange(0, 1, 0.01))
    assert {n.beat_pulse for n in numbers} == {0, 1}
