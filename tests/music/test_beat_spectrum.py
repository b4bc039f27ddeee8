import numpy as np
import pytest

from megadance_live.core.music_frame import FEATURE_RATE_HZ
from megadance_live.music.beat_spectrum import (
    BANDS,
    BEAT_FRAME_RATE_HZ,
    INPUTS,
    LONG_BANDS,
    BeatSpectrum,
    heard_bands_db,
    relative,
    silent_level,
)
from megadance_live.music.resample import Resampler
from tests.contract import verify_contract
from tests.music.rendering import at_times, click, drums


def hops_of(samples: np.ndarray) -> np.ndarray:
    stage = Resampler(FEATURE_RATE_HZ)
    return stage.step(samples, stage.initial_state())[0]


def seen(samples: np.ndarray) -> np.ndarray:
    stage = BeatSpectrum()
    return np.concatenate(stage.step(hops_of(samples), stage.initial_state())[0])


def test_contract() -> None:
    verify_contract(
        BeatSpectrum(),
        lambda seed: hops_of(drums(100 + 10 * seed, 6, FEATURE_RATE_HZ, seed=seed)),
        cuts=((1,), (2, 0, 7), (50,)),
    )


def test_many_streams_side_by_side_are_heard_as_each_alone() -> None:
    both = np.stack([heard_bands_db(hops_of(drums(bpm, 4, FEATURE_RATE_HZ, seed=bpm))) for bpm in (100, 130)])
    together, _ = relative(both, silent_level((2,)))
    for alone, row in zip(both, together, strict=True):
        np.testing.assert_allclose(relative(alone, silent_level())[0], row, atol=1e-5)


@pytest.mark.parametrize("gain_db", [-40, -24, 0])
def test_level_does_not_matter(gain_db: float) -> None:
    music = drums(124, 6, FEATURE_RATE_HZ)
    quieter = music * np.float32(10 ** (gain_db / 20))
    np.testing.assert_allclose(seen(quieter), seen(music), atol=0.02)


def test_digital_silence_is_all_zeros_and_leaves_the_level_alone() -> None:
    music = drums(124, 4, FEATURE_RATE_HZ)
    gap = np.zeros((2 * FEATURE_RATE_HZ, music.shape[1]), np.float32)
    inputs = seen(np.concatenate([gap, music, gap]))
    assert inputs.shape[1] == INPUTS
    assert not inputs[: 2 * BEAT_FRAME_RATE_HZ - 2].any()
    assert not inputs[-BEAT_FRAME_RATE_HZ:].any()
    assert np.isfinite(inputs).all()


def test_a_click_is_seen_to_rise_within_two_frames() -> None:
    samples = at_times([1.0], click(FEATURE_RATE_HZ), 2.0, FEATURE_RATE_HZ)
    rises = seen(samples)[:, BANDS:]
    onset = 1.0 * BEAT_FRAME_RATE_HZ
    first = int(np.flatnonzero(rises[:, LONG_BANDS:].max(axis=1) > 0.5)[0])
    assert onset - 1 <= first <= onset + 1


def test_a_tone_lies_in_the_band_of_its_pitch_and_moves_with_it() -> None:
    t = np.arange(FEATURE_RATE_HZ) / FEATURE_RATE_HZ
    peaks = [
        int(np.argmax(seen((0.5 * np.sin(2 * np.pi * hz * t))[:, None].astype(np.float32))[-1, :LONG_BANDS]))
        for hz in (440.0, 880.0)
    ]
    assert peaks[1] - peaks[0] == 9
