"""Nobody hovers: a body that has been in the air for longer than a leap takes falls until something touches the floor.

What a dancer has learnt of floor work can put hands, knees and feet all above a floor that the height of the pelvis has
forgotten. What leaps is let alone.
"""

from dataclasses import dataclass

LEAP_S = 0.4
"""How long a leap keeps everything off the floor, at most."""
CLEAR_M = 0.06
"""The lowest joint is this high before nothing touches the floor: joints lie within the body."""
_GRAVITY = 9.81
_FASTEST_M_S = 2.0


@dataclass(frozen=True)
class GroundState:
    """For how long nothing has touched the floor, by how much the body has fallen below its own height, and how fast
    it falls."""

    aloft_s: float = 0.0
    fallen_m: float = 0.0
    falling_m_s: float = 0.0


def grounded(lowest_m: float, dt_s: float, state: GroundState) -> GroundState:
    """One frame on, of a body whose lowest joint is `lowest_m` above the floor before it is lowered by `fallen_m`."""
    clear = lowest_m - state.fallen_m
    if clear <= CLEAR_M:
        # What has fallen comes back up with the body's own way down, and never sinks into the floor by it.
        return GroundState(0.0, max(0.0, state.fallen_m + min(clear, 0.0)), 0.0)
    aloft_s = state.aloft_s + dt_s
    if aloft_s <= LEAP_S:
        return GroundState(aloft_s, state.fallen_m, 0.0)
    falling = min(state.falling_m_s + _GRAVITY * dt_s, _FASTEST_M_S)
    return GroundState(aloft_s, state.fallen_m + min(falling * dt_s, clear), falling)
