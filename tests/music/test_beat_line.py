import numpy as np
import pytest

from megadance_live.music.beat_line import FLIP_BEATS, Evidence, fit
from megadance_live.music.tracker import Beat


def beats(times_s: np.ndarray) -> tuple[Beat, ...]:
    return tuple(Beat(float(t), 0.5, 1.0) for t in times_s)


def told(*times_s: np.ndarray) -> Evidence:
    evidence = Evidence()
    for beat in beats(np.concatenate(times_s)):
        evidence = evidence.add(beat)
    return evidence


def test_a_line_needs_four_beats() -> None:
    assert fit(beats(np.arange(3) * 0.5)) is None
    line = fit(beats(np.arange(4) * 0.5))
    assert line is not None
    assert line.period_s == pytest.approx(0.5)
    assert line.quality == pytest.approx(1.0)


def test_outliers_and_gaps_do_not_bend_it() -> None:
    times_s = np.array([0, 0.5, 1.0, 1.5, 2.21, 2.5, 3.5, 4.0])
    line = fit(beats(times_s))
    assert line is not None
    assert line.period_s == pytest.approx(0.5, rel=0.01)
    assert abs(line.error_of(4.0)) < 0.02


def test_beats_at_random_make_no_good_line() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        line = fit(beats(np.cumsum(rng.uniform(0.2, 1.4, 10))))
        assert line is None or line.quality < 0.7


def test_impossible_periods_make_no_line() -> None:
    assert fit(beats(np.arange(8) * 0.05)) is None
    assert fit(beats(np.arange(8) * 5.0)) is None
    assert fit(beats(np.zeros(8))) is None


def test_a_few_strays_change_nothing() -> None:
    evidence = told(np.arange(20) * 0.5, 10.0 + 0.25 + np.arange(5) * 0.5)
    assert evidence.line is not None
    assert evidence.off == 5
    assert abs(evidence.line.error_of(5.0)) < 0.05


def test_the_off_beat_is_believed_when_it_lasts() -> None:
    evidence = told(np.arange(20) * 0.5, 10.25 + np.arange(FLIP_BEATS) * 0.5)
    assert evidence.line is not None
    assert abs(evidence.line.error_of(10.25)) < 0.05


def test_another_tempo_is_believed_sooner() -> None:
    evidence = told(np.arange(20) * 0.5, 9.9 + np.arange(8) * 0.4)
    assert evidence.line is not None
    assert evidence.line.period_s == pytest.approx(0.4, rel=0.01)


def test_of_two_grids_that_hold_all_beats_the_coarser_wins() -> None:
    evidence = told(np.arange(8) * 0.3, 2.4 + np.arange(8) * 0.6)
    assert evidence.line is not None
    assert evidence.line.period_s == pytest.approx(0.6, rel=0.01)


def test_a_ramp_is_followed_without_falling_behind() -> None:
    periods = 60 / np.linspace(110, 130, 60)
    times_s = np.cumsum(periods)
    line = told(times_s).line
    assert line is not None
    assert abs(line.error_of(float(times_s[-1]))) < 0.06
