"""Grids of beats: steady, drifting, ramping, jumping."""

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

SLOWEST_BPM, FASTEST_BPM = 50.0, 225.0


def draw_beats(rng: np.random.Generator, low_bpm: float, high_bpm: float, seconds: float, beats_per_bar: int) -> F64:
    """Times [n] of the beats from a downbeat at or before 0 to beyond `seconds`.

    Two thirds are exactly steady, as sequenced music is; the others waver as played music does, ramp, or jump.
    """
    bpm = float(np.exp(rng.uniform(np.log(low_bpm), np.log(high_bpm))))
    if rng.random() < 0.3:
        bpm = float(round(bpm))
    count = int(seconds * FASTEST_BPM / 60) + 2 * beats_per_bar
    chance = rng.random()
    if chance < 0.66:
        curve = np.full(count, bpm)
    elif chance < 0.76:
        walk = np.cumsum(rng.normal(0, rng.uniform(0.001, 0.006), count))
        curve = bpm * np.exp(walk - 0.02 * np.arange(count) / count * walk[-1])
    elif chance < 0.82:
        beats = np.arange(count)
        turns = beats / rng.uniform(8, 48) + rng.random()
        curve = bpm * (1 + rng.uniform(0.005, 0.035) * np.sin(2 * np.pi * turns))
    elif chance < 0.91:
        around = rng.uniform(0.2, 0.6) * seconds * bpm / 60
        length = rng.uniform(8, 64)
        through = np.clip((np.arange(count) - around) / length, 0, 1)
        curve = bpm * np.exp(rng.normal(0, 0.18) * through)
    else:
        at = beats_per_bar * int(rng.uniform(0.25, 0.7) * seconds * bpm / 60 / beats_per_bar)
        curve = np.where(np.arange(count) < at, bpm, bpm * np.exp(rng.normal(0, 0.2)))
    gaps_s = 60 / np.clip(curve, SLOWEST_BPM, FASTEST_BPM)
    start_s = -float(rng.uniform(0, beats_per_bar)) * gaps_s[0]
    times_s: F64 = start_s + np.concatenate([[0.0], np.cumsum(gaps_s)])
    enough = int(np.searchsorted(times_s, seconds)) + 2
    return times_s[:enough]
