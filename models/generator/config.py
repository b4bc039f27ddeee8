"""Sizes and parts of the generator."""

from dataclasses import dataclass
from typing import Literal

from megadance_live.core.conditioning import CONDITION_SIZE

STREAMS = 3
MUSIC, UPPER, LOWER = range(STREAMS)

CAUSAL_SIGHT_TOKENS = 256
"""How far plain causal attention looks back: longer than any window of training, and 34 s on stage."""


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """`live` sizes. `experts` names the genres in routing order; `levels` are those of the tokeniser's digits.
    `temperature` is that of sampling when the performer asks for a looseness of 1.

    What the published system and its ablations do otherwise: `attention` over the `window` or over all that came
    before; without the `universal` or the `specialised` expert (then no part of the network is told the genre), or
    without `mamba`; `digits` each drawn knowing those before it in a chain, or independently; music `pooled` over the
    token, or `sampled` as the one feature frame heard last, and `music_lag_tokens` earlier than it could be; without
    the `phase` of the bar to come.

    Every `phrase_bars` bars (0: never) a dance begins a new phrase, as it does where another expert takes over: of all
    that was danced it remembers only the last `carried_tokens`, enough to go on from the pose and the motion. Most
    clips repeat one move, and whoever remembers a move repeats it, too. Every `fresh_bars` bars (0: never) it remembers
    nothing, as at the beginning of the show.
    """

    experts: tuple[str, ...]
    levels: tuple[int, ...] = (7, 5, 5, 5, 5)
    model: int = 128
    heads: int = 4
    layers: int = 3
    window: int = 32
    state: int = 8
    expand: int = 1
    universal_hidden: int = 512
    expert_hidden: int = 128
    condition: int = CONDITION_SIZE
    dropout: float = 0.15
    temperature: float = 1.0
    attention: Literal["window", "causal"] = "window"
    universal: bool = True
    specialised: bool = True
    mamba: bool = True
    digits: Literal["chain", "independent"] = "chain"
    conditioning: Literal["pooled", "sampled"] = "pooled"
    music_lag_tokens: int = 0
    phase: bool = True
    phrase_bars: int = 0
    carried_tokens: int = 8
    fresh_bars: int = 0

    def __post_init__(self) -> None:
        if not (self.universal or self.specialised):
            raise ValueError("a generator needs the universal or the specialised expert, or both")
        sizes = (self.model, self.heads, self.layers, self.state, self.expand, self.universal_hidden)
        if min(*sizes, self.expert_hidden) < 1 or self.window < 2:
            raise ValueError("sizes are at least 1, and the window at least 2 tokens")
        if self.model % self.heads:
            raise ValueError("model must be a multiple of heads")
        if not 0 <= self.music_lag_tokens <= 1:
            raise ValueError("music_lag_tokens is 0 or 1")
        if min(self.phrase_bars, self.fresh_bars) < 0 or self.carried_tokens < 1:
            raise ValueError("phrase_bars and fresh_bars are at least 0, and carried_tokens at least 1")

    @property
    def sight(self) -> int:
        """Tokens that attention sees."""
        return self.window if self.attention == "window" else max(self.window, CAUSAL_SIGHT_TOKENS)
