"""Which beat begins the bar, and how many beats a bar has: a forward filter over metre and position, a step a beat."""

import numpy as np
import numpy.typing as npt

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
USUAL_SHARE = 0.27
"""The network's downbeat as a part of its beat, over all beats: what says nothing about the bar."""
SHARPNESS = 0.7
LEAST_BEAT = 0.05
LEAST_SHARE, MOST_SHARE = 0.1, 0.95
METRE_POWER = 0.1
"""The network says of the metre much the same at every beat: each counts for so much."""

_FIRST = np.concatenate([[0], np.cumsum(METRES)[:-1]])
_STATES = sum(METRES)
_METRE_OF = np.repeat(np.arange(len(METRES)), METRES)
_POSITION_OF = np.concatenate([np.arange(metre) for metre in METRES])


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


def no_bars() -> F64:
    """[states] what is believed of the next beat before any was heard."""
    evenly: F64 = (USUAL / np.array(METRES))[_METRE_OF]
    return evenly


def after_beat(weights: F64, beat: float, downbeat: float, metre: F64) -> F64:
    """[states] of the beat after one at which the network said these probabilities, and of the metre [METRES]."""
    share = np.clip(downbeat / max(beat, LEAST_BEAT), LEAST_SHARE, MOST_SHARE)
    odds = (share / (1 - share)) / (USUAL_SHARE / (1 - USUAL_SHARE))
    likelihood = np.where(_POSITION_OF == 0, odds**SHARPNESS, 1.0) * ((metre + 0.02) ** METRE_POWER)[_METRE_OF]
    heard = weights * likelihood
    following: F64 = (heard / heard.sum()) @ _STEP
    return following


def after_unheard_beat(weights: F64) -> F64:
    """[states] of the beat after one of which nothing is known yet."""
    following: F64 = weights @ _STEP
    return following


def guess(weights: F64) -> BarGuess:
    """The likeliest place of the next beat."""
    by_metre = np.add.reduceat(weights, _FIRST)
    metre_index = int(np.argmax(by_metre))
    first = int(_FIRST[metre_index])
    inside = weights[first : first + METRES[metre_index]]
    number = int(np.argmax(inside))
    return BarGuess(METRES[metre_index], number, float(inside[number]))
