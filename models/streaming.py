"""The dancer as a stage: one token at a time, constant cost, its whole memory a value."""

from dataclasses import dataclass, replace
from random import Random

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from megadance_live.core.dancer import DancerStep, TokenCue
from megadance_live.core.motion import MotionTokens
from models.generator.model import DanceGenerator, GeneratorState
from models.generator.stepping import GeneratorStep
from models.hearing import heard_with, taken_in
from models.representation import motion_of
from models.tokenizer.model import Tokenizer
from models.tokenizer.stepping import DecoderCache, DecoderStep
from models.trained import TrainedDancer

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Heard:
    """What one past token was generated from: condition [C] and the digits [D] before it."""

    condition: Tensor
    upper: Tensor
    lower: Tensor


@dataclass(frozen=True)
class Voice:
    """One expert and what it remembers."""

    expert: str
    state: GeneratorState


@dataclass(frozen=True)
class DancerState:
    """Everything that the next token depends on. Tensors in it are never written to."""

    speaking: Voice | None
    upper: Tensor  # [D] digits of the last token
    lower: Tensor
    past: tuple[Heard, ...]
    decoder: DecoderCache
    taken: F32 | None  # the condition of the last token before any lag
    spoken: int


class StreamingDancer(TrainedDancer):
    """Implements core.dancer.Dancer with trained networks, on the CPU, batch 1."""

    def __init__(self, name: str, tokenizer: Tokenizer, generator: DanceGenerator) -> None:
        super().__init__(name, tokenizer, generator)
        self._next = GeneratorStep(generator)
        self._decode = DecoderStep(tokenizer)

    def initial_state(self) -> DancerState:
        start = self._generator.start_digits
        return DancerState(None, start, start, (), self._decode.initial_cache(), None, 0)

    @torch.inference_mode()
    def step(self, cue: TokenCue, state: DancerState) -> tuple[DancerStep, DancerState]:
        """Raises ValueError for an expert that the model does not have."""
        state = self._phrased(cue, state)
        taken = taken_in(cue, self._generator.config)
        condition = heard_with(taken, state.taken, self._generator.config)
        heard = Heard(torch.from_numpy(condition), state.upper, state.lower)
        voice = self._voice_of(cue.expert, state)
        hidden_upper, hidden_lower, remembered = self._next(
            heard.condition, heard.upper, heard.lower, self._index(cue.expert), voice.state
        )
        if cue.tokens is None:
            temperature = cue.looseness * self._generator.config.temperature
            lower, upper = self._next.draw(
                hidden_lower, hidden_upper, draws_of(cue, 2 * self._next.draw.count), temperature
            )
        else:
            lower, upper = torch.from_numpy(cue.tokens.lower), torch.from_numpy(cue.tokens.upper)
        upper_frames, lower_frames, decoder = self._decode(upper.unsqueeze(0), lower.unsqueeze(0), state.decoder)
        spoken = state.spoken + 1
        motion = motion_of(upper_frames.numpy(), lower_frames.numpy()) if spoken > self.lookahead_tokens else None
        tokens = MotionTokens(upper.numpy(), lower.numpy(), cue.bar, cue.slot, cue.slots)
        following = DancerState(
            speaking=Voice(cue.expert, remembered),
            upper=upper,
            lower=lower,
            past=(*state.past, heard)[-self._generator.config.sight :],
            decoder=decoder,
            taken=taken,
            spoken=spoken,
        )
        return DancerStep(tokens, motion), following

    def _phrased(self, cue: TokenCue, state: DancerState) -> DancerState:
        """The state with which this token is composed: at the beginning of a phrase with little of the past."""
        config = self._generator.config
        if state.speaking is None:
            return state
        if config.fresh_bars and not cue.slot and not cue.bar % config.fresh_bars:
            start = self._generator.start_digits
            return replace(state, speaking=None, upper=start, lower=start, past=())
        another = state.speaking.expert != cue.expert
        if config.phrase_bars and (another or (not cue.slot and not cue.bar % config.phrase_bars)):
            return replace(state, speaking=None, past=state.past[-config.carried_tokens :])
        return state

    def _index(self, expert: str) -> int:
        if expert not in self.experts:
            raise ValueError(f"no expert {expert!r} in {', '.join(self.experts)}")
        return self.experts.index(expert)

    def _voice_of(self, expert: str, state: DancerState) -> Voice:
        """The expert's memory: its own if it spoke last, else made from the recent past."""
        voice = state.speaking
        if voice is not None and (voice.expert == expert or not self._generator.config.specialised):
            return voice
        return self._prefilled(expert, state.past)

    def _prefilled(self, expert: str, past: tuple[Heard, ...]) -> Voice:
        if not past:
            return Voice(expert, self._next.initial_state())
        condition, upper, lower = (
            torch.stack([getattr(heard, name) for heard in past]).unsqueeze(0)
            for name in ("condition", "upper", "lower")
        )
        return Voice(expert, self._generator.prefill(condition, upper, lower, self._index(expert)))


def draws_of(cue: TokenCue, count: int) -> list[float]:
    """The chance of this token, in 0..1: the same for the same seed and place in the show, whatever happened before."""
    chance = Random(f"{cue.seed} {cue.bar} {cue.slot}")
    return [chance.random() for _ in range(count)]
