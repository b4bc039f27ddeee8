"""Pitched one-shots: bass, keys, pads, plucks, leads. Each note is rendered once and cut to length when it is mixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from megadance_live.audio.dsp import F32, band, decay, fade_ends, noise, peak_normalised, times_s

_TABLE = 4096
_VIBRATO_HZ = 5.3
_TABLE_SHIFT = np.uint32(32 - 12)


@dataclass(frozen=True)
class Voice:
    """A synthesiser voice.

    Harmonic k has amplitude k^-slope (`odd`: only odd ones) up to a corner that falls from `bright` to `dark` (in
    multiples of the pitch) with time constant `bright_s`. `unison` copies are `detune_cents` apart. With `fm_ratio`
    the pitch is frequency-modulated instead, its index decaying from `fm_index`. `decay_s` None sustains.
    """

    slope: float = 1.0
    odd: bool = False
    bright: float = 20.0
    dark: float = 4.0
    bright_s: float = 0.2
    unison: int = 1
    detune_cents: float = 0.0
    fm_ratio: float = 0.0
    fm_index: float = 0.0
    attack_s: float = 0.003
    decay_s: float | None = 1.0
    length_s: float = 1.2
    release_s: float = 0.03
    vibrato_cents: float = 0.0
    breath: float = 0.0
    drive: float = 0.0
    gain: float = 1.0


BASSES: Mapping[str, Voice] = MappingProxyType(
    {
        "sub": Voice(slope=2.6, bright=4, dark=2, decay_s=2.5, length_s=2.2, drive=0.8),
        "finger": Voice(slope=1.3, bright=10, dark=2.5, bright_s=0.12, decay_s=1.4, length_s=1.6),
        "saw": Voice(slope=1.0, bright=26, dark=3, bright_s=0.1, unison=2, detune_cents=6, decay_s=2.5, drive=0.6),
        "square": Voice(slope=1.0, odd=True, bright=14, dark=3, bright_s=0.15, decay_s=2.0),
        "slap": Voice(slope=0.8, bright=30, dark=4, bright_s=0.04, decay_s=1.0, drive=0.4),
        "upright": Voice(slope=1.9, bright=7, dark=2, bright_s=0.06, decay_s=1.0, attack_s=0.006, breath=0.03),
        "fm": Voice(fm_ratio=1.0, fm_index=2.2, bright_s=0.12, decay_s=1.6),
        "growl": Voice(slope=0.8, bright=30, dark=9, bright_s=0.3, unison=2, detune_cents=14, decay_s=3.0, drive=1.5),
    }
)

CHORDS: Mapping[str, Voice] = MappingProxyType(
    {
        "rhodes": Voice(fm_ratio=1.0, fm_index=0.9, bright_s=0.5, decay_s=3.0, length_s=3.2, release_s=0.08),
        "piano": Voice(slope=1.25, bright=16, dark=3, bright_s=0.35, unison=2, detune_cents=2, decay_s=3.5,
                       length_s=3.5, release_s=0.1),
        "pad": Voice(slope=1.2, bright=6, dark=4, unison=3, detune_cents=11, attack_s=0.35, decay_s=None, length_s=6.0,
                     release_s=0.5, gain=0.7),
        "strings": Voice(slope=1.1, bright=9, dark=8, unison=3, detune_cents=8, attack_s=0.22, decay_s=None,
                         length_s=6.0, release_s=0.4, vibrato_cents=7, gain=0.65),
        "organ": Voice(slope=0.7, bright=8, dark=8, attack_s=0.006, decay_s=None, length_s=4.0, release_s=0.04,
                       vibrato_cents=5, gain=0.6),
        "stab": Voice(slope=1.0, bright=24, dark=4, bright_s=0.09, unison=3, detune_cents=13, decay_s=0.5,
                      length_s=0.7),
        "clav": Voice(slope=0.7, odd=True, bright=22, dark=7, bright_s=0.07, decay_s=0.5, length_s=0.6, release_s=0.02),
        "guitar": Voice(slope=1.0, bright=14, dark=3, bright_s=0.12, decay_s=1.1, breath=0.02),
        "brass": Voice(slope=0.9, bright=14, dark=9, bright_s=0.15, unison=2, detune_cents=7, attack_s=0.03,
                       decay_s=2.5, release_s=0.06),
        "bells": Voice(fm_ratio=3.5, fm_index=1.1, bright_s=0.6, decay_s=2.4, length_s=2.4, release_s=0.3, gain=0.7),
    }
)  # fmt: skip

LEADS: Mapping[str, Voice] = MappingProxyType(
    {
        "pluck": Voice(slope=1.0, bright=18, dark=2, bright_s=0.07, unison=2, detune_cents=7, decay_s=0.6,
                       length_s=0.8),
        "lead": Voice(slope=1.0, bright=18, dark=10, unison=3, detune_cents=10, attack_s=0.01, decay_s=None,
                      length_s=2.0, release_s=0.08, vibrato_cents=8),
        "square": Voice(slope=1.0, odd=True, bright=16, dark=8, attack_s=0.008, decay_s=None, length_s=2.0,
                        vibrato_cents=10),
        "flute": Voice(slope=2.4, bright=6, dark=4, attack_s=0.05, decay_s=None, length_s=2.2, vibrato_cents=14,
                       breath=0.05, release_s=0.08),
        "bell": Voice(fm_ratio=2.76, fm_index=1.6, bright_s=0.4, decay_s=1.8, length_s=2.0, release_s=0.25),
        "trumpet": Voice(slope=0.8, bright=12, dark=9, attack_s=0.03, decay_s=None, length_s=1.8, vibrato_cents=9,
                         release_s=0.06),
        "vibes": Voice(fm_ratio=4.0, fm_index=0.5, bright_s=0.25, decay_s=2.0, length_s=2.0, release_s=0.2),
        "whistle": Voice(slope=3.0, bright=3, dark=2, attack_s=0.03, decay_s=None, length_s=2.0, vibrato_cents=20),
    }
)  # fmt: skip


def pitch_hz(midi: float) -> float:
    """Equal temperament, A4 = MIDI 69 = 440 Hz."""
    return float(440.0 * 2.0 ** ((midi - 69.0) / 12.0))


@lru_cache(maxsize=256)
def _cycle(slope: float, odd: bool, corner: float, top: int) -> F32:
    """One period [4096] with harmonics up to `top` under a second-order low-pass at `corner` times the pitch."""
    k = np.arange(1, max(2, top + 1))
    amplitude = k**-slope / (1 + (k / corner) ** 4)
    if odd:
        amplitude[1::2] = 0
    spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
    spectrum[1 : len(k) + 1] = -0.5j * _TABLE * amplitude
    return np.fft.irfft(spectrum).astype(np.float32)


def _table_tone(voice: Voice, hz: float, t: F32, vibrato: F32 | None, rate_hz: int, phases: F32) -> F32:
    """Detuned copies read from a bright and a dark table, the one fading into the other."""
    top = min(int(0.45 * rate_hz / hz), 200)
    bright = _cycle(voice.slope, voice.odd, voice.bright, top)
    dark = _cycle(voice.slope, voice.odd, voice.dark, top)
    cents = (np.arange(voice.unison) - (voice.unison - 1) / 2) * voice.detune_cents
    out_bright, out_dark = np.zeros_like(t), np.zeros_like(t)
    for copy, phase in zip(cents, phases, strict=True):
        # The phase as 32-bit fixed point: it wraps by itself and stays exact however long the note.
        step, start = np.uint32(hz * 2.0 ** (copy / 1200) / rate_hz * 2**32), np.uint32(phase * (2**32 - 1))
        turns = np.arange(len(t), dtype=np.uint32) * step + start
        if vibrato is not None:
            turns += (vibrato * 2**32).astype(np.int64).astype(np.uint32)
        at = turns >> _TABLE_SHIFT
        out_bright += bright[at]
        out_dark += dark[at]
    fade = np.exp(-t / np.float32(voice.bright_s))
    faded: F32 = out_dark + fade * (out_bright - out_dark)
    return faded


def _fm_tone(voice: Voice, hz: float, t: F32) -> F32:
    turns = t.astype(np.float64) * hz
    modulator = np.sin(2 * np.pi * np.mod(turns * voice.fm_ratio, 1.0)).astype(np.float32)
    index = np.float32(voice.fm_index) * (0.25 + 0.75 * np.exp(-t / np.float32(voice.bright_s)))
    carrier = np.mod(turns, 1.0).astype(np.float32)
    tone: F32 = np.sin(np.float32(2 * np.pi) * carrier + index * modulator)
    return tone


def _vibrato(voice: Voice, hz: float, t: F32) -> F32:
    """Turns by which the phase wavers, [n]: the integral of a pitch that wavers by `vibrato_cents` after the attack."""
    depth = voice.vibrato_cents * np.log(2) / 1200 * hz / (2 * np.pi * _VIBRATO_HZ)
    wavering: F32 = (depth * np.minimum(t / 0.4, 1) * np.sin(2 * np.pi * _VIBRATO_HZ * t)).astype(np.float32)
    return wavering


@lru_cache(maxsize=128)
def note(voice: Voice, midi: int, rate_hz: int, take: int = 0) -> F32:
    """float32 [n] of about unit peak, read-only; another `take` has other phases (two takes, left and right, sound
    wide). Sustained voices sound to the end of `length_s`; the mixer releases them."""
    t = times_s(voice.length_s, rate_hz)
    hz = pitch_hz(midi)
    phases = np.random.default_rng((midi, take)).random(voice.unison, np.float32)
    vibrato = _vibrato(voice, hz, t) if voice.vibrato_cents else None
    tone = _fm_tone(voice, hz, t) if voice.fm_ratio else _table_tone(voice, hz, t, vibrato, rate_hz, phases)
    tone = peak_normalised(tone)
    if voice.breath:
        tone = tone + voice.breath * band(noise(len(t), midi), rate_hz, 1_000, 6_000)
    if voice.drive:
        tone = np.tanh((1 + voice.drive) * tone)
    envelope = np.minimum(t / voice.attack_s, 1)
    if voice.decay_s is not None:
        envelope = envelope * decay(t, voice.decay_s)
    shaped = fade_ends(tone * envelope * np.float32(voice.gain), rate_hz, out_s=0.02).astype(np.float32)
    shaped.setflags(write=False)
    return shaped
