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
from megadance_live.music.spectrum import mean

F32 = npt.NDArray[np.float32]

PHRASE_BARS = 8
LONGEST_HOPS = 1_024
"""34 s: a phrase of slow music is cut to this."""
ENERGY_RANGE_DB = 15.0
FULL_FALL_DB = 3.0 / (60 * FRAME_RATE_HZ)
"""What the fullest bar is forgotten by, a hop: 3 dB a minute."""

FAST_BARS, MIDDLE_BARS, SLOW_BARS = 1.0, 2.5, 6.0
"""Something builds where its average over one bar lies above that over 2.5 bars, and that above that over six."""
RISE_DB = 2.5
RISE_OCTAVES = 0.5
LEAST_DB = 60.0
"""A band is never further than this below all."""
RISE_LEAST = 0.3
"""Of the sum of the rises; less is the usual coming and going of parts."""
LEAST_STROKES = 0.5
"""A beat: so few snares and hats are none."""
RARE_KICKS = 0.25
"""A beat: music with fewer is judged by its low end."""
KICK_WEIGHT = 0.8
"""Of the kick beside the low end, 1: kicks that were only not heard make no break."""
KNOWN_BARS = 4.0
"""What is usual is known after so many bars."""
USUAL_BARS = 16.0
LOW_GONE_DB = (2.5, 8.0)
"""What is missing of the fullest bar's low end where it is hardly, and where it is wholly gone."""
HELD_BACK_DB = (0.5, 1.2)
"""A build counts in full while so much of the low end is held back, and leads to a drop only where some is."""
LOW_FULL_DB, FULL_DB = 1.2, 0.5
"""A drop is full when low end and all are within this of the fullest bar."""
TENSE = 0.6
"""A break or a build of so much, at least, leads to a drop."""
STRUCK_BARS = 0.6
"""Two kicks within this are the kick's return; one may be a bass note."""
TENSE_BARS = 2.0
"""How long a break or a build is remembered that is over."""
FADE_BARS = 4.0


@dataclass(frozen=True)
class Rising:
    """Averages over one bar, 2.5 and six of: the level above the low band in dB, brightness in dB, the octaves of
    stroke density. `strokes`: snares and hats a beat; `build` what they make, 0..1."""

    averages: tuple[tuple[float, float, float], ...] = ((0.0,) * 3,) * 3
    strokes: float = 0.0
    build: float = 0.0


@dataclass(frozen=True)
class FormState:
    """`past` [3, hops]: power, power of the low band and kicks, newest last. `full` is what the fullest bar was."""

    past: F32
    full_db: float = SILENCE_DB
    full_low_db: float = SILENCE_DB
    bars_heard: float = 0.0
    usual_kicks: float = 0.0  # a beat
    rising: Rising = Rising()
    tension: float = 0.0
    drop: float = 0.0


class Form:
    """Hop by hop -> [6]: energy over the last beat, bar and phrase, build, drop, break, each 0..1."""

    def initial_state(self) -> FormState:
        return FormState(np.zeros((3, LONGEST_HOPS), np.float32))

    def step(self, hop: HopFeatures, clock: BarClock, state: FormState) -> tuple[F32, FormState]:
        """`clock` is the clock as it stands with this hop; while it is free it runs at a tempo of its own."""
        past = np.empty_like(state.past)
        past[:, :-1] = state.past[:, 1:]
        past[:, -1] = _power(hop.levels_db[0]), _power(hop.levels_db[1]), hop.features[KICK] > 0
        if hop.silent:
            return np.zeros(6, np.float32), replace(state, past=past, rising=replace(state.rising, build=0.0), drop=0.0)
        bar_hops = clock.bar_s * FRAME_RATE_HZ
        beat_hops, bars = bar_hops / clock.beats_per_bar, 1.0 / bar_hops
        beat_db, beat_low_db, _ = _means(past, beat_hops)
        bar_db, bar_low_db, kicks_a_hop = _means(past, bar_hops)
        phrase_db, _, _ = _means(past, bar_hops * PHRASE_BARS)
        full_db = max(state.full_db - FULL_FALL_DB, bar_db, beat_db - 3)
        full_low_db = max(state.full_low_db - FULL_FALL_DB, bar_low_db)
        heard = state.bars_heard + bars
        known = min(heard / KNOWN_BARS, 1.0) ** 2
        kicks = kicks_a_hop * beat_hops
        gone = known * _gone(kicks, state.usual_kicks, full_low_db - bar_low_db)
        gain = min(bars / min(max(heard, 1.0), USUAL_BARS), 1.0) * (1.0 - 0.9 * min(2 * gone, 1.0))
        usual_kicks = state.usual_kicks + gain * (kicks - state.usual_kicks)
        missing_db = full_low_db - bar_low_db
        held_back = min(max((missing_db - HELD_BACK_DB[0]) / (HELD_BACK_DB[1] - HELD_BACK_DB[0]), 0.0), 1.0)
        trust = (0.4 + 0.6 * held_back) * min(1.3 - state.drop, 1.0)
        rising = _risen(hop, beat_hops, bars, heard, trust, state.rising)
        build = known * rising.build
        tension = max(state.tension * math.exp(-bars / TENSE_BARS), gone, build * (held_back > 0))
        drop = state.drop * math.exp(-bars / FADE_BARS)
        full = beat_low_db > full_low_db - LOW_FULL_DB and beat_db > full_db - FULL_DB
        if tension > TENSE and full and (usual_kicks < RARE_KICKS or _kicks(past, STRUCK_BARS * bar_hops) >= 2):
            # What has dropped builds no more: the slower averages start anew.
            rising = Rising(tuple((fast,) * 3 for fast, _, _ in rising.averages), rising.strokes)
            drop, tension, build = max(drop, tension), 0.0, 0.0
        energies = [1 + (level_db - full_db) / ENERGY_RANGE_DB for level_db in (beat_db, bar_db, phrase_db)]
        out = [min(max(value, 0.0), 1.0) for value in (*energies, build, drop, gone)]
        after = FormState(past, full_db, full_low_db, heard, usual_kicks, rising, tension, drop)
        return np.array(out, np.float32), after


