"""What one token step hears of the music: pooled causal features and the phase of the bar that it will cover.

A condition only ever grows at its end, so that a dancer trained on a shorter one reads the first part of it.

The published system takes every eighth feature frame as it is and so misses most beats and onsets; here means are
taken over the token, and maxima for onsets. The phase of the coming token is known ahead from the bar clock.
"""

import math

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import BEAT, FEATURE_COUNT, HAT, HIGH, KICK, LOUDNESS, ONSET, PEAK

F32 = npt.NDArray[np.float32]

HEARD_HOPS = 4
"""Feature frames pooled for the recent music of a token."""
CONTEXT_HOPS = 60
"""Feature frames (2 s) over which the level of the music is averaged."""
HEARING_DELAY_HOPS = 8
"""A token is composed this many feature frames before its first pose is due: one token of decoder look-ahead, then
capture, computing and sending."""

_FIRST = HIGH + 1
"""Features whose pooled values stand before the phase; those of the others stand after it."""
_EVENTS = [PEAK, BEAT, *range(KICK, HAT + 1)]
_PHASE_AT = _FIRST + 1 + 4
PHASE_SIZE = 10
MUSIC_SIZE = FEATURE_COUNT + 1 + 4
CONDITION_SIZE = MUSIC_SIZE + PHASE_SIZE
PHASE = slice(_PHASE_AT, _PHASE_AT + PHASE_SIZE)
"""Where the phase stands in a condition; all else is music."""


def pool_music(recent: F32) -> F32:
    """[MUSIC_SIZE] from the last feature frames [n, FEATURE_COUNT] (n >= 1, CONTEXT_HOPS are enough): means over
    HEARD_HOPS (maxima of what only happens in a moment), with the greatest onset and the mean levels of the last two
    seconds after the first 39."""
    heard = recent[-HEARD_HOPS:]
    pooled = heard.mean(axis=0)
    pooled[_EVENTS] = heard[:, _EVENTS].max(axis=0)
    context = recent[-CONTEXT_HOPS:, LOUDNESS:_FIRST].mean(axis=0)
    pieces = [pooled[:_FIRST], [heard[:, ONSET].max()], context, pooled[_FIRST:]]
    return np.concatenate(pieces).astype(np.float32)


def sample_music(recent: F32) -> F32:
    """[MUSIC_SIZE] from the last feature frame alone, as the published system hears it: no maxima, and no context but
    that frame."""
    return pool_music(recent[-1:])


def late_music(condition: F32) -> F32:
    """Conditions [..., n, CONDITION_SIZE] with the music of the token before, and none in the first."""
    late = np.zeros_like(condition)
    late[..., 1:, :] = condition[..., :-1, :]
    late[..., PHASE] = condition[..., PHASE]
    return late


def condition_from(music: F32, phase: F32) -> F32:
    """[..., CONDITION_SIZE] from pooled music [..., MUSIC_SIZE] and phase [..., 10]."""
    pieces = [music[..., :_PHASE_AT], phase, music[..., _PHASE_AT:]]
    return np.concatenate(pieces, axis=-1).astype(np.float32)


def phase_of(slot: int, slots: int, beats_per_bar: int, bar_s: float, confidence: float, silent: bool) -> F32:
    """[10] for the token in `slot` of a bar of `slots` tokens: beat phase at its start (sine and cosine, and of twice
    the phase), bar phase, beats that it spans, log2 of tempo / 120 bpm, confidence of the clock, silence."""
    start = slot / slots
    beat = 2 * math.pi * (start * beats_per_bar)
    bar = 2 * math.pi * start
    tempo_bpm = 60.0 * beats_per_bar / bar_s
    return np.array(
        [
            math.sin(beat),
            math.cos(beat),
            math.sin(2 * beat),
            math.cos(2 * beat),
            math.sin(bar),
            math.cos(bar),
            beats_per_bar / slots,
            math.log2(tempo_bpm / 120.0),
            confidence,
            float(silent),
        ],
        np.float32,
    )


def slots_of(bar_s: float, token_s: float = 4 / 30) -> int:
    """Whole tokens in a bar, so that playback is stretched by a few per cent at most."""
    return max(1, math.floor(bar_s / token_s + 0.5))
