"""Drum one-shots, rendered once per kit, and mixed in as samples."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from megadance_live.audio.dsp import F32, band, decay, fade_ends, noise, peak_normalised, soft_clip, times_s


@dataclass(frozen=True)
class Kit:
    """The sound of a drum kit. `tune` multiplies every pitch, `tone_hz` darkens everything above it, `drive` bends."""

    kick_hz: float = 50.0
    kick_sweep_hz: float = 190.0
    kick_sweep_s: float = 0.028
    kick_s: float = 0.32
    kick_click: float = 0.25
    snare_hz: float = 190.0
    snare_s: float = 0.22
    snare_body: float = 0.5
    hat_hz: float = 7_500.0
    hat_metal: float = 0.5
    hat_s: float = 0.07
    open_s: float = 0.42
    tom_hz: float = 95.0
    tone_hz: float = 16_000.0
    drive: float = 1.5
    tune: float = 1.0


KITS: Mapping[str, Kit] = MappingProxyType(
    {
        "electronic": Kit(),
        "eight": Kit(
            kick_hz=44, kick_sweep_hz=90, kick_s=0.9, kick_click=0.1, snare_hz=175, snare_s=0.18, hat_hz=8_500,
            hat_metal=0.9, hat_s=0.05, drive=1.2,
        ),
        "acoustic": Kit(
            kick_hz=62, kick_sweep_hz=110, kick_sweep_s=0.02, kick_s=0.2, kick_click=0.5, snare_hz=215, snare_s=0.26,
            snare_body=0.7, hat_hz=6_000, hat_metal=0.35, hat_s=0.09, open_s=0.6, tom_hz=110, tone_hz=13_000, drive=1.1,
        ),
        "lofi": Kit(
            kick_hz=58, kick_sweep_hz=120, kick_s=0.24, kick_click=0.15, snare_hz=180, snare_s=0.2, snare_body=0.6,
            hat_hz=5_000, hat_metal=0.3, hat_s=0.06, tone_hz=5_200, drive=2.6,
        ),
        "latin": Kit(
            kick_hz=66, kick_sweep_hz=90, kick_s=0.18, kick_click=0.35, snare_hz=260, snare_s=0.16, snare_body=0.8,
            hat_hz=6_800, hat_metal=0.4, tom_hz=150, tone_hz=14_000, drive=1.1,
        ),
        "hard": Kit(
            kick_hz=48, kick_sweep_hz=300, kick_sweep_s=0.035, kick_s=0.42, kick_click=0.5, snare_hz=200, snare_s=0.3,
            snare_body=0.4, hat_hz=8_000, hat_metal=0.7, tone_hz=17_000, drive=4.0,
        ),
    }
)  # fmt: skip

LANE_GAIN: Mapping[str, float] = MappingProxyType(
    {
        "kick": 0.95, "snare": 0.62, "clap": 0.55, "rim": 0.34, "hat": 0.26, "open": 0.28, "ride": 0.24, "shaker": 0.2,
        "tom_low": 0.6, "tom_mid": 0.55, "tom_high": 0.5, "conga": 0.5, "conga_slap": 0.45, "cowbell": 0.3,
        "clave": 0.36, "crash": 0.34,
    }
)  # fmt: skip
"""How loud each lane sits in a mix."""

LANE_PAN: Mapping[str, float] = MappingProxyType(
    {
        "hat": 0.25, "open": 0.25, "ride": -0.35, "shaker": -0.4, "tom_low": -0.35, "tom_mid": 0.0, "tom_high": 0.35,
        "conga": -0.3, "conga_slap": -0.2, "cowbell": 0.35, "clave": 0.3, "crash": -0.2, "rim": 0.15,
    }
)  # fmt: skip
"""Where each lane stands, -1 left .. 1 right; the others in the middle."""


def _driven(x: F32, kit: Kit) -> F32:
    return soft_clip(np.float32(kit.drive) * x)


def _kick(kit: Kit, rate_hz: int) -> F32:
    t = times_s(kit.kick_s * 1.1, rate_hz)
    sweep = kit.kick_sweep_s
    turns = kit.kick_hz * t + kit.kick_sweep_hz * sweep * (1 - np.exp(-t / sweep))
    click = band(noise(len(t), 1), rate_hz, 1_500, 6_000) * decay(t, 0.02) * kit.kick_click
    return _driven(np.sin(2 * np.pi * kit.tune * turns) * decay(t, kit.kick_s) + click, kit)


def _snare(kit: Kit, rate_hz: int) -> F32:
    t = times_s(kit.snare_s * 1.2, rate_hz)
    hz = kit.snare_hz * kit.tune
    body = (np.sin(2 * np.pi * hz * t) + 0.6 * np.sin(2 * np.pi * 1.58 * hz * t)) * decay(t, kit.snare_s * 0.55)
    wires = band(noise(len(t), 2), rate_hz, 1_200, 9_000) * decay(t, kit.snare_s)
    return _driven(kit.snare_body * body + 0.6 * wires, kit)


def _clap(kit: Kit, rate_hz: int) -> F32:
    t = times_s(0.26, rate_hz)
    hands = sum(((t >= at) * decay(np.maximum(t - at, 0), 0.03) for at in (0.0, 0.011, 0.022)), np.zeros_like(t))
    tail = (t >= 0.03) * decay(np.maximum(t - 0.03, 0), 0.2) * 0.8
    return band(noise(len(t), 3), rate_hz, 900 * kit.tune, 4_500) * (hands + tail)


def _metal(kit: Kit, rate_hz: int, length_s: float, seed: int) -> F32:
    """Cymbal: inharmonic square waves, as in the drum machines, and noise, above `hat_hz`."""
    t = times_s(length_s * 1.1, rate_hz)
    pitches = np.array([205.3, 304.4, 369.6, 522.7, 540.0, 800.0]) * 1.9 * kit.tune
    squares = sum((np.sign(np.sin(2 * np.pi * hz * t)) for hz in pitches), np.zeros_like(t)) / 3
    mixed = kit.hat_metal * squares + (1 - kit.hat_metal) * noise(len(t), seed)
    return band(mixed.astype(np.float32), rate_hz, kit.hat_hz) * decay(t, length_s)


def _tom(hz: float) -> Callable[[Kit, int], F32]:
    def render(kit: Kit, rate_hz: int) -> F32:
        t = times_s(0.4, rate_hz)
        turns = kit.tom_hz * hz * kit.tune * (t + 0.025 * (1 - np.exp(-t / 0.05)))
        skin = band(noise(len(t), 5), rate_hz, 300, 3_000) * decay(t, 0.04) * 0.3
        return _driven(np.sin(2 * np.pi * turns) * decay(t, 0.35) + skin, kit)

    return render


def _struck(hz: tuple[float, ...], length_s: float, skin: float) -> Callable[[Kit, int], F32]:
    """Wood, skin or bell: a few partials that die together, and a knock."""

    def render(kit: Kit, rate_hz: int) -> F32:
        t = times_s(length_s * 1.1, rate_hz)
        tones = sum((np.sin(2 * np.pi * f * kit.tune * t) / (k + 1) for k, f in enumerate(hz)), np.zeros_like(t))
        knock = band(noise(len(t), 6), rate_hz, 1_000, 5_000) * decay(t, 0.025) * skin
        return (tones * decay(t, length_s) + knock).astype(np.float32)

    return render


def _shaker(kit: Kit, rate_hz: int) -> F32:
    t = times_s(0.11, rate_hz)
    swell: F32 = np.sin(np.pi * np.minimum(t / 0.1, 1)) ** 2
    return band(noise(len(t), 7), rate_hz, 5_500 * kit.tune) * swell


_LANES: Mapping[str, Callable[[Kit, int], F32]] = MappingProxyType(
    {
        "kick": _kick,
        "snare": _snare,
        "clap": _clap,
        "rim": _struck((480, 1_650), 0.05, 0.8),
        "hat": lambda kit, rate_hz: _metal(kit, rate_hz, kit.hat_s, 4),
        "open": lambda kit, rate_hz: _metal(kit, rate_hz, kit.open_s, 4),
        "ride": lambda kit, rate_hz: _metal(kit, rate_hz, 0.9, 8),
        "crash": lambda kit, rate_hz: _metal(kit, rate_hz, 1.7, 9),
        "shaker": _shaker,
        "tom_low": _tom(0.8),
        "tom_mid": _tom(1.1),
        "tom_high": _tom(1.5),
        "conga": _struck((205, 330), 0.24, 0.4),
        "conga_slap": _struck((320, 760), 0.09, 1.2),
        "cowbell": _struck((562, 845, 1_690), 0.16, 0.2),
        "clave": _struck((2_480,), 0.06, 0.2),
    }
)


@lru_cache(maxsize=12)
def one_shots(kit: Kit, rate_hz: int) -> Mapping[str, F32]:
    """Every lane of the kit: float32 [n] each, peak 1, read-only, starting at its attack."""
    shots = {}
    for lane, render in _LANES.items():
        dark = band(render(kit, rate_hz).astype(np.float32), rate_hz, 0, kit.tone_hz)
        shots[lane] = peak_normalised(fade_ends(dark, rate_hz))
        shots[lane].setflags(write=False)
    return MappingProxyType(shots)
