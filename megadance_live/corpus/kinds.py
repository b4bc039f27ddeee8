"""The kinds of made-up music, as far as this machine can render them."""

from collections.abc import Callable

import numpy as np

from megadance_live.corpus.band import can_render
from megadance_live.corpus.grooves import can_accompany
from megadance_live.corpus.piece import Rendered, accompanied, played, synthesised

Render = Callable[[np.random.Generator, int], Rendered]
"""(generator, rate Hz) -> a piece."""


def available() -> dict[str, tuple[int, Render]]:
    """By name: a number that seeds the kind, and what renders a piece of it."""
    kinds: dict[str, tuple[int, Render]] = {"synth": (1, synthesised)}
    if can_render():
        kinds["band"] = (2, played)
        if can_accompany():
            kinds["groove"] = (3, accompanied)
    return kinds
