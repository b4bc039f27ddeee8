"""Sound without a beat: noise, held chords, tones, made-up speech, a crowd. What is no beat must be learnt too."""

import numpy as np

from megadance_live.audio.dsp import F32, band, noise, peak_normalised
from megadance_live.corpus.song import pick

_VOWELS_HZ = (
    (730.0, 1_090.0, 2_440.0), (530.0, 1_840.0, 2_480.0), (270.0, 2_290.0, 3_010.0), (570.0, 840.0, 2_410.0),
    (300.0, 870.0, 2_240.0), (660.0, 1_720.0, 2_410.0),
)  # fmt: skip
"""First three formants of vowels (Peterson & Barney, 1952)."""


def still(rng: np.random.Generator, seconds: float, rate_hz: int) -> tuple[F32, str]:
    """Mono float32 [n] of a kind of chance, and what it is."""
    kinds = {"noise": _noise, "chords": _chords, "tone": _tone, "speech": _speech, "crowd": _crowd}
    name = pick(rng, ("noise", "chords", "chords", "tone", "speech", "speech", "crowd", "crowd"))
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
    low = float(np.exp(rng.uniform(np.log(20), np.log(1_000))))
    high = float(np.exp(rng.uniform(np.log(1_500), np.log(12_000))))
    colour = band(noise(n, int(rng.integers(2**31))), rate_hz, low, high)
    return colour * _swell(rng, n, rate_hz, float(rng.uniform(0, 6)))


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


def _speech(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """Syllables of vowels and fricatives, with pauses for breath."""
    out = np.zeros(n, np.float32)
    pitch_hz = float(np.exp(rng.uniform(np.log(85), np.log(230))))
    at = 0
    while at < n:
        length = min(round(rng.uniform(0.09, 0.32) * rate_hz), n - at)
        if length > 64:
            out[at : at + length] += _syllable(rng, length, rate_hz, pitch_hz * float(np.exp(rng.normal(0, 0.12))))
        at += length + round(rng.exponential(0.05) * rate_hz)
        if rng.random() < 0.1:
            at += round(rng.uniform(0.2, 1.2) * rate_hz)
    return out


def _syllable(rng: np.random.Generator, n: int, rate_hz: int, pitch_hz: float) -> F32:
    t = np.arange(n) / rate_hz
    turns = pitch_hz * (t + rng.normal(0, 0.3) * t**2)
    voiced = 2 * np.mod(turns, 1.0) - 1
    spectrum = np.fft.rfft(voiced)
    hz = np.fft.rfftfreq(n, 1 / rate_hz)
    gain = sum(1 / (1 + ((hz - formant) / 90) ** 2) / (k + 1) for k, formant in enumerate(pick(rng, _VOWELS_HZ)))
    vowel = np.fft.irfft(spectrum * gain, n)
    hiss = band(noise(n, int(rng.integers(2**31))), rate_hz, 2_500) * np.exp(-t / 0.05) * rng.uniform(0, 0.6)
    envelope = np.sin(np.pi * np.clip(t / t[-1], 0, 1)) ** 0.6
    loud: F32 = ((vowel / (np.abs(vowel).max() + 1e-9) * envelope + hiss) * rng.uniform(0.4, 1)).astype(np.float32)
    return loud


def _crowd(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """Many voices, a murmur, and hands that clap when they like."""
    out = 0.3 * _noise(rng, n, rate_hz)
    for _ in range(int(rng.integers(3, 9))):
        out += np.roll(_speech(rng, n, rate_hz), int(rng.integers(n))) * np.float32(rng.uniform(0.3, 1))
    clap = band(noise(round(0.04 * rate_hz), 1), rate_hz, 900, 4_500)
    clap *= np.exp(-np.arange(len(clap)) / (0.01 * rate_hz)).astype(np.float32)
    for at in rng.integers(0, n - len(clap), int(rng.exponential(3) * n / rate_hz)):
        out[at : at + len(clap)] += clap * np.float32(rng.uniform(0.05, 0.6))
    return out
