"""How the bar clock follows a tracker that forecasts: smoothly while they agree; where they do not, it waits until the
tracker has been sure of something else for a while, and then goes there.

Where the music goes on without a clear beat (a break, pads) the forecasts become unsure. The clock then holds: it runs
on by itself, as in silence, until they are sure again. It is lost when they are unsure and elsewhere for long.
"""

from dataclasses import replace

from megadance_live.core.music_frame import FRAME_RATE_HZ
from megadance_live.music.beat_line import BeatLine, Evidence
from megadance_live.music.clock_state import MusicalState, forecast_line, phase_error
from megadance_live.music.tracker import BarGuess, Beat

HOP_S = 1.0 / FRAME_RATE_HZ
SURE = 0.3
"""A forecast less sure than this moves nothing."""
FIRST_LOCK_S = 0.3
MOVE_S = 0.4
"""For so long the tracker must be sure of another beat before the clock gives up its own."""
OCTAVE_S = 1.2
"""For so long it must be sure that the tempo is twice or half as fast: both are right, and changing is seen."""
HOLD_BELOW, LOCK_FROM = 0.25, 0.35
"""A confidence, as the clock shows it, below which it no longer follows, and from which it does again."""
AGREE_BEATS, AGREE_TEMPO = 0.15, 0.08
TEMPO_PULL_S = 0.5
"""Time constants with which the clock takes over tempo and confidence."""
CONFIDENCE_PULL_S = 0.7
BAR_SURE = 0.6
BAR_MOVE_BEATS = 4
"""For so many beats the tracker must be sure of another bar line before it is moved."""
BAR_MOVES_AT = (0.2, 0.8)
"""Between beats: who listens for beats then hears each of them once."""
JUMP_BEATS = 0.1


def believe(beat: Beat, state: MusicalState) -> MusicalState:
    """With a forecast of the next beat, made for the hop that has just passed."""
    said = BeatLine(beat.time_s, beat.period_s, beat.confidence)
    state = replace(state, evidence=Evidence(line=said, forecast=True))
    line = forecast_line(said, state)
    if state.held:
        return state
    if agrees(line, state) and state.source != "free":
        return _keep_bar(beat, _follow(line, state))
    if state.pinned and _half_a_beat_off(line, state):
        return replace(state, off_beat=not state.off_beat)
    away_s = state.away_s + HOP_S if beat.confidence > _needed_confidence(state) else 0.0
    state = replace(state, away_s=away_s)
    if state.performer:
        return state
    return _keep_bar(beat, _go(line, state)) if away_s >= _needed_s(line, state) else _doubt(beat, state)


def agrees(line: BeatLine, state: MusicalState) -> bool:
    """Whether a line is near enough in phase and tempo to be followed smoothly."""
    near = abs(phase_error(line, state) + state.owed_beats) < AGREE_BEATS
    return near and abs(line.period_s / state.period_s - 1) < AGREE_TEMPO


def _needed_confidence(state: MusicalState) -> float:
    """How sure the tracker must be of another beat: where there was none for a while, noise must not pass for one."""
    return SURE if state.state in ("searching", "locked") or _begins(state) else LOCK_FROM


def _begins(state: MusicalState) -> bool:
    """Whether sound has just set in."""
    return state.sound_began_s is not None and state.time_s - state.sound_began_s < FIRST_LOCK_S


def _needed_s(line: BeatLine, state: MusicalState) -> float:
    """For how long the tracker must be sure of another beat."""
    if state.source != "audio" or state.state != "locked":
        return FIRST_LOCK_S
    ratio = line.period_s / state.period_s
    return OCTAVE_S if any(abs(ratio / octave - 1) < AGREE_TEMPO for octave in (0.5, 2.0)) else MOVE_S


def _half_a_beat_off(line: BeatLine, state: MusicalState) -> bool:
    """The performer knows better on which half the beat is."""
    same_tempo = abs(line.period_s / state.period_s - 1) < AGREE_TEMPO
    return same_tempo and abs(phase_error(line, state) + state.owed_beats) > 0.5 - AGREE_BEATS


