"""What a token costs: the cached step as on stage, beside recomputing the window from scratch as published.

MEGADance slides its window by one token and computes all of it again, attention and Mamba from the start, and decodes
it again; our step keeps rings, states and left contexts. Both are measured in turn, in one run, with the same weights
and cues, and the median is taken.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from megadance_live.core.conditioning import CONDITION_SIZE
from megadance_live.core.dancer import Dancer, TokenCue
from megadance_live.core.motion import TOKEN_S
from models.streaming import StreamingDancer
from models.windowed import WindowedDancer

SLOTS = 15
_TOKENS = 40


@dataclass(frozen=True)
class StepCost:
    """Seconds of CPU for one second of dance, generator and decoder only. `cached_s` is None for a dancer that cannot
    be streamed."""

    cached_s: float | None
    uncached_s: float

    @property
    def saving(self) -> float | None:
        """How many times cheaper the cached step is."""
        return self.uncached_s / self.cached_s if self.cached_s else None


def step_cost(dancer: StreamingDancer | WindowedDancer, tokens: int = _TOKENS) -> StepCost:
    """The median over `tokens` tokens, once the window is full."""
    window = dancer.generator.config.window
    measured: list[Dancer] = [WindowedDancer(dancer.name, dancer.tokenizer, dancer.generator)]
    if isinstance(dancer, StreamingDancer):
        measured.append(dancer)
    # Whole tokens of eight frames: one is composed on every second cue.
    stride = dancer.tokenizer.config.token_frames // 4
    states: list[Any] = [each.initial_state() for each in measured]
    spent = np.zeros((window + tokens, len(measured)))
    for number in range(len(spent)):
        for which, each in enumerate(measured):
            begun = time.process_time()
            for cue in range(stride * number, stride * (number + 1)):
                _, states[which] = each.step(_cue(dancer.experts[0], cue), states[which])
            spent[number, which] = time.process_time() - begun
    medians = np.median(spent[window:], axis=0) / (stride * TOKEN_S)
    return StepCost(float(medians[1]) if len(measured) > 1 else None, float(medians[0]))


def _cue(expert: str, number: int) -> TokenCue:
    """Music without anything in it."""
    bar, slot = divmod(number, SLOTS)
    return TokenCue(np.zeros(CONDITION_SIZE, np.float32), bar, slot, SLOTS, expert)
