import numpy as np
import pytest

from megadance_live.core.music_frame import CHROMA, FEATURE_COUNT, LOW
from megadance_live.music import beat_bars
from megadance_live.music.beat_bars import METRES, BarState, HeardBeat

UNSURE = np.full(len(METRES), 1 / len(METRES))
HOPS = 15


def played(shares: list[float], metre: np.ndarray = UNSURE, roots: list[int] | None = None) -> BarState:
    """Beats of HOPS hops, each with the network's downbeat as a share of its beat, and a pitch that sounds."""
    state = beat_bars.no_bars()
    for number, share in enumerate(shares):
        row = np.zeros(FEATURE_COUNT, np.float32)
        row[CHROMA.start + (roots[number] if roots else 0)] = 1
        row[LOW] = 0.5
        begun = state.hop
        for _ in range(HOPS):
            state = beat_bars.heard(row, state)
        state = beat_bars.weighed(HeardBeat(begun, 0.8, 0.8 * share, metre), state.hop, state)
    return state


def bars(metre: int, count: int, first: int = 0) -> list[float]:
    """The share of the downbeat at each beat; the first beat is number `first` of its bar."""
    return [0.8 if (beat + first) % metre == 0 else 0.05 for beat in range(count)]


@pytest.mark.parametrize("first", [0, 1, 2, 3])
def test_the_bar_line_is_found_within_two_bars(first: int) -> None:
    guess = beat_bars.guess(played(bars(4, 9, first)))
    assert (guess.metre, guess.number) == (4, (9 + first) % 4)
    assert guess.confidence > 0.7


@pytest.mark.parametrize("metre", METRES)
def test_other_metres_are_found_where_they_are_clear(metre: int) -> None:
    clear = np.where(np.array(METRES) == metre, 0.9, 0.025)
    guess = beat_bars.guess(played(bars(metre, 6 * metre), clear))
    assert (guess.metre, guess.number) == (metre, 0)


def test_harmony_that_changes_with_the_bar_tells_of_it_by_itself() -> None:
    unsure = [0.25] * 31
    roots = [(7 * ((beat + 2) // 4)) % 12 for beat in range(31)]
    assert beat_bars.guess(played(unsure, roots=roots)).number == (31 + 2) % 4


def test_without_evidence_it_is_four_beats_and_unsure() -> None:
    guess = beat_bars.guess(beat_bars.no_bars())
    assert guess.metre == 4
    assert guess.confidence < 0.3


def test_a_beat_that_was_missed_is_made_good() -> None:
    assert beat_bars.guess(played(bars(4, 16) + bars(4, 15, 2))).number == (15 + 2) % 4


def test_beats_of_which_nothing_is_known_are_counted() -> None:
    assert beat_bars.guess(beat_bars.unheard(3, played(bars(4, 12)))).number == 3


def test_a_beat_longer_ago_than_is_remembered_says_nothing_of_the_bar() -> None:
    state = played(bars(4, 12))
    after = beat_bars.weighed(HeardBeat(0, 0.8, 0.8, UNSURE), state.hop, state)
    assert beat_bars.guess(after).number == 1


def test_weights_stay_a_distribution_and_memory_is_bounded() -> None:
    state = played([0.0, 1.0, 0.0, 0.0] * 60)
    assert state.weights.sum() == pytest.approx(1)
    assert (state.weights >= 0).all()
    assert len(state.history) <= beat_bars.HISTORY_HOPS
    assert len(state.harmonies) <= beat_bars.REPEAT_BEATS