def _risen(hop: HopFeatures, beat_hops: float, bars: float, heard: float, trust: float, rising: Rising) -> Rising:
    """With how much of loudness above the bass, brightness and density of strokes has been rising for bars; `trust`
    in that it is a build, 0..1."""
    total_db, _, mid_db, high_db = hop.levels_db
    above_db = max(mid_db, high_db, total_db - LEAST_DB)
    struck = float((hop.features[SNARE] > 0) + (hop.features[HAT] > 0)) * beat_hops
    strokes = rising.strokes + min(2 * bars, 1.0) * (struck - rising.strokes)
    now = (above_db, max(high_db, above_db - LEAST_DB) - above_db, math.log2(max(strokes, LEAST_STROKES)))
    gains = [max(bars / length, min(bars / heard, 1.0)) for length in (FAST_BARS, MIDDLE_BARS, SLOW_BARS)]
    averages = []
    rise = -RISE_LEAST
    for value, usual, (fast, middle, slow) in zip(now, (RISE_DB, RISE_DB, RISE_OCTAVES), rising.averages, strict=True):
        fast, middle, slow = (b + g * (value - b) for b, g in zip((fast, middle, slow), gains, strict=True))
        averages.append((fast, middle, slow))
        rise += min(max(min(fast - middle, middle - slow) / usual, -0.5), 1.0)
    target = trust * min(max(rise / (1 - RISE_LEAST), 0.0), 1.0)
    return Rising(tuple(averages), strokes, rising.build + min(2 * bars, 1.0) * (target - rising.build))


def _gone(kicks: float, usual_kicks: float, low_missing_db: float) -> float:
    """How much of kick and low end is missing, 0..1; music that has hardly any kicks is judged by its low end."""
    least_db, most_db = LOW_GONE_DB
    low_gone = min(max((low_missing_db - least_db) / (most_db - least_db), 0.0), 1.0)
    weight = KICK_WEIGHT * min(usual_kicks / RARE_KICKS, 1.0)
    kick_gone = min(max(1.0 - 2 * kicks / max(usual_kicks, 1e-6), 0.0), 1.0)
    return (weight * kick_gone + low_gone) / (weight + 1.0)


def _means(past: F32, hops: float) -> tuple[float, float, float]:
    """Over the last so many hops, one at least: level and level of the low band in dB, kicks a hop."""
    count = max(1, min(round(hops), LONGEST_HOPS))
    power, low_power, kicks = mean(past[:, -count:].T).tolist()
    return _db(power), _db(low_power), kicks


def _kicks(past: F32, hops: float) -> int:
    """In the last so many hops."""
    return int(past[2, -max(1, min(round(hops), LONGEST_HOPS)) :].sum())


def _power(level_db: float) -> float:
    return math.pow(10.0, level_db / 10)


def _db(power: float) -> float:
    return 10 * math.log10(max(power, _power(SILENCE_DB)))
