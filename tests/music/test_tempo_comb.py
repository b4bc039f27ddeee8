import numpy as np
import pytest

from megadance_live.music.tempo_comb import FRAMES, TempoComb

BPM = np.geomspace(55, 215, 90)


def onsets(bpm: float, seconds: float) -> np.ndarray:
    frames_s = np.arange(round(seconds * 60)) / 60
    phase = (frames_s * bpm / 60 + 0.5) % 1 - 0.5
    return 0.2 + np.exp(-0.5 * (phase * 60 / bpm / 0.02) ** 2)


@pytest.mark.parametrize("bpm", [70, 100, 128, 172])
def test_the_true_tempo_is_among_the_likely_ones(bpm: float) -> None:
    comb = TempoComb(60 / BPM)
    likelihood = comb.likelihood(comb.heard(onsets(bpm, 10), comb.initial_state()))
    at = int(np.argmin(np.abs(BPM - bpm)))
    assert likelihood[at] > 0.8
    assert likelihood[np.abs(np.log2(BPM / bpm) - 0.2).argmin()] < 0.5
    assert likelihood.max() == pytest.approx(1)


def test_nothing_is_said_before_there_is_enough_to_go_by_nor_of_what_never_changes() -> None:
    comb = TempoComb(60 / BPM)
    assert (comb.likelihood(comb.heard(onsets(120, 0.9), comb.initial_state())) == 1).all()
    assert (comb.likelihood(comb.heard(np.zeros(600), comb.initial_state())) == 1).all()


def test_it_remembers_eight_seconds_however_they_came() -> None:
    comb = TempoComb(60 / BPM)
    music = np.random.default_rng(0).uniform(0, 2, 1_000)
    whole = comb.heard(music, comb.initial_state())
    pieces = comb.initial_state()
    for start in range(0, 1_000, 2):
        pieces = comb.heard(music[start : start + 2], pieces)
    assert len(whole.onsets) == FRAMES
    assert np.array_equal(whole.onsets, pieces.onsets)
