"""The contract of every streaming stage: state is a value, and whole == step by step.

After sequence-layers' `Steppable` (a stage declares block, latency and receptive field) and Magenta RealTime's explicit
state (`step(x, state) -> (y, state)`).
"""

from dataclasses import dataclass
from typing import Protocol, TypeVar

X = TypeVar("X", contravariant=True)
Y = TypeVar("Y", covariant=True)
S = TypeVar("S")


@dataclass(frozen=True)
class StageSpec:
    """What a stage declares of itself.

    `block` is how many input items one step takes (0: any number), `latency_s` by how much its output describes the
    past, `receptive_s` how much past input can still change an output (infinity for recurrent state).
    """

    block: int
    latency_s: float
    receptive_s: float


class Stage(Protocol[X, Y, S]):
    """A causal stage. `step` must not change the state it is given: a caller may keep it and go back to it."""

    @property
    def spec(self) -> StageSpec: ...

    def initial_state(self) -> S: ...

    def step(self, x: X, state: S, /) -> tuple[Y, S]: ...
