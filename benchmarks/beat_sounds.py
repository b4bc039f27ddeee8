"""Sounds without a beat to measure with, and crowd noise to lay over music. All made by code; voices by espeak-ng where
it is installed (English and German, which the network has not learnt from), else by syllables."""

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.beat_scores import F32
from megadance_live.audio.dsp import band, convolve, noise, peak_normalised, room
from megadance_live.corpus.speech import can_speak, spoken, syllables

SECONDS = 30.0

_ENGLISH = (
    "Good evening everybody, and thank you for coming. The doors to the left hall open at half past nine. Please leave "
    "the stairs free; the bar closes at two. We would like to thank the crew, the lighting team, and all of you who "
    "have helped to carry things. If you have lost a scarf or a phone, ask at the desk beside the entrance."
)
_GERMAN = (
    "Guten Abend zusammen, schön, dass ihr da seid. Der Einlass in den kleinen Saal beginnt um halb zehn. Bitte lasst "
    "die Treppen frei, und stellt keine Gläser auf die Bühne. Wer etwas verloren hat, fragt bitte vorne an der "
    "Garderobe nach. Wir danken allen, die heute beim Aufbau geholfen haben."
)


def _voice(text: str, voice: str, speed: int, pitch: int) -> Callable[[int, int], F32]:
    def say(n: int, rate_hz: int) -> F32:
        said = spoken(text, voice, speed, pitch, rate_hz) if can_speak() else syllables(_rng(speed), n, rate_hz)
        return 0.5 * peak_normalised(np.resize(said, n))

    return say


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng([2026, seed])


def _coloured(slope: float) -> Callable[[int, int], F32]:
    """Noise whose power falls with the frequency to the power of 2 * slope."""

    def hiss(n: int, rate_hz: int) -> F32:
        hz = np.maximum(np.fft.rfftfreq(n, 1 / rate_hz), 20.0)
        return 0.5 * peak_normalised(np.fft.irfft(np.fft.rfft(noise(n, 5)) * hz**-slope, n).astype(np.float32))

    return hiss


def _sines(*hz: float) -> Callable[[int, int], F32]:
    def held(n: int, rate_hz: int) -> F32:
        t = np.arange(n) / rate_hz
        return 0.5 * peak_normalised(sum(np.sin(2 * np.pi * f * t) for f in hz).astype(np.float32))  # type: ignore[union-attr]

    return held


def _organ(n: int, rate_hz: int) -> F32:
    """A held minor chord of eight partials each, slightly out of tune, in a room."""
    t = np.arange(n) / rate_hz
    chord = np.zeros(n)
    for hz in (110.0, 164.9, 220.3, 261.2, 329.8):
        for partial in range(1, 9):
            chord += np.sin(2 * np.pi * partial * hz * t + partial * hz) / partial
    return 0.5 * peak_normalised(chord.astype(np.float32))


def applause(n: int, rate_hz: int) -> F32:
    """A hall that claps, each as they like: 90 people, two to five claps a second each, swelling and fading."""
    rng = _rng(1)
    out = np.zeros(n, np.float32)
    t = np.arange(round(0.03 * rate_hz)) / rate_hz
    claps = [
        peak_normalised(band(noise(len(t), 90 + k), rate_hz, 700 + 60 * k, 2_000 + 150 * k) * np.exp(-t / 0.008))
        for k in range(12)
    ]
    for person in range(90):
        every_s, loud = float(rng.uniform(0.2, 0.5)), float(rng.uniform(0.1, 1))
        at_s = float(rng.uniform(0, every_s))
        while (start := round(at_s * rate_hz)) < n - len(t):
            out[start : start + len(t)] += np.float32(loud) * claps[person % len(claps)].astype(np.float32)
            at_s += every_s * float(rng.normal(1, 0.08))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * np.arange(n) / rate_hz / 17)
    return 0.5 * peak_normalised((out * swell).astype(np.float32))


def babble(n: int, rate_hz: int) -> F32:
    """Eight voices at once in a room."""
    out = np.zeros(n, np.float32)
    for k in range(8):
        text, voice = ((_ENGLISH, "en-gb"), (_GERMAN, "de"))[k % 2]
        said = _voice(text, f"{voice}+{'fm'[k // 2 % 2]}{1 + k % 4}", 140 + 12 * k, 20 + 9 * k)(n, rate_hz)
        out += np.roll(said, k * n // 11)
    wet = convolve(out, room(rate_hz, 1.6, 3)[:1])[0, :n]
    return 0.5 * peak_normalised(out + wet)


def crowd(n: int, rate_hz: int) -> F32:
    """Babble, applause, and the roar of a hall (pink noise of 200 to 2,500 Hz that swells)."""
    t = np.arange(n) / rate_hz
    roar = band(_coloured(0.5)(n, rate_hz), rate_hz, 200, 2_500) * (0.6 + 0.4 * np.sin(2 * np.pi * t / 7.3))
    parts = (babble(n, rate_hz), applause(n, rate_hz), roar)
    mixed = sum(part / np.float32(np.sqrt(np.mean(part**2))) for part in parts)
    return 0.5 * peak_normalised(mixed.astype(np.float32))  # type: ignore[union-attr]


SOUNDS: Mapping[str, Callable[[int, int], F32]] = {
    "digital silence": lambda n, _: np.zeros(n, np.float32),
    "white noise": _coloured(0.0),
    "pink noise": _coloured(0.5),
    "brown noise": _coloured(1.0),
    "sine": _sines(440.0),
    "held chord": _sines(220.0, 277.2, 329.6),
    "held organ": _organ,
    "speech, man": _voice(_ENGLISH, "en-gb+m3", 150, 35),
    "speech, woman": _voice(_ENGLISH, "en-us+f2", 175, 60),
    "speech, German": _voice(_GERMAN, "de+m1", 160, 40),
    "speech, fast": _voice(_GERMAN, "de+f4", 230, 70),
    "syllables": lambda n, rate_hz: 0.5 * peak_normalised(syllables(_rng(7), n, rate_hz)),
    "applause": applause,
    "babble": babble,
    "crowd": crowd,
}
"""(samples, rate Hz) -> mono [n]."""
