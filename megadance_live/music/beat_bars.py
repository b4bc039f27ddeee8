"""Which beat begins the bar, and how many beats a bar has: a forward filter over metre and position, a step a beat.

Three things tell of a first beat: the network's downbeat, harmony that changes with it and is not that of four beats
before (Davies and Plumbley, EUSIPCO 2006), and the bass. The weights are those of a logistic regression on half of the
development clips each way (docs/beats.md). A beat's harmony is known when the next beat falls, so each is weighed then.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import CHROMA, FRAME_RATE_HZ, LOW
from megadance_live.music.tracker import BarGuess

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

METRES = (3, 4, 5, 6, 7)
USUAL: F64 = np.array([0.03, 0.92, 0.01, 0.03, 0.01])
"""How common these metres are in what people dance to."""
SLIP = 0.004
"""How likely a beat was counted twice, or one not at all."""
CHANGE = 0.002
"""How likely another metre begins on a bar line."""
METRE_POWER = 0.1
"""The network says of the metre much the same at every beat: each counts for so much."""
METRE_FLOOR = 0.02

SHARE_WEIGHT, CHANGE_WEIGHT, REPEAT_WEIGHT, BASS_WEIGHT, BIAS = 0.62, 0.68, -0.66, 0.78, 0.42
LEAST_BEAT = 0.05
LEAST_SHARE, MOST_SHARE = 0.03, 0.97
MOST_LOG_ODDS = 8.0
REPEAT_BEATS = 4
NORM_GAIN, LEAST_DEVIATION, MOST_DEVIATIONS = 0.03, 0.05, 3.0
HISTORY_HOPS = 4 * FRAME_RATE_HZ
BASS_HOPS = 4
"""The bass of a beat is the loudest of so many hops from it on."""

_FIRST = np.concatenate([[0], np.cumsum(METRES)[:-1]])
_STATES = sum(METRES)
_METRE_OF = np.repeat(np.arange(len(METRES)), METRES)
_POSITION_OF = np.concatenate([np.arange(metre) for metre in METRES])


@dataclass(frozen=True)
class HeardBeat:
    """A beat that fell in hop `hop`, and the network's probabilities there."""

    hop: int
    beat: float
    downbeat: float
    metre: F64  # [METRES]


@dataclass(frozen=True)
class BarState:
    """`weights` [states] of the beat after the last that was weighed; `history` of the features of the hops up to
    `hop`, newest last; `harmonies` of the latest beats; running mean and variance of (change, repeat, bass) over
    `beats` beats."""

    weights: F64
    hop: int = 0
    history: tuple[F32, ...] = ()
    harmonies: tuple[F32, ...] = ()
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    var: tuple[float, ...] = (1.0, 1.0, 1.0)
    beats: int = 0


def _steps() -> F64:
    """[states, states] from each (metre, position) to those that the next beat may be."""
    step = np.zeros((_STATES, _STATES))
    for metre_index, metre in enumerate(METRES):
        for position in range(metre):
            here = _FIRST[metre_index] + position
            following = _FIRST[metre_index] + (position + 1) % metre
            stays = CHANGE if position == metre - 1 else 0.0
            step[here, following] += (1 - 2 * SLIP) * (1 - stays)
            step[here, here] += SLIP
            step[here, _FIRST[metre_index] + (position + 2) % metre] += SLIP
            if stays:
                step[here, _FIRST] += (1 - 2 * SLIP) * stays * USUAL
    return step


_STEP = _steps()


def no_bars() -> BarState:
    """What is believed of the next beat before any was heard."""
    return BarState((USUAL / np.array(METRES))[_METRE_OF])


def heard(features: F32, state: BarState) -> BarState:
    """With one hop more."""
    return replace(state, hop=state.hop + 1, history=(*state.history, features)[-HISTORY_HOPS:])


def weighed(beat: HeardBeat, next_hop: int, state: BarState) -> BarState:
    """With a beat, of which all is known now that the next has fallen in `next_hop`."""
    log_odds, state = _log_odds(beat, next_hop, state)
    metre = (beat.metre + METRE_FLOOR) ** METRE_POWER
    weights = state.weights * np.where(_POSITION_OF == 0, np.exp(log_odds), 1.0) * metre[_METRE_OF]
    return replace(state, weights=(weights / weights.sum()) @ _STEP)


def unheard(beats: int, state: BarState) -> BarState:
    """With so many beats of which nothing is known."""
    weights = state.weights
    for _ in range(beats):
        weights = weights @ _STEP
    return replace(state, weights=weights)


def guess(state: BarState) -> BarGuess:
    """The likeliest place of the next beat."""
    by_metre = np.add.reduceat(state.weights, _FIRST)
    metre_index = int(np.argmax(by_metre))
    first = int(_FIRST[metre_index])
    inside = state.weights[first : first + METRES[metre_index]]
    number = int(np.argmax(inside))
    return BarGuess(METRES[metre_index], number, float(inside[number]))


def _log_odds(beat: HeardBeat, next_hop: int, state: BarState) -> tuple[float, BarState]:
    """How much likelier what was heard of a beat is if it begins a bar."""
    rows = state.history[beat.hop - state.hop :][: max(1, next_hop - beat.hop)]
    if not rows or beat.hop < state.hop - len(state.history):
        return 0.0, state
    # The chroma window is long: the second half of a beat knows its own harmony best.
    harmony: F32 = np.mean([row[CHROMA] for row in rows[len(rows) // 2 :]], axis=0)
    before = state.harmonies
    change = _unlike(harmony, before[-1]) if before else 0.0
    repeat = _unlike(harmony, before[-REPEAT_BEATS]) if len(before) >= REPEAT_BEATS else 0.0
    bass = max(float(row[LOW]) for row in rows[:BASS_HOPS])
    (change, repeat, bass), state = _relative((change, repeat, bass), state)
    share = min(max(beat.downbeat / max(beat.beat, LEAST_BEAT), LEAST_SHARE), MOST_SHARE)
    log_odds = BIAS + SHARE_WEIGHT * float(np.log(share / (1 - share)))
    log_odds += CHANGE_WEIGHT * change + REPEAT_WEIGHT * repeat + BASS_WEIGHT * bass
    state = replace(state, harmonies=(*before, harmony)[-REPEAT_BEATS:], beats=state.beats + 1)
    return min(max(log_odds, -MOST_LOG_ODDS), MOST_LOG_ODDS), state


def _relative(values: tuple[float, ...], state: BarState) -> tuple[tuple[float, ...], BarState]:
    """Each in deviations from its running mean."""
    gain = max(NORM_GAIN, 1 / (state.beats + 1))
    away = [value - mean for value, mean in zip(values, state.mean, strict=True)]
    deviations = [max(var**0.5, LEAST_DEVIATION) for var in state.var]
    relative = tuple(
        min(max(a / deviation, -MOST_DEVIATIONS), MOST_DEVIATIONS)
        for a, deviation in zip(away, deviations, strict=True)
    )
    mean = tuple(m + gain * a for m, a in zip(state.mean, away, strict=True))
    var = tuple((1 - gain) * (v + gain * a * a) for v, a in zip(state.var, away, strict=True))
    return relative, replace(state, mean=mean, var=var)


def _unlike(a: F32, b: F32) -> float:
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return 1 - float(a @ b) / (lengths + 1e-6)
