"""Sound without a beat: noise, hum, held chords, tones, speech, a crowd, strokes at any time. What is no beat must be
learnt too."""

import numpy as np

from megadance_live.audio.drums import one_shots
from megadance_live.audio.dsp import F32, band, noise, peak_normalised
from megadance_live.corpus.song import drawn_kit, pick
from megadance_live.corpus.speech import speech


def still(rng: np.random.Generator, seconds: float, rate_hz: int) -> tuple[F32, str]:
    """Mono float32 [n] of a kind of chance, and what it is."""
    kinds = {"noise": _noise, "hum": _hum, "chords": _chords, "tone": _tone, "speech": speech, "crowd": _crowd,
             "strokes": _strokes}  # fmt: skip
    often = ("noise", "noise", "hum", "chords", "chords", "tone", *4 * ("speech",), *3 * ("crowd",), *2 * ("strokes",))
    name = pick(rng, often)
    sound = kinds[name](rng, round(seconds * rate_hz), rate_hz)
    return peak_normalised(sound) * np.float32(rng.uniform(0.1, 0.9)), name


def _swell(rng: np.random.Generator, n: int, rate_hz: int, depth_db: float) -> F32:
    """A gain [n] that wanders slowly."""
    knots = max(4, round(n / rate_hz / 2))
    gains_db = rng.normal(0, depth_db, knots)
    curve: F32 = np.interp(np.arange(n), np.linspace(0, n, knots), gains_db).astype(np.float32)
    gain: F32 = np.exp(curve * np.float32(np.log(10) / 20))
    return gain


