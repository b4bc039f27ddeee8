"""What the performer can do to musical time. Each works in every state and whatever the source."""

import math
from dataclasses import replace

import numpy as np

from megadance_live.core.bar_clock import ClockSource
from megadance_live.core.command import Command
from megadance_live.core.errors import CueError
from megadance_live.core.tempo_range import FASTEST_BPM, SLOWEST_BPM, TempoRange
from megadance_live.music.clock_state import LOWEST_BPM, MusicalState

TAPS_NEEDED = 4
TAPS_KEPT = 8
TAP_RESET_S = 2.0
TAP_BOUNCE_S = 0.1
MOST_BEATS_PER_BAR = 16
SLEWED_BEATS = 0.1
"""A tap that is off by less than this corrects the clock smoothly; by more, at once."""
OFF_BEAT = 0.25


def apply(command: Command, time_s: float, state: MusicalState) -> MusicalState:
    """The state after a command asked for at stream time `time_s`; raises CueError for a value out of range."""
    if command.name == "tap":
        return tap(time_s, state)
    if command.name == "resync":
        return resync(time_s, state)
    if command.name == "nudge":
        return nudge(_number(command, -2_000, 2_000, "ms"), state)
    if command.name == "bpm":
        return set_bpm(_number(command, SLOWEST_BPM, FASTEST_BPM, "bpm"), time_s, state)
    if command.name == "bpm_mul":
        return multiply(_number(command, 0.5, 2, "(0.5 or 2)"), time_s, state)
    if command.name == "bpm_low":
        return limit(state.tempo_range.from_low(_number(command, SLOWEST_BPM, FASTEST_BPM, "bpm")), time_s, state)
    if command.name == "bpm_high":
        return limit(state.tempo_range.to_high(_number(command, SLOWEST_BPM, FASTEST_BPM, "bpm")), time_s, state)
    if command.name == "follow":
        return follow(state)
    if command.name == "lock":
        return lock(bool(command.value), state)
    if command.name == "metre":
        return set_metre(int(_number(command, 1, MOST_BEATS_PER_BAR, "beats")), time_s, state)
    return state


def _number(command: Command, lowest: float, highest: float, unit: str) -> float:
    value = command.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not lowest <= value <= highest:
        raise CueError(f'"{command.name}" needs a number from {lowest:g} to {highest:g} {unit}, not {value!r}.')
    return float(value)


def tap(time_s: float, state: MusicalState) -> MusicalState:
    """A beat is now. The fourth tap and each after it set tempo and phase; two seconds without one begin anew."""
    taps = state.taps_s
    if taps and 0 <= time_s - taps[-1] < TAP_BOUNCE_S:
        return state
    if taps and not 0 < time_s - taps[-1] < TAP_RESET_S:
        taps = ()
    taps = (*taps, time_s)[-TAPS_KEPT:]
    state = replace(state, taps_s=taps)
    if len(taps) < TAPS_NEEDED:
        return state
    counts = np.arange(len(taps))
    slope, start = np.polyfit(counts, np.array(taps) - taps[0], 1)
    period_s = min(max(float(slope), 60 / FASTEST_BPM), 60 / SLOWEST_BPM)
    latest_s = taps[0] + float(start) + period_s * (len(taps) - 1)
    state = _beat_at(latest_s, _retimed(period_s, time_s, state))
    position = state.beats_at(latest_s)
    error = position - round(position)
    if abs(error) < SLEWED_BEATS and state.source != "free":
        state = replace(state, owed_beats=-error)
    else:
        # The first of the taps begins a bar.
        in_bar = (len(taps) - 1) % state.metre
        bar = round((position - in_bar) / state.metre)
        state = state.placed(latest_s, bar * state.metre + in_bar)
        state = replace(state, vote=state.vote.fresh(state.metre), pinned=True)
    return _taken_over("tap", state)


def resync(time_s: float, state: MusicalState) -> MusicalState:
    """That instant is the first beat of a bar."""
    state = _beat_at(time_s, state)
    bar = round(state.beats_at(time_s) / state.metre)
    state = state.placed(time_s, bar * state.metre)
    return replace(state, vote=state.vote.fresh(state.metre), pinned=True)


