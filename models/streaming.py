"""The dancer as a stage: one token at a time, constant cost, its whole memory a value."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from megadance_live.core.dancer import DancerStep, TokenCue
from megadance_live.core.motion import MotionTokens
from models.generator.model import DanceGenerator, GeneratorState
from models.representation import motion_of
from models.tokenizer.model import HalfCache, Tokenizer

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Heard:
    """What one past token was generated from: condition [1, C] and the digits [1, D] before it."""

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
    warm: Voice | None
    upper: Tensor  # [1, D] digits of the last token
    lower: Tensor
    past: tuple[Heard, ...]
    upper_cache: HalfCache
    lower_cache: HalfCache
    spoken: int


class StreamingDancer:
    """Implements core.dancer.Dancer with trained networks, on the CPU, batch 1."""

    def __init__(self, name: str, tokenizer: Tokenizer, generator: DanceGenerator) -> None:
        self._name = name
        self._tokenizer = tokenizer.eval().requires_grad_(False)
        self._generator = generator.eval().requires_grad_(False)

    @property
    def name(self) -> str:
        return self._name

    @property
    def experts(self) -> tuple[str, ...]:
        return self._generator.config.experts

    @property
    def tokenizer(self) -> Tokenizer:
        return self._tokenizer

    @property
    def generator(self) -> DanceGenerator:
        return self._generator

    @property
    def lookahead_tokens(self) -> int:
        return self._tokenizer.config.lookahead_tokens

    def initial_state(self) -> DancerState:
        start = self._generator.start_digits.unsqueeze(0)
        return DancerState(
            speaking=None,
            warm=None,
            upper=start,
            lower=start,
            past=(),
            upper_cache=self._tokenizer.upper.decoder.initial_cache(1),
            lower_cache=self._tokenizer.lower.decoder.initial_cache(1),
            spoken=0,
        )

    @torch.inference_mode()
    def step(self, cue: TokenCue, state: DancerState) -> tuple[DancerStep, DancerState]:
        """Raises ValueError for an expert that the model does not have."""
        heard = Heard(torch.from_numpy(cue.condition).unsqueeze(0), state.upper, state.lower)
        voice = self._voice_of(cue.expert, state)
        hidden_upper, hidden_lower, remembered = self._generator.step(
            heard.condition, heard.upper, heard.lower, self._index(voice.expert), voice.state
        )
        if cue.tokens is None:
            temperature = cue.looseness * self._generator.config.temperature
            lower, upper = self._generator.head.sample(hidden_lower, hidden_upper, _draws(cue), temperature)
        else:
            lower, upper = torch.from_numpy(cue.tokens.lower), torch.from_numpy(cue.tokens.upper)
        upper_frames, upper_cache = self._decode(upper, lower_half=False, cache=state.upper_cache)
        lower_frames, lower_cache = self._decode(lower, lower_half=True, cache=state.lower_cache)
        spoken = state.spoken + 1
        motion = motion_of(upper_frames, lower_frames) if spoken > self.lookahead_tokens else None
        tokens = MotionTokens(upper.numpy(), lower.numpy(), cue.bar, cue.slot, cue.slots)
        following = DancerState(
            speaking=Voice(cue.expert, remembered),
            warm=self._warmed(cue, heard, state),
            upper=upper.unsqueeze(0),
            lower=lower.unsqueeze(0),
            past=(*state.past, heard)[-self._generator.config.window :],
            upper_cache=upper_cache,
            lower_cache=lower_cache,
            spoken=spoken,
        )
        return DancerStep(tokens, motion), following

    def _index(self, expert: str) -> int:
        if expert not in self.experts:
            raise ValueError(f"no expert {expert!r} in {', '.join(self.experts)}")
        return self.experts.index(expert)

    def _voice_of(self, expert: str, state: DancerState) -> Voice:
        """The expert's memory: its own if it spoke last or was kept warm, else made from the recent past."""
        for voice in (state.speaking, state.warm):
            if voice is not None and voice.expert == expert:
                return voice
        return self._prefilled(expert, state.past)

    def _prefilled(self, expert: str, past: tuple[Heard, ...]) -> Voice:
        if not past:
            return Voice(expert, self._generator.initial_state())
        condition, upper, lower = (
            torch.stack([getattr(heard, name) for heard in past], dim=1) for name in ("condition", "upper", "lower")
        )
        return Voice(expert, self._generator.prefill(condition, upper, lower, self._index(expert)))

    def _warmed(self, cue: TokenCue, heard: Heard, state: DancerState) -> Voice | None:
        """The armed expert, having listened to this token too."""
        if cue.armed is None or cue.armed == cue.expert:
            return None
        voice = self._voice_of(cue.armed, replace(state, speaking=None))
        _, _, remembered = self._generator.step(
            heard.condition, heard.upper, heard.lower, self._index(cue.armed), voice.state
        )
        return Voice(cue.armed, remembered)

    def _decode(self, digits: Tensor, *, lower_half: bool, cache: HalfCache) -> tuple[F32, HalfCache]:
        half = self._tokenizer.lower if lower_half else self._tokenizer.upper
        frames, cache = half.decode_chunk(half.fsq.codes(digits).view(1, 1, -1), cache)
        return frames[0].numpy(), cache


def _draws(cue: TokenCue) -> Tensor:
    """The chance of this token: the same for the same seed and place in the show, whatever happened before."""
    source = np.random.Philox(key=[cue.seed & 0xFFFFFFFF, ((cue.bar & 0xFFFFFFFF) << 16) | cue.slot])
    return torch.from_numpy(np.random.Generator(source).random(32, dtype=np.float32))
