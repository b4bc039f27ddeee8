"""Which beat begins the bar, and how many beats a bar has: a forward filter over metre and position, a step a beat.

Three things tell of a first beat: the network's downbeat, harmony that changes with it and is not that of four beats
before (Davies and Plumbley, EUSIPCO 2006), and the bass. The weights are those of a logistic regression on half of the
development clips each way (docs/beats.md). A beat's harmony is known when the next beat falls, so each is weighed then.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from megadance_live.core.music_frame import CHROMA, FRAME_RATE_HZ, LOW
from megadance_live.music.tracker import BarGuess

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Index = npt.NDArray[np.intp]

METRES = (3, 4, 5, 6, 7)
"""Those that are looked for, unless the performer has set one."""
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


@dataclass(frozen=True)
class HeardBeat:
    """A beat that fell in hop `hop`, and the network's probabilities there."""

    hop: int
    beat: float
    downbeat: float
    metre: F64  # [METRES]


@dataclass(frozen=True)
class BarState:
    """`weights` [states of `metres`] of the beat after the last that was weighed; `history` of the features of the hops
    up to `hop`, newest last; `harmonies` of the latest beats; running mean and variance of (change, repeat, bass) over
    `beats` beats."""

    weights: F64
    metres: tuple[int, ...] = METRES
    hop: int = 0
    history: tuple[F32, ...] = ()
    harmonies: tuple[F32, ...] = ()
    mean: tuple[float, ...] = (0.0, 0.0, 0.0)
    var: tuple[float, ...] = (1.0, 1.0, 1.0)
    beats: int = 0


@dataclass(frozen=True)
class _Space:
    """The pairs of a metre and a position in the bar: `first` [metres] state of each metre; `metre` (its index) and
    `position` [states]; `usual` [metres] how common each is; `step` [states, states] from one beat to the next."""

    first: Index
    metre: Index
    position: Index
    usual: F64
    step: F64


@lru_cache
def _space(metres: tuple[int, ...]) -> _Space:
    first = np.concatenate([[0], np.cumsum(metres)[:-1]])
    usual = USUAL if metres == METRES else np.full(len(metres), 1 / len(metres))
    step = np.zeros((sum(metres), sum(metres)))
    for metre_index, metre in enumerate(metres):
        for position in range(metre):
            here = first[metre_index] + position
            following = first[metre_index] + (position + 1) % metre
            stays = CHANGE if position == metre - 1 else 0.0
            step[here, following] += (1 - 2 * SLIP) * (1 - stays)
            step[here, here] += SLIP
            step[here, first[metre_index] + (position + 2) % metre] += SLIP
            if stays:
                step[here, first] += (1 - 2 * SLIP) * stays * usual
    positions = np.concatenate([np.arange(metre) for metre in metres])
    return _Space(first, np.repeat(np.arange(len(metres)), metres), positions, usual, step)


def no_bars() -> BarState:
    """What is believed of the next beat before any was heard."""
    return BarState((USUAL / np.array(METRES))[_space(METRES).metre])


def counted_in(metres: tuple[int, ...], state: BarState) -> BarState:
    """With these metres alone, each as likely as is usual; the bar line stays where it is believed to be."""
    if metres == state.metres:
        return state
    before, after = _space(state.metres), _space(metres)
    weights = np.zeros(len(after.position))
    for metre_index, metre in enumerate(metres):
        states = after.first[metre_index] + before.position % metre
        np.add.at(weights, states, after.usual[metre_index] * state.weights)
    return replace(state, weights=weights, metres=metres)


def placed(number: int, state: BarState) -> BarState:
    """With a beat whose place is known: it is number `number` after the beginning of a bar (negative: before)."""
    space = _space(state.metres)
    by_metre = np.add.reduceat(state.weights, space.first)
    weights = np.zeros(len(state.weights))
    weights[space.first + number % np.array(state.metres)] = by_metre
    return replace(state, weights=weights)


def heard(features: F32, state: BarState) -> BarState:
    """With one hop more."""
    return replace(state, hop=state.hop + 1, history=(*state.history, features)[-HISTORY_HOPS:])


def weighed(beat: HeardBeat, next_hop: int, state: BarState) -> BarState:
    """With a beat, of which all is known now that the next has fallen in `next_hop`."""
    log_odds, state = _log_odds(beat, next_hop, state)
    space = _space(state.metres)
    weights = state.weights * np.where(space.position == 0, np.exp(log_odds), 1.0)
    if state.metres == METRES:
        weights *= ((beat.metre + METRE_FLOOR) ** METRE_POWER)[space.metre]
    return replace(state, weights=(weights / weights.sum()) @ space.step)


def unheard(beats: int, state: BarState) -> BarState:
    """With so many beats of which nothing is known."""
    if not beats:
        return state
    weights, step = state.weights, _space(state.metres).step
    for _ in range(beats):
        weights = weights @ step
    return replace(state, weights=weights)


def guess(state: BarState) -> BarGuess:
    """The likeliest place of the next beat."""
    space = _space(state.metres)
    metre_index = int(np.argmax(np.add.reduceat(state.weights, space.first)))
    metre, first = state.metres[metre_index], int(space.first[metre_index])
    inside = state.weights[first : first + metre]
    number = int(np.argmax(inside))
    return BarGuess(metre, number, float(inside[number]))


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
