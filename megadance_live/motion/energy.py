"""Energy: the dance made smaller or larger around its own slow mean pose."""

from dataclasses import dataclass

import numpy as np

from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import LOWER_JOINTS
from megadance_live.motion.local_frame import F64, HEIGHT, LocalFrame
from megadance_live.motion.rotations import conjugate, exp, log, multiply, nlerp, shorter

MEAN_S = 4.0
"""Time constant of the mean pose."""
SLEW_PER_FRAME = 1.0 / FRAME_RATE_HZ
"""The control moves by one unit a second at most, so that a turned knob never jerks the body."""
MAX_ANGLE_RAD = 2.4
"""How far from the mean a joint may be driven by more energy."""
_LEG_SHARE = 0.5
"""Above 1, the legs and the pelvis grow by half as much: they have a floor to stand on."""


@dataclass(frozen=True)
class EnergyState:
    """Mean pose so far and the level that is in force."""

    quats: F64
    height_m: float
    level: float


def apply_energy(frame: LocalFrame, energy: float, state: EnergyState | None) -> tuple[LocalFrame, EnergyState]:
    """Scale the deviation from the running mean by `energy` (0..2); at 1 the frame itself comes back."""
    energy = min(max(energy, 0.0), 2.0)
    if state is None:
        return _scaled(frame, first := EnergyState(frame.quats, float(frame.root[HEIGHT]), energy)), first
    share = 1.0 / (MEAN_S * FRAME_RATE_HZ)
    state = EnergyState(
        nlerp(state.quats, frame.quats, share),
        state.height_m + share * (float(frame.root[HEIGHT]) - state.height_m),
        state.level + min(max(energy - state.level, -SLEW_PER_FRAME), SLEW_PER_FRAME),
    )
    return _scaled(frame, state), state


def _scaled(frame: LocalFrame, state: EnergyState) -> LocalFrame:
    if state.level == 1.0:
        return frame
    if state.level < 1.0:
        # On the way to the mean the shorter arc's chord is as good as the arc, and a fourth of the cost.
        return LocalFrame(
            nlerp(state.quats, frame.quats, state.level), _root(frame, state, state.level), frame.contacts
        )
    leg_level = state.level - (state.level - 1.0) * (1.0 - _LEG_SHARE)
    levels = np.full(len(frame.quats), state.level)
    levels[list(LOWER_JOINTS)] = leg_level
    away = log(shorter(multiply(frame.quats, conjugate(state.quats))))
    angles = np.sqrt(np.einsum("ij,ij->i", away, away))
    ceiling = np.maximum(angles, MAX_ANGLE_RAD)
    scales = np.minimum(levels, ceiling / np.maximum(angles, 1e-9))
    turned = multiply(exp(away * scales[:, None]), state.quats)
    return LocalFrame(turned, _root(frame, state, leg_level), frame.contacts)


def _root(frame: LocalFrame, state: EnergyState, level: float) -> F64:
    root = frame.root * level
    root[HEIGHT] = state.height_m + level * (frame.root[HEIGHT] - state.height_m)
    return root
