"""The dancer without caches, as published: for every token the whole window is computed again, attention and Mamba from
nothing, and its surroundings are decoded again.

It runs what cannot be streamed: a decoder that sees both sides, and tokens of eight frames, which are composed on every
second cue and danced in two halves. It can run what can be streamed too, which is how much the caches save.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from megadance_live.core.dancer import DancerStep, TokenCue
from megadance_live.core.motion import TOKEN_FRAMES, MotionTokens, RawMotion
from models.generator.head import HeadStep
from models.generator.model import DanceGenerator
from models.hearing import heard_with, taken_in
from models.representation import motion_of
from models.streaming import Heard, draws_of
from models.tokenizer.model import HalfTokenizer, Tokenizer
from models.trained import TrainedDancer

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class WindowedState:
    """The latest tokens, oldest first: what each was generated from, and its digits [D]. `taken` is the condition of
    the last before any lag; `coming` the rest of the motion that is being danced."""

    heard: tuple[Heard, ...]
    upper: tuple[Tensor, ...]
    lower: tuple[Tensor, ...]
    taken: F32 | None
    coming: RawMotion | None
    cues: int


class WindowedDancer(TrainedDancer):
    """Implements core.dancer.Dancer with trained networks, on the CPU, batch 1. `context_tokens` are computed again for
    every token: by default as many as the generator's attention sees."""

    def __init__(
        self, name: str, tokenizer: Tokenizer, generator: DanceGenerator, context_tokens: int | None = None
    ) -> None:
        super().__init__(name, tokenizer, generator)
        self._draw = HeadStep(generator.head)
        self._context = context_tokens or generator.config.sight
        self._parts = tokenizer.config.token_frames // TOKEN_FRAMES

    def initial_state(self) -> WindowedState:
        return WindowedState((), (), (), None, None, 0)

    @torch.inference_mode()
    def step(self, cue: TokenCue, state: WindowedState) -> tuple[DancerStep, WindowedState]:
        """Raises ValueError for an expert that the model does not have."""
        part = state.cues % self._parts
        if part == 0:
            state = self._composed(cue, state)
        motion = None
        if state.coming is not None:
            motion = _frames(state.coming, slice(part * TOKEN_FRAMES, (part + 1) * TOKEN_FRAMES))
        tokens = MotionTokens(state.upper[-1].numpy(), state.lower[-1].numpy(), cue.bar, cue.slot, cue.slots)
        following = WindowedState(state.heard, state.upper, state.lower, state.taken, state.coming, state.cues + 1)
        return DancerStep(tokens, motion), following

    def _composed(self, cue: TokenCue, state: WindowedState) -> WindowedState:
        """One more token, and the motion of the token that now has its look-ahead."""
        if cue.expert not in self.experts:
            raise ValueError(f"no expert {cue.expert!r} in {', '.join(self.experts)}")
        config = self._generator.config
        taken = taken_in(cue, config)
        start = self._generator.start_digits
        heard = Heard(
            torch.from_numpy(heard_with(taken, state.taken, config)),
            state.upper[-1] if state.upper else start,
            state.lower[-1] if state.lower else start,
        )
        window = (*state.heard, heard)[-self._context :]
        if cue.tokens is None:
            lower, upper = self._chosen(cue, window)
        else:
            lower, upper = torch.from_numpy(cue.tokens.lower), torch.from_numpy(cue.tokens.upper)
        sizes = self._tokenizer.config
        kept = sizes.reach_tokens + sizes.lookahead_tokens + 1
        uppers, lowers = (*state.upper, upper)[-kept:], (*state.lower, lower)[-kept:]
        spoken = state.cues // self._parts + 1
        motion = None
        if spoken > sizes.lookahead_tokens:
            motion = motion_of(
                self._decoded(self._tokenizer.upper, uppers), self._decoded(self._tokenizer.lower, lowers)
            )
        return WindowedState(window, uppers, lowers, taken, motion, state.cues)

    def _chosen(self, cue: TokenCue, window: tuple[Heard, ...]) -> tuple[Tensor, Tensor]:
        """Digits [D] of the next token, lower half and upper."""
        condition, upper, lower = (
            torch.stack([getattr(heard, name) for heard in window]).unsqueeze(0)
            for name in ("condition", "upper", "lower")
        )
        expert = torch.tensor([self.experts.index(cue.expert)])
        hidden_upper, hidden_lower = self._generator(condition, upper, lower, expert)
        temperature = cue.looseness * self._generator.config.temperature
        return self._draw(hidden_lower[0, -1], hidden_upper[0, -1], draws_of(cue, 2 * self._draw.count), temperature)

    def _decoded(self, half: HalfTokenizer, digits: tuple[Tensor, ...]) -> F32:
        """Channels [token_frames, C] of the token that came `lookahead_tokens` before the last."""
        config = self._tokenizer.config
        channels = half.decode(half.quantiser.codes(torch.stack(digits)).unsqueeze(0))[0]
        # A causal decoder is late by its look-ahead itself.
        end = len(channels) - (0 if config.decoder == "causal" else config.lookahead_tokens * config.token_frames)
        frames: F32 = channels[end - config.token_frames : end].numpy()
        return frames


def _frames(motion: RawMotion, part: slice) -> RawMotion:
    return RawMotion(
        motion.quats[part], motion.height_m[part], motion.velocity[part], motion.yaw_rate[part], motion.contacts[part]
    )
