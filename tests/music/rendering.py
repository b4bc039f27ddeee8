"""Small pieces of music for the tests, rendered in numpy."""

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]


def decaying(rate_hz: int, seconds: float, tau_s: float) -> npt.NDArray[np.float64]:
    return np.exp(-np.arange(int(seconds * rate_hz)) / (tau_s * rate_hz))


def kick(rate_hz: int) -> npt.NDArray[np.float64]:
    t = np.arange(int(0.25 * rate_hz)) / rate_hz
    return np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-t / 0.02)))) * np.exp(-t / 0.08)


def click(rate_hz: int) -> npt.NDArray[np.float64]:
    t = np.arange(int(0.03 * rate_hz)) / rate_hz
    return np.sin(2 * np.pi * 1500 * t) * np.exp(-t / 0.006)


def noise_burst(rate_hz: int, tau_s: float, seed: int) -> npt.NDArray[np.float64]:
    shape = decaying(rate_hz, 5 * tau_s, tau_s)
    return np.random.default_rng(seed).standard_normal(len(shape)) * shape * 0.4


def at_times(times_s: npt.ArrayLike, sound: npt.NDArray[np.float64], seconds: float, rate_hz: int) -> F32:
    """[n, 1] the sound at each of the times."""
    out = np.zeros(int(seconds * rate_hz) + len(sound) + 1)
    for time_s in np.atleast_1d(times_s):
        start = round(float(time_s) * rate_hz)
        if 0 <= start < int(seconds * rate_hz):
            out[start : start + len(sound)] += sound
    return out[: int(seconds * rate_hz), None].astype(np.float32)


def beat_times(bpm: float, seconds: float, first_s: float = 0.1) -> npt.NDArray[np.float64]:
    return np.arange(first_s, seconds, 60 / bpm)


def clicks(bpm: float, seconds: float, rate_hz: int = 48_000, first_s: float = 0.1) -> F32:
    return 0.8 * at_times(beat_times(bpm, seconds, first_s), click(rate_hz), seconds, rate_hz)


def drums(bpm: float, seconds: float, rate_hz: int = 48_000, first_s: float = 0.1, seed: int = 0) -> F32:
    """Kick on 1 and 3, snare on 2 and 4, hi-hat on eighths, a bass note and a chord that change with the bar."""
    beats = beat_times(bpm, seconds, first_s)
    eighths = beat_times(2 * bpm, seconds, first_s)
    mix = 0.7 * at_times(beats[0::2], kick(rate_hz), seconds, rate_hz)
    mix += 0.5 * at_times(beats[1::2], noise_burst(rate_hz, 0.05, seed), seconds, rate_hz)
    mix += 0.2 * at_times(eighths, noise_burst(rate_hz, 0.015, seed + 1), seconds, rate_hz)
    for bar, start_s in enumerate(beats[0::4]):
        root = (45, 41, 48, 43)[bar % 4]
        bar_s = 240 / bpm
        t = np.arange(int(bar_s * rate_hz)) / rate_hz
        notes = (root - 12, root, root + 4, root + 7)
        chord = sum(np.sin(2 * np.pi * 440 * 2 ** ((note - 69) / 12) * t) for note in notes)
        mix += at_times(start_s, 0.05 * chord * np.exp(-t / bar_s), seconds, rate_hz)
    return mix
