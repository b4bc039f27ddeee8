"""Sizes of the tokeniser."""

from dataclasses import dataclass

from megadance_live.core.motion import TOKEN_FRAMES


@dataclass(frozen=True, kw_only=True)
class TokenizerConfig:
    """`live` sizes. Two stages of stride 2 give TOKEN_FRAMES frames to a token; the decoder waits `lookahead_tokens`
    tokens before it speaks."""

    levels: tuple[int, ...] = (7, 5, 5, 5, 5)
    frame_width: int = 128
    token_width: int = 192
    encoder_dilations: tuple[int, ...] = (1, 2)
    token_dilations: tuple[int, ...] = (1, 2, 1)
    frame_dilations: tuple[int, ...] = (1, 2)
    lookahead_tokens: int = 1
    dropout: float = 0.05

    @property
    def delay_frames(self) -> int:
        return self.lookahead_tokens * TOKEN_FRAMES
