"""What a Session needs of a dancer. `models` implements it; nothing else knows torch."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from megadance_live.core.motion import MotionTokens, RawMotion


@dataclass(frozen=True)
class TokenCue:
    """Everything that one token step may know.

    `condition` is [CONDITION_SIZE], see core/conditioning.py. `expert` speaks this token, another one the next if so
    asked. `looseness` is the sampling temperature (0: arg-max). Where `tokens` are given the dancer takes these instead
    of choosing, and remembers them as its own. `frame` [FEATURE_COUNT] is the last feature frame heard, as it is (None
    in silence), for dancers that hear no more.
    """

    condition: npt.NDArray[np.float32]
    bar: int
    slot: int
    slots: int
    expert: str
    looseness: float = 1.0
    seed: int = 0
    tokens: MotionTokens | None = None
    frame: npt.NDArray[np.float32] | None = None


@dataclass(frozen=True)
class DancerStep:
    """`tokens` are those of the cue. `motion` is the four frames of the token that came `lookahead_tokens` earlier, or
    None while there is none."""

    tokens: MotionTokens
    motion: RawMotion | None


class Dancer(Protocol):
    """A streaming dancer: a stage whose state is an opaque value that `step` never changes in place."""

    @property
    def name(self) -> str: ...

    @property
    def experts(self) -> tuple[str, ...]: ...

    @property
    def lookahead_tokens(self) -> int: ...

    def initial_state(self) -> Any: ...

    def step(self, cue: TokenCue, state: Any) -> tuple[DancerStep, Any]: ...
