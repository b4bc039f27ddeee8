"""Sizes of the generator."""

from dataclasses import dataclass

from megadance_live.core.conditioning import CONDITION_SIZE

STREAMS = 3
MUSIC, UPPER, LOWER = range(STREAMS)


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """`live` sizes. `experts` names the genres in routing order; `levels` are those of the tokeniser. `temperature` is
    that of sampling when the performer asks for a looseness of 1."""

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