def _noise(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """White, pink, brown or a band of it."""
    white = noise(n, int(rng.integers(2**31)))
    if rng.random() < 0.5:
        slope = pick(rng, (0.0, 0.5, 1.0))
        hz = np.maximum(np.fft.rfftfreq(n, 1 / rate_hz), 20.0)
        colour = np.fft.irfft(np.fft.rfft(white) * hz**-slope, n).astype(np.float32)
    else:
        low = float(np.exp(rng.uniform(np.log(20), np.log(1_000))))
        high = float(np.exp(rng.uniform(np.log(1_500), np.log(12_000))))
        colour = band(white, rate_hz, low, high)
    colour = peak_normalised(colour)
    return colour if rng.random() < 0.3 else colour * _swell(rng, n, rate_hz, float(rng.uniform(0, 6)))


def _hum(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """The mains and its harmonics, with hiss and crackle."""
    t = np.arange(n) / rate_hz
    mains_hz = pick(rng, (50.0, 60.0))
    out = 0.02 * float(rng.exponential()) * noise(n, int(rng.integers(2**31)))
    for harmonic in range(1, 1 + int(rng.integers(3, 20))):
        out += float(rng.exponential()) / harmonic * np.sin(2 * np.pi * (mains_hz * harmonic * t + rng.random()))
    clicks = rng.integers(0, n, int(rng.exponential(2) * n / rate_hz))
    out[clicks] += rng.uniform(-2, 2, len(clicks))
    return out.astype(np.float32)


def _tone(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    hz = float(np.exp(rng.uniform(np.log(60), np.log(4_000))))
    glide = np.cumsum(np.full(n, hz) * np.exp(rng.normal(0, 0.3) * np.linspace(0, 1, n))) / rate_hz
    tone: F32 = np.sin(2 * np.pi * glide).astype(np.float32)
    return tone if rng.random() < 0.5 else tone * _swell(rng, n, rate_hz, 3)


def _chords(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """Chords that fade into each other at times of chance, seconds apart."""
    out = np.zeros(n, np.float32)
    t = np.arange(n, dtype=np.float32) / rate_hz
    at_s = -5.0
    while at_s < n / rate_hz:
        length_s, fade_s = float(rng.uniform(3, 14)), float(rng.uniform(0.3, 3))
        shape = np.clip(np.minimum(t - at_s, at_s + length_s + fade_s - t) / fade_s, 0, 1)
        root = 36 + int(rng.integers(24))
        for step in (0, 7, *rng.choice((3, 4, 10, 12, 14, 15, 16, 19), 3)):
            hz = 440 * 2 ** ((root + step - 69) / 12) * (1 + rng.normal(0, 0.001))
            phase = 2 * np.pi * hz * t + rng.uniform(0, 2 * np.pi)
            for harmonic in range(1, 1 + int(rng.integers(1, 7))):
                if hz * harmonic < 0.45 * rate_hz:
                    out += shape * np.sin(harmonic * phase).astype(np.float32) / harmonic
        at_s += length_s
    return out


def _crowd(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """Voices, a murmur, cheers that rise and fall, and hands that clap when they like: a few, or all of the hall."""
    out = float(rng.uniform(0.1, 0.5)) * peak_normalised(_noise(rng, n, rate_hz))
    for _ in range(int(rng.integers(2, 8))):
        out += np.roll(speech(rng, n, rate_hz), int(rng.integers(n))) * np.float32(rng.uniform(0.1, 1))
    for _ in range(int(rng.integers(0, 2 + n // (6 * rate_hz)))):
        _lay(out, _cheer(rng, rate_hz) * np.float32(rng.uniform(0.2, 1.5)), int(rng.integers(n)))
    shape = _swell(rng, n, rate_hz, 6)
    per_s = float(np.exp(rng.uniform(np.log(0.5), np.log(120))))
    for at in rng.integers(0, n, round(per_s * n / rate_hz)):
        _lay(out, _clap(rng, rate_hz) * np.float32(rng.uniform(0.05, 0.6) * shape[at]), int(at))
    return out


def _clap(rng: np.random.Generator, rate_hz: int) -> F32:
    t = np.arange(round(0.04 * rate_hz), dtype=np.float32) / rate_hz
    centre_hz = float(rng.uniform(800, 2_800))
    hit = band(noise(len(t), int(rng.integers(2**31))), rate_hz, 0.6 * centre_hz, 1.8 * centre_hz)
    return peak_normalised(hit * np.exp(-t / np.float32(rng.uniform(0.004, 0.015))))


def _cheer(rng: np.random.Generator, rate_hz: int) -> F32:
    """Many throats at once, or a whistle."""
    n = round(float(rng.uniform(0.4, 5)) * rate_hz)
    t = np.arange(n, dtype=np.float32) / rate_hz
    if rng.random() < 0.3:
        hz = float(rng.uniform(1_500, 3_500)) * np.exp(np.float32(rng.normal(0, 0.3)) * t)
        loud = np.sin(2 * np.pi * np.cumsum(hz) / rate_hz)
    else:
        low_hz = float(rng.uniform(300, 900))
        loud = band(noise(n, int(rng.integers(2**31))), rate_hz, low_hz, 3 * low_hz)
    envelope = np.sin(np.pi * np.linspace(0, 1, n) ** float(rng.uniform(0.3, 1)))
    return peak_normalised((loud * envelope).astype(np.float32))


def _strokes(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """Someone tries drums, or things fall: strokes at times of chance, by ones and in bursts."""
    shots = tuple(one_shots(drawn_kit(rng), rate_hz).values())
    some = [pick(rng, shots) for _ in range(int(rng.integers(1, 6)))]
    out = 0.02 * noise(n, int(rng.integers(2**31)))
    mean_s = float(np.exp(rng.uniform(np.log(0.2), np.log(2.5))))
    at_s = 0.0
    while at_s < n / rate_hz:
        for k in range(1 + int(rng.random() < 0.3) * int(rng.integers(1, 4))):
            late_s = k * float(rng.uniform(0.05, 0.3))
            _lay(out, pick(rng, some) * np.float32(rng.uniform(0.2, 1)), round((at_s + late_s) * rate_hz))
        at_s += float(rng.exponential(mean_s))
    return out


def _lay(over: F32, sound: F32, at: int) -> None:
    """Add `sound` in place from sample `at` on, as far as there is room."""
    place = over[at : at + len(sound)]
    place += sound[: len(place)]
