"""The form of the music, on the bar clock's own time: energy over beat, bar and phrase; build, drop and break.

All against the running past: the fullest bar of late, the usual number of kicks in a bar, slower averages of the same
thing. Nothing is known ahead; docs/features.md says how late each is.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.music_frame import FRAME_RATE_HZ, HAT, KICK, SNARE
from megadance_live.music.features import SILENCE_DB, HopFeatures

F32 = npt.NDArray[np.float32]

PHRASE_BARS = 8
LONGEST_HOPS = 1_024
"""34 s: a phrase of slow music is cut to this."""
ENERGY_RANGE_DB = 24.0
FULL_FALL_DB = 6.0 / (60 * FRAME_RATE_HZ)
"""What the fullest bar is forgotten by, a hop: 6 dB a minute."""

FAST_BARS, MIDDLE_BARS, SLOW_BARS = 1.0, 2.5, 6.0
"""Something builds where its average over one bar lies above that over 2.5 bars, and that above that over six."""
RISE_DB = 2.5
RISE_OCTAVES = 0.5
LEAST_STROKES = 0.5
"""A beat: so few snares and hats are none."""
KNOWN_BARS = 4.0
"""What is usual is known after so many bars."""
USUAL_BARS = 16.0
LOW_GONE_DB = (4.0, 12.0)
LOW_FULL_DB = 2.0
TENSE = 0.5
TENSE_BARS = 2.0
"""How long a break or a build is remembered that is over."""
FADE_BARS = 4.0


@dataclass(frozen=True)
class FormState:
    """`past` [3, hops]: power, power of the low band and kicks, newest last. `averages` [3, 3]: fast, middle and slow
    of the level above the low band in dB, of brightness in dB and of the octaves of stroke density."""

    past: F32
    averages: F32
    full_db: float = SILENCE_DB
    full_low_db: float = SILENCE_DB
    bars_heard: float = 0.0
    usual_kicks: float = 0.0  # a beat
    strokes: float = 0.0  # snares and hats a beat
    build: float = 0.0
    tension: float = 0.0
    drop: float = 0.0


class Form:
    """Hop by hop -> [6]: energy over the last beat, bar and phrase, build, drop, break, each 0..1."""

    def initial_state(self) -> FormState:
        return FormState(np.zeros((3, LONGEST_HOPS), np.float32), np.zeros((3, 3), np.float32))

    def step(self, hop: HopFeatures, clock: BarClock, state: FormState) -> tuple[F32, FormState]:
        """`clock` is the clock as it stands with this hop; while it is free it runs at a tempo of its own."""
        total_db, low_db, mid_db, high_db = hop.levels_db
        kick = hop.features[KICK] > 0
        newest = np.array([[_power(total_db)], [_power(low_db)], [kick]], np.float32)
        past = np.concatenate([state.past[:, 1:], newest], axis=1)
        state = replace(state, past=past)
        if hop.silent:
            return np.zeros(6, np.float32), replace(state, build=0.0, drop=0.0)
        bars = 1.0 / (clock.bar_s * FRAME_RATE_HZ)  # in a hop
        beat, bar, phrase = (_mean(past, clock.bar_s * length) for length in (1 / clock.beats_per_bar, 1, PHRASE_BARS))
        full_db = max(state.full_db - FULL_FALL_DB, _db(bar[0]), _db(beat[0]) - 3)
        full_low_db = max(state.full_low_db - FULL_FALL_DB, _db(bar[1]))
        energies = [1 + (_db(mean[0]) - full_db) / ENERGY_RANGE_DB for mean in (beat, bar, phrase)]
        heard = state.bars_heard + bars
        hops_per_beat = clock.bar_s * FRAME_RATE_HZ / clock.beats_per_bar
        kicks = float(bar[2]) * hops_per_beat
        known = min(heard / KNOWN_BARS, 1.0) ** 2
        gone = known * _gone(kicks, state.usual_kicks, full_low_db - _db(bar[1]))
        usual = min(bars / min(max(heard, 1.0), USUAL_BARS), 1.0) * (1.0 - 0.9 * min(2 * gone, 1.0))
        state = replace(
            state,
            full_db=full_db,
            full_low_db=full_low_db,
            bars_heard=heard,
            usual_kicks=state.usual_kicks + usual * (kicks - state.usual_kicks),
        )
        above_db = max(mid_db, high_db)
        struck = float((hop.features[SNARE] > 0) + (hop.features[HAT] > 0)) * hops_per_beat
        state = _built(above_db, high_db - above_db, struck, bars, state)
        build = state.build * known
        tension = max(state.tension * math.exp(-bars / TENSE_BARS), gone, build)
        drop = state.drop * math.exp(-bars / FADE_BARS)
        struck_now = bool(past[2, -max(1, round(hops_per_beat)) :].any()) or state.usual_kicks < 0.25
        if tension > TENSE and struck_now and _db(beat[1]) > full_low_db - LOW_FULL_DB and gone < tension:
            drop, tension = max(drop, tension), 0.0
            state = replace(state, build=0.0)
        out = np.array([*energies, build, drop, gone], np.float32)
        return np.clip(out, 0, 1), replace(state, tension=tension, drop=drop)


def _built(above_db: float, bright_db: float, struck: float, bars: float, state: FormState) -> FormState:
    """With how much of loudness above the bass, brightness and density of strokes has been rising for bars."""
    strokes = state.strokes + min(2 * bars, 1.0) * (struck - state.strokes)
    now = np.array([above_db, bright_db, math.log2(max(strokes, LEAST_STROKES))], np.float32)
    gains = np.array([max(bars / length, 1 / (1 + state.bars_heard / bars)) for length in _LENGTHS], np.float32)
    averages = state.averages + gains * (now[:, None] - state.averages)
    rises = np.minimum(averages[:, 0] - averages[:, 1], averages[:, 1] - averages[:, 2]) / _RISES
    rise = float(np.clip(rises, -0.5, 1).sum())
    build = state.build + min(2 * bars, 1.0) * (min(max(rise, 0.0), 1.0) - state.build)
    return replace(state, averages=averages.astype(np.float32), strokes=strokes, build=build)


_LENGTHS = (FAST_BARS, MIDDLE_BARS, SLOW_BARS)
_RISES = np.array([RISE_DB, RISE_DB, RISE_OCTAVES], np.float32)


def _gone(kicks: float, usual_kicks: float, low_missing_db: float) -> float:
    """How much of kick and low end is missing, 0..1; music that has hardly any kicks is judged by its low end."""
    least_db, most_db = LOW_GONE_DB
    low_gone = min(max((low_missing_db - least_db) / (most_db - least_db), 0.0), 1.0)
    weight = min(usual_kicks / 0.25, 1.0)
    kick_gone = min(max(1.0 - 2 * kicks / max(usual_kicks, 1e-6), 0.0), 1.0)
    return (weight * kick_gone + low_gone) / (weight + 1.0)


def _mean(past: F32, length_s: float) -> F32:
    """[3] over the last so many seconds, of one hop at least."""
    mean: F32 = past[:, -max(1, min(round(length_s * FRAME_RATE_HZ), LONGEST_HOPS)) :].mean(axis=1)
    return mean


def _power(level_db: float) -> float:
    return math.pow(10.0, level_db / 10)


def _db(power: float) -> float:
    return 10 * math.log10(max(float(power), _power(SILENCE_DB)))
