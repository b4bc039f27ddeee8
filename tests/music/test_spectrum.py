import numpy as np
import pytest

from megadance_live.music import spectrum


def test_the_mel_scale_is_slaneys_and_invertible() -> None:
    # Published points of the Auditory Toolbox scale: 1 kHz is mel 15, 6.4 kHz is 27 further.
    np.testing.assert_allclose(spectrum.hz_to_mel([0, 200, 1000, 6400]), [0, 3, 15, 42])
    hz = np.linspace(0, 7680, 50)
    np.testing.assert_allclose(spectrum.mel_to_hz(spectrum.hz_to_mel(hz)), hz, atol=1e-9)


def test_every_mel_band_hears_something_and_all_have_one_area() -> None:
    filters = spectrum.mel_filters(15_360, 2048, 128)
    assert filters.shape == (128, 1025)
    assert (filters > 0).any(axis=1).all()
    areas = filters.sum(axis=1) * 7.5
    np.testing.assert_allclose(areas[40:], 1.0, rtol=0.05)


def test_the_dct_is_orthonormal() -> None:
    dct = spectrum.dct_matrix(128, 20).astype(np.float64)
    np.testing.assert_allclose(dct @ dct.T, np.eye(20), atol=1e-6)


@pytest.mark.parametrize("note", [36, 45, 47, 48, 57, 60, 69, 84, 95, 107])
def test_a_note_lands_in_its_pitch_class(note: int) -> None:
    size, low, high = next(w for w in ((16384, 36, 48), (8192, 48, 60), (4096, 60, 108)) if w[1] <= note < w[2])
    tone = np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * np.arange(size) / 15_360)
    magnitude = np.abs(np.fft.rfft(tone * spectrum.periodic_hann(size)))
    chroma = spectrum.chroma_filters(15_360, size, low, high) @ magnitude
    assert np.argmax(chroma) == note % 12
    assert np.sort(chroma)[-2] < 0.5 * chroma.max()


def test_a_sine_of_amplitude_one_peaks_at_one() -> None:
    tone = np.cos(2 * np.pi * 100 * np.arange(2048) / 2048)
    assert np.abs(np.fft.rfft(tone * spectrum.periodic_hann(2048))).max() == pytest.approx(1.0, abs=1e-5)
