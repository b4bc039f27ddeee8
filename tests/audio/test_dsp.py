"""The signal tools do what their names say."""

import numpy as np
import pytest

from megadance_live.audio import dsp

RATE_HZ = 16_000


@pytest.mark.parametrize(("n", "m"), [(1, 1), (100, 7), (40_000, 511), (3_000, 9_000)])
def test_convolve_equals_direct_convolution(n: int, m: int) -> None:
    x, h = dsp.noise(n, 1), np.stack([dsp.noise(m, 2), dsp.noise(m, 3)])
    y = dsp.convolve(x, h)
    assert y.dtype == np.float32
    assert y.shape == (2, n + m - 1)
    for row, response in zip(y, h, strict=True):
        np.testing.assert_allclose(row, np.convolve(x, response), atol=2e-3)


def test_decay_falls_by_sixty_decibels() -> None:
    envelope = dsp.decay(np.array([0.0, 0.7], np.float32), 0.7)
    assert envelope[0] == 1
    assert 20 * np.log10(envelope[1]) == pytest.approx(-60, abs=0.1)


def test_band_keeps_what_is_inside_and_removes_what_is_outside() -> None:
    t = dsp.times_s(0.5, RATE_HZ)
    inside, outside = np.sin(2 * np.pi * 1_000 * t), np.sin(2 * np.pi * 100 * t)
    assert np.std(dsp.band(inside, RATE_HZ, 400, 3_000)) > 0.9 * np.std(inside)
    assert np.std(dsp.band(outside, RATE_HZ, 400, 3_000)) < 0.02


def test_swept_lowpass_opens_up() -> None:
    x = dsp.noise(2 * RATE_HZ, 4)
    y = dsp.swept_lowpass(x, RATE_HZ, 200, 8_000)
    assert y.shape == x.shape
    powers = [np.std(part) for part in np.split(y, 4)]
    assert powers == sorted(powers)
    assert powers[0] < 0.4


def test_swept_lowpass_far_above_the_signal_changes_nothing() -> None:
    x = np.sin(2 * np.pi * 200 * dsp.times_s(0.7, RATE_HZ))
    np.testing.assert_allclose(dsp.swept_lowpass(x, RATE_HZ, 20_000, 20_000), x, atol=1e-3)


def test_fade_ends_brings_both_ends_to_zero() -> None:
    faded = dsp.fade_ends(np.ones(1_000, np.float32), RATE_HZ)
    assert faded[0] == 0
    assert faded[-1] == 0
    assert faded[500] == 1
