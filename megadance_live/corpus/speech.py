"""Made-up speech: sentences of made-up words and numbers, spoken by espeak-ng where it is installed, else syllables."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from megadance_live.audio.dsp import F32, band, convolve, noise, peak_normalised, room
from megadance_live.core.errors import DataError
from megadance_live.corpus.song import pick

LANGUAGES = (
    "af", "bg", "ca", "cmn", "cs", "da", "el", "es", "es-419", "fi", "fr-fr", "hi", "hr", "hu", "id", "is", "it", "ko",
    "lt", "nb", "nl", "pl", "pt-br", "ro", "ru", "sk", "sv", "sw", "ta", "tr", "uk", "vi",
)  # fmt: skip
"""English and German are left for what measures (benchmarks/false_locks.py)."""
_VARIANTS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5", "croak", "klatt2", "whisper")
_ONSETS = ("b", "d", "f", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl", "kr", "")
_NUCLEI = ("a", "e", "i", "o", "u", "ai", "ou", "ea")
_CODAS = ("", "", "", "n", "s", "r", "l", "t", "st", "nd")
_TIMEOUT_S = 60

_VOWELS_HZ = (
    (730.0, 1_090.0, 2_440.0), (530.0, 1_840.0, 2_480.0), (270.0, 2_290.0, 3_010.0), (570.0, 840.0, 2_410.0),
    (300.0, 870.0, 2_240.0), (660.0, 1_720.0, 2_410.0),
)  # fmt: skip
"""First three formants of vowels (Peterson & Barney, 1952)."""


def can_speak() -> bool:
    """Whether espeak-ng is here."""
    return shutil.which("espeak-ng") is not None


def speech(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """Mono [n], peak 1: one voice, mostly through espeak-ng, sometimes in a room."""
    if can_speak() and rng.random() < 0.8:
        voice = f"{pick(rng, LANGUAGES)}+{pick(rng, _VARIANTS)}"
        speed = int(rng.uniform(110, 260))
        words = int(n / rate_hz * speed / 60) + 20
        said = spoken(_sentences(rng, words), voice, speed, int(rng.uniform(20, 80)), rate_hz)
        voiced = np.resize(said, n)
    else:
        voiced = syllables(rng, n, rate_hz)
    if rng.random() < 0.4:
        response = room(rate_hz, float(rng.uniform(0.3, 2.5)), int(rng.integers(2**31)))
        voiced = peak_normalised(voiced) + np.float32(rng.uniform(0.1, 0.8)) * convolve(voiced, response[:1])[0, :n]
    return peak_normalised(voiced)


def spoken(text: str, voice: str, words_per_min: int, pitch: int, rate_hz: int) -> F32:
    """Mono [n] of espeak-ng reading `text`; `pitch` 0..99. Raises DataError where it fails."""
    import soundfile
    import soxr

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        command = ["espeak-ng", "-v", voice, "-s", str(words_per_min), "-p", str(pitch), "--stdin", "-w", str(path)]
        try:
            subprocess.run(command, input=text.encode(), check=True, capture_output=True, timeout=_TIMEOUT_S)
            samples, from_hz = soundfile.read(path, dtype="float32")
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            raise DataError(f'espeak-ng cannot speak as "{voice}"; install it again with its data.') from error
    moved: F32 = soxr.resample(samples, from_hz, rate_hz).astype(np.float32)
    return moved


def syllables(rng: np.random.Generator, n: int, rate_hz: int) -> F32:
    """Mono [n] of vowels and fricatives, with pauses for breath."""
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


def _sentences(rng: np.random.Generator, words: int) -> str:
    """Made-up words, numbers and stops: pronounceable after a fashion in every language."""
    text = []
    for _ in range(words):
        if rng.random() < 0.06:
            word = str(int(np.exp(rng.uniform(0, 9))))
        else:
            count = int(rng.integers(1, 5))
            word = "".join(pick(rng, _ONSETS) + pick(rng, _NUCLEI) + pick(rng, _CODAS) for _ in range(count))
        text.append(word + pick(rng, ("", "", "", "", "", "", "", ",", ".", "?")))
    return " ".join(text)


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
