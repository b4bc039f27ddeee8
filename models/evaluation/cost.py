"""What a token costs: the cached step as on stage, beside recomputing the window from scratch as published.

MEGADance slides its window by one token and computes all of it again (attention and Mamba from the start, and the
decoder over the window); our step keeps rings, states and left contexts. Both are measured in turn, in one run, with
the same weights, and the median is taken.
"""

import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from megadance_live.core.conditioning import CONDITION_SIZE
from megadance_live.core.dancer import TokenCue
from megadance_live.core.motion import TOKEN_S
from models.generator.head import HeadStep
from models.generator.model import DanceGenerator
from models.streaming import DancerState, StreamingDancer
from models.tokenizer.model import Tokenizer

SLOTS = 15
_TOKENS = 40


@dataclass(frozen=True)
class StepCost:
    """Seconds of CPU for one second of dance, generator and decoder only."""

    cached_s: float
    uncached_s: float


def step_cost(dancer: StreamingDancer, tokens: int = _TOKENS) -> StepCost:
    """The median over `tokens` tokens, once the window is full."""
    state = dancer.initial_state()
    generator, tokenizer = dancer.generator, dancer.tokenizer
    draw = HeadStep(generator.head)
    window = generator.config.window
    cached, uncached = [], []
    for number in range(window + tokens):
        cue = _cue(dancer, number)
        begun = time.process_time()
        _, state = dancer.step(cue, state)
        if number < window:
            continue
        between = time.process_time()
        recompute(generator, draw, tokenizer, state, dancer.experts.index(cue.expert))
        cached.append(between - begun)
        uncached.append(time.process_time() - between)
    return StepCost(float(np.median(cached)) / TOKEN_S, float(np.median(uncached)) / TOKEN_S)


@torch.inference_mode()
def recompute(
    generator: DanceGenerator, draw: HeadStep, tokenizer: Tokenizer, state: DancerState, expert: int
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The last token once more, from the window alone: hidden states [1, model] of both halves, and its decoded frames
    [1, 4, C] with the window before them as left context."""
    condition, upper, lower = (
        torch.stack([getattr(heard, name) for heard in state.past]).unsqueeze(0)
        for name in ("condition", "upper", "lower")
    )
    hidden_upper, hidden_lower = generator(condition, upper, lower, torch.tensor([expert]))
    draws = np.full(2 * draw.count, 0.5, np.float32)
    draw(hidden_lower[0, -1], hidden_upper[0, -1], draws, generator.config.temperature)
    # The digits before the first token of a dance are none: a code book has no such entry.
    levels = torch.tensor(generator.config.levels)
    frames = []
    for half, before, last in ((tokenizer.upper, upper, state.upper), (tokenizer.lower, lower, state.lower)):
        digits = torch.minimum(torch.cat([before[:, 1:], last.view(1, 1, -1)], dim=1), levels - 1)
        frames.append(half.decode(half.quantiser.codes(digits))[:, -4:])
    return hidden_upper[:, -1], hidden_lower[:, -1], frames[0], frames[1]


def _cue(dancer: StreamingDancer, number: int) -> TokenCue:
    """Music without anything in it."""
    bar, slot = divmod(number, SLOTS)
    return TokenCue(np.zeros(CONDITION_SIZE, np.float32), bar, slot, SLOTS, dancer.experts[0])
