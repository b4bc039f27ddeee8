"""Small offline signal tools for the synthesiser: envelopes, noise, band shaping, convolution. Nothing here streams."""

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

_SWEEP_WINDOW = 2048
_SWEEP_HOP = _SWEEP_WINDOW // 2
_SWEEP_FFT = 2 * _SWEEP_WINDOW


def times_s(length_s: float, rate_hz: int) -> F32:
    """Sample times [n] from 0 up to `length_s`."""
    return np.arange(round(length_s * rate_hz), dtype=np.float32) / np.float32(rate_hz)


def decay(t: F32, t60_s: float) -> F32:
    """Exponential decay by 60 dB in `t60_s`, [n]."""
    envelope: F32 = np.exp(t * np.float32(-6.908 / t60_s))
    return envelope


def noise(n: int, seed: int) -> F32:
    """White noise [n] of unit variance, always the same for a seed."""
    return np.random.default_rng(seed).standard_normal(n, np.float32)


def band(x: F32, rate_hz: int, low_hz: float = 0.0, high_hz: float = np.inf) -> F32:
    """Zero-phase band-pass of a whole one-shot [n] with soft, second-order skirts."""
    spectrum = np.fft.rfft(x)
    hz = np.fft.rfftfreq(len(x), 1 / rate_hz) + 1e-3
    gain = 1 / (1 + (hz / high_hz) ** 4) / (1 + (low_hz / hz) ** 4)
    return np.fft.irfft(spectrum * gain, len(x)).astype(np.float32)


def fade_ends(x: F32, rate_hz: int, in_s: float = 0.0003, out_s: float = 0.004) -> F32:
    """The one-shot [n] with its ends brought to zero, so that nothing clicks."""
    y = x.copy()
    n_in, n_out = min(len(y), round(in_s * rate_hz)), min(len(y), round(out_s * rate_hz))
    y[:n_in] *= np.linspace(0, 1, n_in, endpoint=False, dtype=np.float32)
    y[len(y) - n_out :] *= np.linspace(1, 0, n_out, dtype=np.float32)
    return y


def peak_normalised(x: F32) -> F32:
    """[n] with a peak of 1 (silence stays silence)."""
    return x / np.float32(max(float(np.abs(x).max(initial=0)), 1e-9))


def soft_clip(x: F32) -> F32:
    """tanh: transparent when quiet, never beyond -1..1."""
    bent: F32 = np.tanh(x)
    return bent


def convolve(x: F32, response: F32) -> F32:
    """x [n] with each row of response [c, m]: float32 [c, n + m - 1], by overlap-add of FFT blocks."""
    n, m = len(x), response.shape[1]
    size = max(1 << (2 * m - 1).bit_length(), 16_384)
    hop = size - m + 1
    blocks = -(-n // hop)
    padded = np.zeros(blocks * hop, np.float32)
    padded[:n] = x
    spectra = np.fft.rfft(padded.reshape(blocks, hop), size)
    out = np.zeros((len(response), blocks + 1, hop), np.float32)
    for row, filtered in zip(response, out, strict=True):
        y = np.fft.irfft(spectra * np.fft.rfft(row, size), size)
        filtered[:-1] = y[:, :hop]
        filtered[1:, : m - 1] += y[:, hop:]
    return out.reshape(len(response), -1)[:, : n + m - 1]


def room(rate_hz: int, t60_s: float, seed: int) -> F32:
    """Impulse response [2, m] of a made-up room: two decaying noises, darker as they fade, with a short pre-delay."""
    t = times_s(t60_s, rate_hz)
    response = np.stack([noise(len(t), seed), noise(len(t), seed + 1)]) * decay(t, t60_s)
    dark = np.stack([band(row, rate_hz, 180, 2_400) for row in response])
    bright = np.stack([band(row, rate_hz, 300, 7_000) for row in response]) * decay(t, t60_s / 2)
    mixed = np.pad(dark + bright, ((0, 0), (round(0.012 * rate_hz), 0)))
    energy = np.sqrt((mixed**2).sum(axis=1, keepdims=True))
    normalised: F32 = (mixed / energy).astype(np.float32)
    return normalised


def tilt(rate_hz: int, low_db: float, high_hz: float) -> F32:
    """Short filter [1, m] for a whole mix: a low shelf at 150 Hz and a soft roll-off above `high_hz`."""
    m = 511
    hz = np.fft.rfftfreq(1024, 1 / rate_hz)
    gain = (1 + (10 ** (low_db / 20) - 1) / (1 + (hz / 150) ** 2)) / np.sqrt(1 + (hz / high_hz) ** 4)
    taps = np.roll(np.fft.irfft(gain), m // 2)[:m] * np.hanning(m)
    return taps[None].astype(np.float32)


def swept_lowpass(x: F32, rate_hz: int, from_hz: float, to_hz: float) -> F32:
    """[n] through a low-pass whose corner glides exponentially, by overlapping windows filtered one by one."""
    n = len(x)
    frames = n // _SWEEP_HOP + 2
    padded = np.zeros((frames + 1) * _SWEEP_HOP, np.float32)
    padded[_SWEEP_HOP : _SWEEP_HOP + n] = x
    window = np.hanning(_SWEEP_WINDOW + 1)[:-1].astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _SWEEP_WINDOW)[::_SWEEP_HOP] * window
    corner_hz = from_hz * (to_hz / from_hz) ** np.linspace(0, 1, len(windows))[:, None]
    gain = 1 / (1 + (np.fft.rfftfreq(_SWEEP_FFT, 1 / rate_hz) / corner_hz) ** 4)
    # Half a window of room on either side takes the ringing of the filter.
    room_before = _SWEEP_WINDOW // 2
    spectra = np.fft.rfft(np.pad(windows, ((0, 0), (room_before, room_before)))) * gain.astype(np.float32)
    pieces = np.fft.irfft(spectra, _SWEEP_FFT).astype(np.float32).reshape(len(windows), -1, _SWEEP_HOP)
    out = np.zeros((len(windows) + pieces.shape[1], _SWEEP_HOP), np.float32)
    for k in range(pieces.shape[1]):
        out[k : k + len(windows)] += pieces[:, k]
    start = room_before + _SWEEP_HOP
    return out.reshape(-1)[start : start + n]
