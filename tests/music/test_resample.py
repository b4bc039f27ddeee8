import numpy as np
import pytest

from megadance_live.core.errors import AudioSourceError
from megadance_live.music.resample import Resampler, to_mono
from tests.contract import run, verify_contract

RATES = [4_000, 8_000, 11_025, 15_360, 22_050, 44_100, 44_101, 48_000, 96_000, 192_000]


def resample(samples: np.ndarray, rate_hz: int) -> np.ndarray:
    stage = Resampler(rate_hz)
    hops, _ = run(stage, samples, stage.initial_state())
    return np.concatenate(hops)


@pytest.mark.parametrize("rate_hz", [11_025, 44_100, 48_000])
def test_contract(rate_hz: int) -> None:
    def noise(seed: int) -> np.ndarray:
        return np.random.default_rng(seed).standard_normal((rate_hz // 2, 2)).astype(np.float32)

    verify_contract(Resampler(rate_hz), noise)


@pytest.mark.parametrize("rate_hz", RATES)
def test_a_tone_keeps_its_pitch_level_and_time(rate_hz: int) -> None:
    tone_hz = 700.0
    stage = Resampler(rate_hz)
    t = np.arange(rate_hz) / rate_hz
    out = resample(np.sin(2 * np.pi * tone_hz * t).astype(np.float32)[:, None], rate_hz)
    heard_at = np.arange(len(out)) / 15_360 - stage.spec.latency_s
    expected = np.sin(2 * np.pi * tone_hz * heard_at)
    assert len(out) >= 15_360 - 512
    np.testing.assert_allclose(out[2000:], expected[2000:], atol=2e-3)


@pytest.mark.parametrize("rate_hz", [44_100, 48_000, 96_000])
def test_what_lies_above_the_new_range_is_removed(rate_hz: int) -> None:
    t = np.arange(rate_hz // 2) / rate_hz
    for tone_hz in (9_000, 12_000, 15_360, 19_000):
        out = resample(np.sin(2 * np.pi * tone_hz * t).astype(np.float32)[:, None], rate_hz)
        assert np.abs(out[1000:]).max() < 10 ** (-60 / 20)


def test_no_output_sample_needs_input_from_after_its_time() -> None:
    for rate_hz in (44_100, 48_000):
        stage = Resampler(rate_hz)
        needed = -(-rate_hz // 30)
        hops, _ = stage.step(np.ones((needed, 1), np.float32), stage.initial_state())
        assert len(hops) == 1


def test_channels_are_averaged() -> None:
    samples = np.array([[1.0, 0.0, 0.5], [0.0, 0.0, 3.0]], np.float32)
    np.testing.assert_allclose(to_mono(samples), [0.5, 1.0])
    np.testing.assert_allclose(to_mono(samples[:, 0]), [1.0, 0.0])


def test_broken_samples_count_as_nothing() -> None:
    samples = np.array([[np.nan], [np.inf], [-np.inf], [1e30], [0.25]], np.float32)
    np.testing.assert_allclose(to_mono(samples), [0, 0, 0, 16, 0.25])


def test_hours_of_stream_lose_no_precision() -> None:
    stage = Resampler(44_100)
    start = stage.initial_state()
    hops = 30 * 3600 * 12  # half a day, a whole number of seconds
    late = type(start)(start.tail, start.tail_index + hops // 30 * 44_100, hops)
    noise = np.random.default_rng(0).standard_normal((44_100, 1)).astype(np.float32)
    early_out, _ = stage.step(noise, start)
    late_out, _ = stage.step(noise, late)
    np.testing.assert_array_equal(early_out, late_out)


@pytest.mark.parametrize("rate_hz", [0, -48_000, 10_000_000])
def test_an_impossible_rate_is_refused(rate_hz: int) -> None:
    with pytest.raises(AudioSourceError, match="not supported"):
        Resampler(rate_hz)
