"""What the performer says of the beat, as evidence in the tracker's own states.

A tap, a tempo and a resync are weighed with all else that is heard. A metre, a range and a lock are known for sure:
they leave weight where the performer says that it is, and nowhere else. A nudge says how much later the performer wants
the beat than it is heard; it moves every grid of beats, and what tells of them, by as much.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.core.command import Command
from megadance_live.core.tempo_range import TempoRange
from megadance_live.music import beat_bars
from megadance_live.music.beat_filter import BeatFilter, FilterState

if TYPE_CHECKING:
    from megadance_live.music.forecasting_tracker import ForecastState

F64 = npt.NDArray[np.float64]

TAP_ODDS = 30.0
"""A tap, or a resync, is so many times likelier on a beat than off it."""
TAP_WIDTH_S = 0.040
TAPPED_WIDTH_OCTAVES = 0.08
SET_WIDTH_OCTAVES = 0.02
ASKED_WIDTH_OCTAVES = 0.2
ASKED_POWER = 0.3
FASTEST_TAPS_S, SLOWEST_TAPS_S = 0.25, 1.3


@dataclass(frozen=True)
class Advice:
    """The tempo that the performer asked for, if any, the last tap, by how much the performer's beats come after those
    that are heard, and the tempi that are possible."""

    bpm: float | None = None
    tapped_s: float | None = None
    nudge_s: float = 0.0
    tempo_range: TempoRange = field(default_factory=TempoRange)


def tempo_asked(tempo: F64, tables: BeatFilter, advice: Advice) -> F64:
    """Evidence of the tempo with the performer's wish: near the tempo asked for, an octave off it is unlikely; out of
    the range it cannot be."""
    if advice.bpm is not None:
        tempo = tempo * tables.around(advice.bpm, ASKED_WIDTH_OCTAVES) ** ASKED_POWER
    if advice.tempo_range != TempoRange():
        tempo = tempo * tables.within(advice.tempo_range)
    return tempo


def apply(command: Command, time_s: float, tables: BeatFilter, state: "ForecastState") -> "ForecastState":
    """tap, resync, nudge, bpm, bpm_mul, bpm_low, bpm_high, lock, metre and follow; others change nothing here."""
    value = command.value
    match command.name:
        case "tap":
            return _tapped(time_s - state.advice.nudge_s, tables, state)
        case "resync":
            return _resynced(time_s - state.advice.nudge_s, tables, state)
        case "follow":
            advice = Advice(nudge_s=state.advice.nudge_s, tempo_range=state.advice.tempo_range)
            bars = beat_bars.counted_in(beat_bars.METRES, state.bars)
            return replace(state, advice=advice, filter=tables.tempo_held(False, state.filter), bars=bars)
        case "lock":
            return replace(state, filter=tables.tempo_held(bool(value), state.filter))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return state
    match command.name:
        case "nudge":
            return _advised(state, nudge_s=state.advice.nudge_s + value / 1000)
        case "metre":
            return replace(state, bars=beat_bars.counted_in((int(value),), state.bars))
        case "bpm":
            likelihood = tables.around(value, SET_WIDTH_OCTAVES)
            return _retimed(tables.tempo_is(likelihood, state.filter), tables, _advised(state, bpm=float(value)))
        case "bpm_mul":
            return _multiplied(float(value), tables, state)
        case "bpm_low":
            return _ranged(state.advice.tempo_range.from_low(value), tables, state)
        case "bpm_high":
            return _ranged(state.advice.tempo_range.to_high(value), tables, state)
    return state


def _tapped(heard_s: float, tables: BeatFilter, state: "ForecastState") -> "ForecastState":
    """A beat is there, and one where the last tap was."""
    filtered = tables.beat_at(heard_s - state.now_s, TAP_ODDS, TAP_WIDTH_S, state.filter)
    bpm, tapped_s = state.advice.bpm, state.advice.tapped_s
    if tapped_s is not None and FASTEST_TAPS_S < heard_s - tapped_s < SLOWEST_TAPS_S:
        bpm = 60 / (heard_s - tapped_s)
        filtered = tables.tempo_is(tables.around(bpm, TAPPED_WIDTH_OCTAVES), filtered)
    return _retimed(filtered, tables, _advised(state, bpm=bpm, tapped_s=heard_s))


def _resynced(heard_s: float, tables: BeatFilter, state: "ForecastState") -> "ForecastState":
    """A beat is there, and it begins a bar."""
    state = replace(state, filter=tables.beat_at(heard_s - state.now_s, TAP_ODDS, TAP_WIDTH_S, state.filter))
    in_s = tables.next_beat(state.filter, state.earliest_s - state.now_s).in_s
    beats_since = round((state.now_s + in_s - heard_s) / state.period_s)
    return replace(state, bars=beat_bars.placed(beats_since - state.pending, state.bars))


def _multiplied(factor: float, tables: BeatFilter, state: "ForecastState") -> "ForecastState":
    """Beats twice or half as fast. A range that this leaves moves with it: the last word counts."""
    if factor not in (0.5, 2.0):
        return state
    bpm, tempo_range = 60 / state.period_s * factor, state.advice.tempo_range
    if not tempo_range.holds(bpm):
        tempo_range = tempo_range.times(factor)
    filtered = _expecting(tempo_range, tables, tables.tempo_times(factor, state.filter))
    return _retimed(filtered, tables, _advised(state, bpm=bpm, tempo_range=tempo_range))


def _ranged(tempo_range: TempoRange, tables: BeatFilter, state: "ForecastState") -> "ForecastState":
    """Other tempi are possible. Where that makes the octave clear, the beat goes on there."""
    octaves = tempo_range.octaves_into(60 / state.period_s) if tempo_range.fixes_octave else 0
    filtered, bpm = state.filter, state.advice.bpm
    for _ in range(abs(octaves)):
        filtered = tables.tempo_times(2.0 if octaves > 0 else 0.5, filtered)
    if bpm is not None and not tempo_range.holds(bpm):
        bpm = None
    filtered = tables.tempo_is(tables.within(tempo_range), _expecting(tempo_range, tables, filtered))
    return _retimed(filtered, tables, _advised(state, bpm=bpm, tempo_range=tempo_range))


def _expecting(tempo_range: TempoRange, tables: BeatFilter, filtered: FilterState) -> FilterState:
    """Music that comes anew is in the range, too."""
    if tempo_range == TempoRange():
        return replace(filtered, tempo_prior=tables.usual_tempo)
    return replace(filtered, tempo_prior=tables.usual_tempo * tables.within(tempo_range))


def _retimed(filtered: FilterState, tables: BeatFilter, state: "ForecastState") -> "ForecastState":
    """With another tempo, which is held from now on if the one before was."""
    if filtered.held is not None:
        filtered = tables.tempo_held(True, filtered)
    return replace(state, filter=filtered)


def _advised(state: "ForecastState", **changes: float | TempoRange | None) -> "ForecastState":
    return replace(state, advice=replace(state.advice, **changes))  # type: ignore[arg-type]
