"""The bar clock: believes beats with caution, runs ahead of them, and never stands still.

The clock extrapolates; beats heard only correct it. Once locked it slews (at most 4 % faster or slower, never back).
`epoch` counts where it had to jump: a first lock, a lock after loss, and what the performer asks for.
"""

import math
from dataclasses import dataclass, replace

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.music_frame import FRAME_RATE_HZ
from megadance_live.core.stage import StageSpec
from megadance_live.music import clock_commands, clock_forecast
from megadance_live.music.beat_line import BeatLine, Evidence
from megadance_live.music.clock_state import MusicalState, heard_line, phase_error
from megadance_live.music.features import HopFeatures
from megadance_live.music.tracker import Beat

HOP_S = 1.0 / FRAME_RATE_HZ
SLEW = 0.04
NUDGE_SLEW = 0.25
PULL_S = 0.35  # time constant with which a phase error is slewed away, within the limit
TEMPO_GAIN = 0.35  # per beat
FOLLOW_BEATS = 0.2
FOLLOW_TEMPO = 0.08
"""A line nearer than this in phase and tempo is followed; one further away must persist before the clock jumps."""
JUMP_BEATS = 0.1
RELOCK_BEATS = 8
CROSS_RHYTHM_BEATS = 24
SETTLED_BARS = 8
"""Three against two or four is what trackers fall for more often than what the music does, once a lock has settled."""
FIRST_LOCK_QUALITY = 0.5
LOST_BEATS = 8
HOLD_FADE_S = 30.0
LOST_FADE_S = 4.0
BAR_VOTE_BARS = 16
"""The ear may move the bar line for so many bars after a lock, then no more: the audience has seen where it is."""
BAR_VOTE_MARGIN = 3.0
BAR_START_VOTE = 1.5
BAR_VOTE_FIRST_BEATS = 7


@dataclass(frozen=True)
class ClockInput:
    """What one hop says: the beats that became known with it (stream times), and its features."""

    beats: tuple[Beat, ...]
    features: HopFeatures


class MusicalClock:
    """Stage: ClockInputs -> one BarClock each, valid from the end of the hop on."""

    spec = StageSpec(1, 0.0, float("inf"))

    def initial_state(self) -> MusicalState:
        return MusicalState()

    def step(self, hops: list[ClockInput], state: MusicalState, /) -> tuple[list[BarClock], MusicalState]:
        out: list[BarClock] = []
        for hop in hops:
            state = _hop(hop, state)
            out.append(state.clock)
        return out, state

    def command(self, command: Command, time_s: float, state: MusicalState) -> MusicalState:
        """The words of clock_commands; the stream time `time_s` is when it was asked for.
        Raises CueError for a value that makes no sense. Other commands change nothing."""
        return clock_commands.apply(command, time_s, state)


def _hop(hop: ClockInput, state: MusicalState) -> MusicalState:
    before = state
    state = _advance(state)
    state = _begin(hop.features.silent, state)
    for beat in hop.beats if not hop.features.silent else ():
        state = _believe(beat, state)
    state = _watch(hop.features.silent, state)
    return _count(hop.features, before, state)


def _advance(state: MusicalState) -> MusicalState:
    """One hop on, with what is owed to a nudge or to the beats heard."""
    step = HOP_S / state.period_s
    nudge = max(-NUDGE_SLEW * step, min(NUDGE_SLEW * step, state.owed_beats))
    slew = 0.0
    if _follows(state) and (line := heard_line(state)) is not None and _agrees(line, state):
        # What a nudge still owes is not an error against the beats.
        error = phase_error(line, state) + state.owed_beats
        slew = max(-SLEW * step, min(SLEW * step, -error * HOP_S / PULL_S))
    bars = state.bars + (step + nudge + slew) / state.metre
    return replace(state, hop=state.hop + 1, bars=bars, owed_beats=state.owed_beats - nudge)


def _follows(state: MusicalState) -> bool:
    return state.source == "audio" and state.state == "locked" and not state.held


def _agrees(line: BeatLine, state: MusicalState) -> bool:
    near = abs(phase_error(line, state) + state.owed_beats) < FOLLOW_BEATS
    return near and abs(line.period_s / state.period_s - 1) < FOLLOW_TEMPO


def _begin(silent: bool, state: MusicalState) -> MusicalState:
    """Note when the music began: people start it on a first beat."""
    if silent:
        return replace(state, sound_began_s=None)
    return state if state.sound_began_s is not None else replace(state, sound_began_s=state.time_s - HOP_S / 2)


def _believe(beat: Beat, state: MusicalState) -> MusicalState:
    if beat.forecast:
        return clock_forecast.believe(beat, state)
    state = replace(state, evidence=state.evidence.add(beat))
    line = heard_line(state)
    if line is None or state.held:
        return state
    if state.evidence.off:
        return _doubt(state)
    if state.source == "free" or (state.source == "audio" and state.state == "holding"):
        return _lock(line, state) if line.quality > FIRST_LOCK_QUALITY else state
    if state.performer:
        return _assist(line, state)
    if _agrees(line, state):
        return _follow(line, state)
    needed = CROSS_RHYTHM_BEATS if _cross_rhythm(line, state) else RELOCK_BEATS
    if state.evidence.confirmed >= needed and line.quality > FIRST_LOCK_QUALITY:
        return _lock(line, state)
    return _doubt(state)


