"""The kinds of made-up music, as far as this machine can render them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from megadance_live.corpus.band import can_render
from megadance_live.corpus.grooves import can_accompany
from megadance_live.corpus.piece import Rendered, accompanied, beatless, played, sampled_song, synthesised

STILL = "still"
"""The kind that has no beat; it is also laid over the others."""

Render = Callable[[np.random.Generator, int], Rendered]
"""(generator, rate Hz) -> a piece."""


@dataclass(frozen=True)
class Kind:
    """`number` seeds it; `share` is how much of it there is, against the other kinds."""

    number: int
    render: Render
    share: float = 1.0


def available() -> dict[str, Kind]:
    """By name."""
    kinds = {"synth": Kind(1, synthesised), STILL: Kind(4, beatless, 0.1)}
    if can_render():
        kinds["sampled"] = Kind(5, sampled_song)
        kinds["band"] = Kind(2, played, 0.3)
        if can_accompany():
            kinds["groove"] = Kind(3, accompanied)
    return kinds
