import numpy as np
import pytest

from megadance_live.music import beat_evidence
from megadance_live.music.beat_evidence import no_onsets, onsets
from megadance_live.music.beat_spectrum import BANDS, INPUTS


def inputs(rises: np.ndarray, levels: float = 3.0) -> np.ndarray:
    out = np.zeros((len(rises), INPUTS), np.float32)
    out[:, :BANDS] = levels
    out[:, BANDS:] = rises[:, None]
    return out


def test_onsets_are_relative_to_their_running_mean() -> None:
    rises = np.tile([0.0, 0.0, 0.0, 1.0], 100)
    quiet, _ = onsets(inputs(0.1 * rises), no_onsets())
    loud, _ = onsets(inputs(rises), no_onsets())
    assert np.allclose(quiet.strengths[50:], loud.strengths[50:], rtol=1e-4)
    assert loud.strengths[-1, 0] == pytest.approx(4, rel=0.05)


def test_the_state_carries_on_where_it_was() -> None:
    music = inputs(np.random.default_rng(0).uniform(0, 1, 400))
    whole, _ = onsets(music, no_onsets())
    first, state = onsets(music[:150], no_onsets())
    second, _ = onsets(music[150:], state)
    assert np.array_equal(whole.strengths, np.concatenate([first.strengths, second.strengths]))


def test_an_onset_speaks_for_a_beat_and_its_absence_against_one() -> None:
    heard, _ = onsets(inputs(np.tile([0.0, 0.0, 0.0, 1.0], 100)), no_onsets())
    ratios = beat_evidence.onset_ratios(heard)
    assert ratios[-1] > 1
    assert ratios[-2] < 1


def test_silence_says_nothing() -> None:
    heard, state = onsets(np.zeros((60, INPUTS), np.float32), no_onsets())
    assert (beat_evidence.onset_ratios(heard) == 1).all()
    assert (beat_evidence.net_ratios(np.zeros(60, np.float32), heard) == 1).all()
    assert state.heard == 0


def test_the_network_speaks_by_its_probability_within_bounds() -> None:
    heard, _ = onsets(inputs(np.ones(4)), no_onsets())
    none, unsure, likely, sure = beat_evidence.net_ratios(np.array([0, 0.0741, 0.5, 1], np.float32), heard)
    assert none == pytest.approx(beat_evidence.NET_LEAST**beat_evidence.NET_POWER)
    assert unsure == pytest.approx(1, abs=0.02)
    assert 1 < likely < sure == pytest.approx(beat_evidence.NET_MOST**beat_evidence.NET_POWER)