def _follow(line: BeatLine, state: MusicalState) -> MusicalState:
    state = replace(state, away_s=0.0)
    if state.performer and line.quality < SURE:
        return state
    confidence = _nearer(line.quality, state.confidence)
    state = replace(state, source="audio", performer=False, confidence=confidence, agreed_s=state.time_s)
    if not _locks(line, state):
        return replace(state, state="lost" if state.state == "lost" else "holding")
    pull = HOP_S / TEMPO_PULL_S
    return replace(state, state="locked", period_s=state.period_s + pull * (line.period_s - state.period_s))


def _locks(line: BeatLine, state: MusicalState) -> bool:
    """Whether a line that agrees is sure enough to be followed, or followed again: with the first sound, at once."""
    if state.state == "locked":
        return state.confidence >= HOLD_BELOW
    return line.quality > SURE and (_begins(state) or state.confidence >= LOCK_FROM)


def _doubt(beat: Beat, state: MusicalState) -> MusicalState:
    """The tracker is elsewhere, or nowhere."""
    if state.source != "audio":
        return state
    state = replace(state, confidence=_nearer(min(1 - beat.confidence, beat.confidence), state.confidence))
    breaks = state.state == "locked" and beat.confidence < SURE and state.confidence < HOLD_BELOW
    return replace(state, state="holding") if breaks else state


def _nearer(confidence: float, before: float) -> float:
    return before + HOP_S / CONFIDENCE_PULL_S * (confidence - before)


def _go(line: BeatLine, state: MusicalState) -> MusicalState:
    """Onto the line, by a jump where it is far."""
    first = state.source == "free"
    other_tempo = abs(line.period_s / state.period_s - 1) >= AGREE_TEMPO
    error = phase_error(line, state)
    state = replace(state, period_s=line.period_s)
    if first or other_tempo or abs(error) > JUMP_BEATS:
        # The nearest beat of the clock is put on the line.
        state = state.moved(-error)
        # Other music has other bars.
        state = replace(state, locked_bars=state.bars, bar_against=0, pinned=first and state.pinned, off_beat=False)
    return replace(
        state,
        source="audio",
        state="locked",
        performer=False,
        confidence=max(state.confidence, line.quality) if first else line.quality,
        agreed_s=state.time_s,
        away_s=0.0,
    )


def _keep_bar(beat: Beat, state: MusicalState) -> MusicalState:
    """Let the tracker's bar line move the clock's, once for each beat that it has forecast."""
    bar = beat.bar
    if bar is None or state.source != "audio":
        return state
    number = round(state.beats_at(beat.time_s))
    phase = state.beats_at(state.time_s) % 1
    if number == state.bar_weighed or not BAR_MOVES_AT[0] < phase < BAR_MOVES_AT[1]:
        return state
    state = replace(state, bar_weighed=number)
    fresh = state.bars - state.locked_bars < 1
    if bar.confidence < BAR_SURE and not fresh:
        return state
    if bar.metre == state.metre and (number - bar.number) % state.metre == 0:
        return replace(state, bar_against=0)
    against = state.bar_against + 1
    kept = state.pinned or state.performer or (state.metre_set and bar.metre != state.metre)
    if kept or (against < BAR_MOVE_BEATS and not fresh):
        return replace(state, bar_against=against)
    return _rebarred(number, bar, replace(state, bar_against=0))


def _rebarred(number: int, bar: BarGuess, state: MusicalState) -> MusicalState:
    """Beat `number` becomes number `bar.number` of a bar of `bar.metre`; where beats fall stays as it is."""
    beats = state.bars * state.metre
    shift = (bar.number - number) % bar.metre
    bars = (beats + shift) / bar.metre
    return replace(state, bars=bars, metre=bar.metre, epoch=state.epoch + 1, vote=state.vote.fresh(bar.metre))
