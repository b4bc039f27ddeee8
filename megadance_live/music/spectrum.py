"""Matrices from spectra to mel bands, cepstra and pitch classes, built from their formulas."""

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]


def hz_to_mel(hz: npt.ArrayLike) -> F64:
    """Slaney's scale (Auditory Toolbox, 1998): linear to 1 kHz, logarithmic above."""
    f = np.asarray(hz, np.float64)
    mel: F64 = np.where(f < 1000.0, f * 3 / 200, 15 + 27 * np.log(np.maximum(f, 1000.0) / 1000) / np.log(6.4))
    return mel


def mel_to_hz(mel: npt.ArrayLike) -> F64:
    """The inverse of `hz_to_mel`."""
    m = np.asarray(mel, np.float64)
    hz: F64 = np.where(m < 15.0, m * 200 / 3, 1000 * np.exp((np.maximum(m, 15.0) - 15) * np.log(6.4) / 27))
    return hz


def mel_filters(rate_hz: int, n_fft: int, bands: int) -> F32:
    """[bands, n_fft / 2 + 1] triangles of equal area on Slaney's scale, from 0 Hz to the Nyquist frequency."""
    bins_hz = np.arange(n_fft // 2 + 1) * rate_hz / n_fft
    edges_hz = mel_to_hz(np.linspace(0.0, float(hz_to_mel(rate_hz / 2)), bands + 2))
    low, centre, high = edges_hz[:-2, None], edges_hz[1:-1, None], edges_hz[2:, None]
    rising = (bins_hz - low) / (centre - low)
    falling = (high - bins_hz) / (high - centre)
    area = 2.0 / (high - low)
    filters: F32 = (np.maximum(0.0, np.minimum(rising, falling)) * area).astype(np.float32)
    return filters


def dct_matrix(size: int, count: int) -> F32:
    """[count, size] the first rows of the orthonormal DCT-II."""
    k, n = np.arange(count)[:, None], np.arange(size)[None, :]
    rows = np.sqrt(2.0 / size) * np.cos(np.pi * k * (2 * n + 1) / (2 * size))
    rows[0] /= np.sqrt(2.0)
    dct: F32 = rows.astype(np.float32)
    return dct


def band_filters(rate_hz: int, n_fft: int, edges_hz: tuple[float, ...]) -> F32:
    """[len(edges) - 1, n_fft / 2 + 1] one where a bin lies in a band."""
    bins_hz = np.arange(n_fft // 2 + 1) * rate_hz / n_fft
    edges = np.array(edges_hz)
    inside = (bins_hz >= edges[:-1, None]) & (bins_hz < edges[1:, None])
    filters: F32 = inside.astype(np.float32)
    return filters


def chroma_filters(rate_hz: int, n_fft: int, low_midi: int, high_midi: int) -> F32:
    """[12, n_fft / 2 + 1] from a magnitude spectrum to pitch classes (C first, A = 440 Hz), for the notes
    low_midi <= note < high_midi: a Gaussian of a third of a semitone about each note, each note of equal weight."""
    filters = np.zeros((12, n_fft // 2 + 1))
    bins_hz = np.maximum(np.arange(n_fft // 2 + 1) * rate_hz / n_fft, 1e-3)
    semitone = 69 + 12 * np.log2(bins_hz / 440)
    for note in range(low_midi, high_midi):
        weight = np.exp(-0.5 * ((semitone - note) / 0.33) ** 2)
        weight[np.abs(semitone - note) > 1] = 0
        filters[note % 12] += weight / np.sum(weight)
    return filters.astype(np.float32)


def mean(values: F32) -> F32:
    """[...] over the first axis of [n, ...]: on a few numbers several times as fast as numpy's own."""
    middle: F32 = np.add.reduce(values) / len(values)
    return middle


def periodic_hann(size: int) -> F32:
    """[size] the Hann window of spectral analysis, scaled to a sum of 2, so that a sine of amplitude 1 peaks at 1."""
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    return (window * (2 / np.sum(window))).astype(np.float32)
