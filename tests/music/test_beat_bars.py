import numpy as np
import pytest

from megadance_live.music import beat_bars
from megadance_live.music.beat_bars import METRES, USUAL

UNSURE = np.full(len(METRES), 1 / len(METRES))


def after(downbeats: list[float], metre: np.ndarray = UNSURE) -> np.ndarray:
    weights = beat_bars.no_bars()
    for downbeat in downbeats:
        weights = beat_bars.after_beat(weights, 0.8, 0.8 * downbeat, metre)
    return weights


def bars(metre: int, count: int, first: int = 0) -> list[float]:
    """The share of the downbeat at each beat; the first beat is number `first` of its bar."""
    return [0.7 if (beat + first) % metre == 0 else 0.1 for beat in range(count)]


@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_the_bar_line_is_found_within_two_bars(first: int) -> None:
    guess = beat_bars.guess(after(bars(4, 9, first)))
    assert (guess.metre, guess.number) == (4, (9 + first) % 4)
    assert guess.confidence > 0.7


@pytest.mark.parametrize("metre", METRES)
def test_other_metres_are_found_where_they_are_clear(metre: int) -> None:
    clear = np.where(np.array(METRES) == metre, 0.9, 0.025)
    guess = beat_bars.guess(after(bars(metre, 6 * metre), clear))
    assert (guess.metre, guess.number) == (metre, 0)


def test_without_evidence_it_is_four_beats_and_unsure() -> None:
    weights = beat_bars.no_bars()
    assert weights.sum() == pytest.approx(1)
    guess = beat_bars.guess(weights)
    assert guess.metre == 4
    assert guess.confidence < 0.3


def test_a_beat_that_was_missed_is_made_good() -> None:
    weights = after(bars(4, 16) + bars(4, 15, 2))
    assert beat_bars.guess(weights).number == (15 + 2) % 4


def test_beats_of_which_nothing_is_known_are_counted() -> None:
    weights = after(bars(4, 12))
    for _ in range(3):
        weights = beat_bars.after_unheard_beat(weights)
    assert beat_bars.guess(weights).number == 3


def test_weights_stay_a_distribution() -> None:
    weights = after([0.0, 1.0, 0.0, 0.0] * 200, USUAL)
    assert weights.sum() == pytest.approx(1)
    assert (weights >= 0).all()
