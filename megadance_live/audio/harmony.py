"""Scales, chords and made-up melodies."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

SCALES: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "major": (0, 2, 4, 5, 7, 9, 11),
        "minor": (0, 2, 3, 5, 7, 8, 10),
        "dorian": (0, 2, 3, 5, 7, 9, 10),
        "mixolydian": (0, 2, 4, 5, 7, 9, 10),
        "harmonic": (0, 2, 3, 5, 7, 8, 11),
        "phrygian": (0, 1, 3, 5, 7, 8, 10),
    }
)

PROGRESSIONS: tuple[tuple[int, ...], ...] = (
    (0, 5, 3, 4), (0, 3, 4, 3), (0, 5, 2, 6), (0, 0, 3, 4), (0, 3), (0, 6, 5, 6), (1, 4, 0, 0), (1, 4, 0, 5),
    (0, 4, 5, 3), (5, 3, 0, 4), (0, 0, 0, 0), (0, 3, 0, 4), (0, 2, 3, 4), (0, 6, 3, 0), (3, 4, 2, 5, 3, 4, 0, 0),
    (0, 5, 1, 4),
)  # fmt: skip
"""Chord degrees, 0 the tonic, one a bar."""


@dataclass(frozen=True)
class Chord:
    """A chord as MIDI notes: `bass` in the bass register, `voicing` around middle C, `tones` by pattern letter."""

    bass: int
    voicing: tuple[int, ...]


def pitch(key: int, scale: str, degree: int) -> int:
    """MIDI note of a scale degree above `key`; degrees below 0 and above 6 run on into other octaves."""
    octave, step = divmod(degree, 7)
    return key + 12 * octave + SCALES[scale][step]


def chord(key: int, scale: str, degree: int, *, seventh: bool = True, ninth: bool = False, centre: int = 62) -> Chord:
    """The chord on a degree of the scale in close position around `centre`; `key` 0..11 is the tonic's pitch class."""
    stack = (0, 2, 4) + ((6,) if seventh else ()) + ((8,) if ninth else ())
    pitches = [pitch(key, scale, degree + k) for k in stack]
    near = sorted({centre - 6 + (p - (centre - 6)) % 12 for p in pitches})
    # The bass lies between E1 (28) and D#2 (39), where small speakers still speak of it by its harmonics.
    return Chord(bass=28 + (pitches[0] - 28) % 12, voicing=tuple(near))


def bass_pitches(now: Chord, following: Chord, key: int, scale: str) -> dict[str, int]:
    """What the letters of a bass pattern mean over this chord."""
    tones = {(n - now.bass) % 12 for n in now.voicing}
    third = 4 if 4 in tones else 3
    fifth = 6 if 6 in tones and 7 not in tones else 7
    above = following.bass + (12 if following.bass + 12 - now.bass < now.bass - following.bass else 0)
    below = above - (1 if (above - 1 - key) % 12 in SCALES[scale] else 2)
    return {"R": now.bass, "3": now.bass + third, "5": now.bass + fifth, "7": now.bass + 10, "8": now.bass + 12,
            "a": below, "N": following.bass}  # fmt: skip


def voicing_pitches(now: Chord) -> dict[str, int]:
    """What the letters of a broken chord mean."""
    v = now.voicing
    return {"R": v[0], "3": v[1 % len(v)], "5": v[2 % len(v)], "7": v[-1], "8": v[0] + 12, "a": v[-1]}


@dataclass(frozen=True)
class Note:
    """A note of a melody: start and length in steps of a quarter beat, and a scale degree."""

    step: int
    length: int
    degree: int


def motif(rng: np.random.Generator, steps: int, density: float, degrees: tuple[int, ...]) -> tuple[Note, ...]:
    """A phrase of `steps` quarter beats: a random walk over chord tones on strong steps, the scale between them."""
    weight = np.where(np.arange(steps) % 4 == 0, 1.0, np.where(np.arange(steps) % 2 == 0, 0.8, 0.35))
    starts = np.flatnonzero(rng.random(steps) < weight * density)
    notes = []
    degree = int(rng.choice(degrees)) + 7
    ends = [*starts[1:], steps][: len(starts)]
    for start, end in zip(starts, ends, strict=True):
        degree += int(rng.integers(-2, 3))
        if start % 4 == 0:
            degree = min((d + 7 * o for d in degrees for o in (0, 1, 2)), key=lambda d: abs(d - degree))
        degree = int(np.clip(degree, 4, 16))
        notes.append(Note(int(start), int(min(end - start, rng.integers(1, 5))), degree))
    return tuple(notes)