def _cross_rhythm(line: BeatLine, state: MusicalState) -> bool:
    ratio = line.period_s / state.period_s
    settled = state.bars - state.locked_bars > SETTLED_BARS
    return settled and any(abs(ratio / cross - 1) < 0.02 for cross in (2 / 3, 3 / 4, 4 / 3, 3 / 2))


def _lock(line: BeatLine, state: MusicalState) -> MusicalState:
    """Onto the line, by a jump where it is far."""
    error = phase_error(line, state)
    first = state.source == "free"
    jumps = first or abs(error) > JUMP_BEATS
    if jumps:
        now_beats = state.beats_at(state.time_s)
        state = replace(state, period_s=line.period_s)
        on_line = (state.time_s - line.time_s) / line.period_s
        shift = on_line - now_beats
        state = state.moved(shift - round(shift))
    confidence = max(state.confidence, 0.5 * line.quality)
    state = replace(
        state,
        period_s=line.period_s,
        source="audio",
        state="locked",
        performer=False,
        confidence=confidence,
        agreed_s=state.time_s,
    )
    if not jumps:
        return state
    # A bar line that the performer set while nothing was heard yet stands; other music has other bars.
    pinned = first and state.pinned
    state = replace(state, vote=state.vote.fresh(state.metre), locked_bars=state.bars, pinned=pinned)
    return state if pinned else _begin_bar_where_the_music_began(state)


def _begin_bar_where_the_music_began(state: MusicalState) -> MusicalState:
    if state.sound_began_s is None or state.time_s - state.sound_began_s > 24 * state.period_s:
        return state
    beats = state.beats_at(state.sound_began_s)
    if abs(beats - round(beats)) > 0.2:
        return state
    shift = -round(beats) % state.metre
    if shift:
        state = replace(state, bars=state.bars + shift / state.metre)
    return replace(state, vote=state.vote.favouring(0, BAR_START_VOTE), locked_bars=state.bars)


def _follow(line: BeatLine, state: MusicalState) -> MusicalState:
    trust = min(1.0, state.evidence.confirmed / 8)
    confidence = state.confidence + 0.25 * (line.quality * trust - state.confidence)
    period_s = state.period_s + TEMPO_GAIN * (line.period_s - state.period_s)
    return replace(
        state, period_s=period_s, source="audio", state="locked", confidence=confidence, agreed_s=state.time_s
    )


def _assist(line: BeatLine, state: MusicalState) -> MusicalState:
    """The performer has set the time; audio that agrees takes over the fine work. A tempo typed in says no phase."""
    same_tempo = abs(line.period_s / state.period_s - 1) < 0.5 * FOLLOW_TEMPO
    near = state.source == "manual" or abs(phase_error(line, state)) < FOLLOW_BEATS
    if not (same_tempo and near and line.quality > FIRST_LOCK_QUALITY and state.evidence.confirmed >= RELOCK_BEATS):
        return state
    return replace(
        state, source="audio", state="locked", performer=False, confidence=line.quality, agreed_s=state.time_s
    )


def _doubt(state: MusicalState) -> MusicalState:
    """A beat fell where the clock has none."""
    if state.source != "audio":
        return state
    return replace(state, confidence=state.confidence * 0.92)


def _watch(silent: bool, state: MusicalState) -> MusicalState:
    """Holding while the music is silent, lost while it plays and no beat agrees. A tracker that forecasts makes the
    clock hold while it plays, too (clock_forecast.py)."""
    if state.source != "audio" or state.held:
        return state
    if silent:
        faded = state.confidence * math.exp(-HOP_S / HOLD_FADE_S)
        evidence = state.evidence if state.state == "holding" else Evidence(forecast=state.evidence.forecast)
        return replace(state, state="holding", confidence=faded, evidence=evidence)
    if state.state == "holding" and not state.evidence.forecast:
        return state
    since_s = max(state.agreed_s, state.sound_began_s or 0.0)
    if state.time_s - since_s < LOST_BEATS * state.period_s:
        return state
    return replace(state, state="lost", confidence=state.confidence * math.exp(-HOP_S / LOST_FADE_S))


def _count(features: HopFeatures, before: MusicalState, state: MusicalState) -> MusicalState:
    """Vote on the bar with the beat that has just passed, and move the bar line where the vote is clear. A tracker that
    forecasts knows better."""
    if state.evidence.forecast:
        return state
    state = replace(state, vote=state.vote.heard(features.features))
    beat = math.floor(state.bars * state.metre)
    moved = before.epoch != state.epoch or before.metre != state.metre
    if moved or features.silent or beat == math.floor(before.bars * before.metre):
        return state
    hops = round(state.period_s * FRAME_RATE_HZ)
    state = replace(state, vote=state.vote.passed(beat - 1, hops))
    return _move_bar(state)


def _move_bar(state: MusicalState) -> MusicalState:
    since_lock = state.bars - state.locked_bars
    open_to_change = not (state.pinned or state.held or state.performer) and state.source == "audio"
    if not open_to_change or since_lock > BAR_VOTE_BARS or state.vote.beats < BAR_VOTE_FIRST_BEATS:
        return state
    if state.vote.margin < BAR_VOTE_MARGIN:
        return state
    shift = state.metre - state.vote.best
    return replace(state.moved(shift), vote=state.vote.shifted(shift))
