"""From steps to a place on the stage."""

import math
from dataclasses import dataclass

from megadance_live.motion.leash import Leash, led
from megadance_live.motion.local_frame import F64, YAW_RATE


@dataclass(frozen=True)
class RootState:
    """Where the pelvis stands (x, z, m) and where it heads (rad about Y, 0 towards +Z)."""

    x_m: float = 0.0
    z_m: float = 0.0
    heading_rad: float = 0.0


def integrate(root: F64, leash: Leash, state: RootState) -> RootState:
    """One frame on: turn by the yaw rate, then go by the velocity in the new heading's frame, as far as the leash
    lets. `root` is that of a LocalFrame."""
    turn = float(root[YAW_RATE])
    left, forward = float(root[1]), float(root[2])
    heading = state.heading_rad + turn
    sine, cosine = math.sin(heading), math.cos(heading)
    step = (left * cosine + forward * sine, forward * cosine - left * sine)
    (x, z), turn = led((state.x_m, state.z_m), state.heading_rad, step, turn, leash)
    # Kept within a turn, so that hours of spinning lose no precision.
    heading = math.remainder(state.heading_rad + turn, 2.0 * math.pi)
    return RootState(state.x_m + x, state.z_m + z, heading)
