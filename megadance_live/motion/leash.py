"""Drift leash: keeps a dancer who integrates his own steps for hours on the stage and, on the whole, facing it.

It scales the dancer's own motion: outward steps shrink towards the hard radius, and inward ones gain a little. It adds
no motion of its own to a body that stands still, so planted feet are never dragged.
"""

import math
from dataclasses import dataclass

HOME_SHARE = 0.12
"""How much of the way gone a step is bent towards the centre, at the soft radius and beyond."""
TURN_HOME_RAD_PER_M = 0.35
"""How far a step turns the body to the audience, at most, for each metre gone."""
TURN_SHARE = 0.2
"""Turns away from the audience lose, and turns back to it gain, up to this share."""

TURNING_RAD = 0.3
"""Per frame; what turns further is no turn of the body but a pelvis that goes over its back."""


@dataclass(frozen=True)
class Leash:
    """Free within `soft_m` of the centre; never beyond `hard_m`."""

    soft_m: float = 0.8
    hard_m: float = 1.5
    facing_rad: float = 0.0


def led(
    place: tuple[float, float], heading: float, step: tuple[float, float], turn: float, leash: Leash
) -> tuple[tuple[float, float], float]:
    """The step (x, z in the world, m) and turn (rad) that the dancer may take from `place` (x, z) and `heading`."""
    return led_step(place, step, leash), _led_turn(heading, step, turn, leash)


def led_step(place: tuple[float, float], step: tuple[float, float], leash: Leash) -> tuple[float, float]:
    """The step (x, z, m) that may be taken from a place."""
    away = math.hypot(*place)
    if away < 1e-6:
        return step
    out_x, out_z = place[0] / away, place[1] / away
    outward = step[0] * out_x + step[1] * out_z
    change = -HOME_SHARE * _smooth(away / leash.soft_m) * math.hypot(*step)
    if outward > 0:
        change -= outward * _smooth((away - leash.soft_m) / (leash.hard_m - leash.soft_m))
    x, z = step[0] + out_x * change, step[1] + out_z * change
    # Sideways steps at the rim leave the circle by a hair each: bring them back onto it.
    there = math.hypot(place[0] + x, place[1] + z)
    rim = max(leash.hard_m, away)
    if there > rim:
        x, z = (place[0] + x) * rim / there - place[0], (place[1] + z) * rim / there - place[1]
    return x, z


def _led_turn(heading: float, step: tuple[float, float], turn: float, leash: Leash) -> float:
    error = math.remainder(heading - leash.facing_rad, 2.0 * math.pi)
    # Strongest sideways on and nothing at the back, where left and right change over: a spin goes through unhindered.
    pull = math.sin(error)
    return turn - TURN_SHARE * min(abs(turn), TURNING_RAD) * pull - TURN_HOME_RAD_PER_M * math.hypot(*step) * pull


def _smooth(x: float) -> float:
    """0 below 0, 1 above 1, smooth between."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)
