"""Sizes and parts of the tokeniser."""

import math
from dataclasses import dataclass
from typing import Literal

from megadance_live.core.motion import TOKEN_FRAMES


@dataclass(frozen=True, kw_only=True)
class TokenizerConfig:
    """`live` sizes. Stages of stride 2 give `token_frames` frames to a token; a causal decoder waits `lookahead_tokens`
    tokens before it speaks.

    As published: a `full` decoder, which sees both sides, and needs `lookahead_tokens` tokens of what comes after to
    speak as it was trained; eight frames to a token. An ablation: `vq`, one learnt code book with as many codes as the
    FSQ levels have.
    """

    levels: tuple[int, ...] = (7, 5, 5, 5, 5)
    frame_width: int = 128
    token_width: int = 192
    encoder_dilations: tuple[int, ...] = (1, 2)
    token_dilations: tuple[int, ...] = (1, 2, 1)
    frame_dilations: tuple[int, ...] = (1, 2)
    lookahead_tokens: int = 1
    dropout: float = 0.05
    quantiser: Literal["fsq", "vq"] = "fsq"
    decoder: Literal["causal", "full"] = "causal"
    token_frames: int = TOKEN_FRAMES

    def __post_init__(self) -> None:
        if self.token_frames not in (TOKEN_FRAMES, 2 * TOKEN_FRAMES):
            raise ValueError(f"token_frames is {TOKEN_FRAMES} or {2 * TOKEN_FRAMES}")

        if min(self.frame_width, self.token_width) < 1 or self.lookahead_tokens < 0:
            raise ValueError("widths are at least 1, and lookahead_tokens at least 0")
        if not self.levels or min(self.levels) < 2:
            raise ValueError("levels are at least 2 each")

    @property
    def stages(self) -> int:
        """Halvings of time between frames and tokens."""
        return int(math.log2(self.token_frames))

    @property
    def grid_lookahead(self) -> int:
        """The look-ahead in tokens of the stage, of TOKEN_FRAMES each."""
        return self.lookahead_tokens * self.token_frames // TOKEN_FRAMES

    @property
    def reach_tokens(self) -> int:
        """How many earlier tokens a decoded frame depends on; a full decoder depends on as many later ones."""
        # Kernels of 3: two steps back, or one to either side.
        side = 2 if self.decoder == "causal" else 1
        reach, rate = side * (1.0 + sum(self.token_dilations)), 1
        for _ in range(self.stages):
            reach += 1 / rate
            rate *= 2
            reach += side * sum(self.frame_dilations) / rate
        return math.ceil(reach + side / rate)

    @property
    def digit_levels(self) -> tuple[int, ...]:
        """How many values each digit of a token can have."""
        return self.levels if self.quantiser == "fsq" else (math.prod(self.levels),)

    @property
    def code_width(self) -> int:
        """Channels of a code."""
        return len(self.levels) if self.quantiser == "fsq" else self.token_width

    @property
    def delay_frames(self) -> int:
        """How late decoded frames are within what was decoded."""
        return self.lookahead_tokens * self.token_frames if self.decoder == "causal" else 0
