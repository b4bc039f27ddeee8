"""What a token costs: the cached step as on stage, beside recomputing the window from scratch as published.

MEGADance slides its window by one token and computes all of it again, attention and Mamba from the start, and decodes
it again; our step keeps rings, states and left contexts. Both are measured in turn, in one run, with the same weights
and cues, and the median is taken.
"""

import time
from dataclasses import dataclass

import numpy as np

from megadance_live.core.conditioning import CONDITION_SIZE
from megadance_live.core.dancer import Dancer, TokenCue
from megadance_live.core.motion import TOKEN_FRAMES, TOKEN_S
from models.streaming import StreamingDancer
from models.windowed import WindowedDancer

SLOTS = 15
_TOKENS = 40
_IN_TURN = 8
"""Tokens before the other's turn: right after the other's token, each would pay for the other's data in the caches."""


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
    windowed = _Watch(WindowedDancer(dancer.name, dancer.tokenizer, dancer.generator))
    streaming = _Watch(dancer) if isinstance(dancer, StreamingDancer) else None
    window = dancer.generator.config.window
    for start in range(0, window + tokens, _IN_TURN):
        for watch in (windowed, streaming):
            if watch is not None:
                watch.dance(range(start, min(start + _IN_TURN, window + tokens)))
    return StepCost(streaming.cost_s(window) if streaming is not None else None, windowed.cost_s(window))


class _Watch:
    """One dancer, and what each token cost it."""

    def __init__(self, dancer: StreamingDancer | WindowedDancer) -> None:
        self._dancer: Dancer = dancer
        # Cues for one token: where it has eight frames, it is composed on every second.
        self._cues = dancer.tokenizer.config.token_frames // TOKEN_FRAMES
        self._state = self._dancer.initial_state()
        self._spent_s: list[float] = []

    def dance(self, numbers: range) -> None:
        for number in numbers:
            begun = time.process_time()
            for cue in range(self._cues * number, self._cues * (number + 1)):
                _, self._state = self._dancer.step(_cue(self._dancer.experts[0], cue), self._state)
            self._spent_s.append(time.process_time() - begun)

    def cost_s(self, skipped: int) -> float:
        """For a second of dance, without the first tokens."""
        return float(np.median(self._spent_s[skipped:])) / (self._cues * TOKEN_S)


def _cue(expert: str, number: int) -> TokenCue:
    """Music without anything in it."""
    bar, slot = divmod(number, SLOTS)
    return TokenCue(np.zeros(CONDITION_SIZE, np.float32), bar, slot, SLOTS, expert)