def nudge(ms: float, state: MusicalState) -> MusicalState:
    """The beat comes later by `ms` (negative: earlier), smoothly, and stays so against what is heard."""
    shift_s = ms / 1000
    state = replace(state, nudge_s=state.nudge_s + shift_s, owed_beats=state.owed_beats - shift_s / state.period_s)
    line = state.evidence.line
    if line is None or not state.evidence.forecast:
        return state
    # A tracker that forecasts is told by itself: so it will say from the next hop on.
    return replace(state, evidence=replace(state.evidence, line=replace(line, time_s=line.time_s + shift_s)))


def set_bpm(bpm: float, time_s: float, state: MusicalState) -> MusicalState:
    """The tempo by hand; the bar position goes on from where it is."""
    return replace(_taken_over("manual", _retimed(60 / bpm, time_s, state)), taps_s=())


def multiply(factor: float, time_s: float, state: MusicalState) -> MusicalState:
    """Double or half the tempo. The present bar line stays one. A range of tempi that this leaves moves with it."""
    if factor not in (0.5, 2.0):
        raise CueError(f'"bpm_mul" needs 0.5 or 2, not {factor:g}.')
    bpm = 60 / state.period_s * factor
    if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
        return state
    beats = state.beats_at(time_s)
    bar_beats = math.floor(beats / state.metre) * state.metre
    octave = state.octave + round(math.log2(factor))
    tempo_range = state.tempo_range if state.tempo_range.holds(bpm) else state.tempo_range.times(factor)
    state = replace(_retimed(60 / bpm, time_s, state), octave=octave, tempo_range=tempo_range)
    return state.placed(time_s, bar_beats + (beats - bar_beats) * factor)


def limit(tempo_range: TempoRange, time_s: float, state: MusicalState) -> MusicalState:
    """The tempi that are possible. Where the octave is clear by that, the clock goes there at once, unless the tempo is
    held."""
    clear = tempo_range.fixes_octave and not state.held
    octaves = tempo_range.octaves_into(60 / state.period_s) if clear else 0
    state = replace(state, tempo_range=TempoRange())
    for _ in range(abs(octaves)):
        state = multiply(2.0 if octaves > 0 else 0.5, time_s, state)
    return replace(state, tempo_range=tempo_range)


def follow(state: MusicalState) -> MusicalState:
    """The audio leads again, and finds tempo, bar line and metre by itself. Nothing moves before it has been heard;
    nudges and the range of tempi stay."""
    return replace(
        state, held=False, performer=False, pinned=False, metre_set=False, off_beat=False, octave=0, taps_s=()
    )


def lock(held: bool, state: MusicalState) -> MusicalState:
    """Locked, tempo and phase no longer follow the audio. Unlocked, the audio leads again, whoever led before."""
    return replace(state, held=held, performer=state.performer and held)


def set_metre(beats_per_bar: int, time_s: float, state: MusicalState) -> MusicalState:
    """Beats per bar; the present bar line stays one."""
    if beats_per_bar == state.metre:
        return replace(state, metre_set=True)
    beats = state.beats_at(time_s)
    bar = math.floor(beats / state.metre)
    since_bar = beats - bar * state.metre
    state = replace(state, bars=state.bars * state.metre / beats_per_bar, metre=beats_per_bar, metre_set=True)
    state = state.placed(time_s, bar * beats_per_bar + since_bar)
    return replace(state, vote=state.vote.fresh(beats_per_bar))


def _beat_at(time_s: float, state: MusicalState) -> MusicalState:
    """The performer hears a beat at `time_s`; where the tracker has none there, that is so from now on."""
    line = state.evidence.line
    if line is None or state.evidence.forecast:
        return state  # a tracker that forecasts is told by itself
    off_beat = abs(line.error_of(time_s - state.nudge_s)) > OFF_BEAT and state.period_s > 0.75 * line.period_s
    return replace(state, off_beat=off_beat)


def _retimed(period_s: float, time_s: float, state: MusicalState) -> MusicalState:
    """Another tempo from `time_s` on, at the same position there."""
    beats = state.beats_at(time_s)
    changed = replace(state, period_s=period_s)
    shift = beats - changed.beats_at(time_s)
    return replace(changed, bars=changed.bars + shift / state.metre)


def _taken_over(source: ClockSource, state: MusicalState) -> MusicalState:
    octave = math.floor(math.log2(60 / state.period_s / LOWEST_BPM) + 1e-9)
    return replace(
        state,
        source=source,
        state="locked",
        confidence=1.0,
        performer=True,
        octave=octave,
    )
