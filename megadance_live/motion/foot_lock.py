"""Foot lock: a foot that stands stays where it stands.

Each foot carries an offset that is added to its place in the world. While the foot stands, the offset takes up the
motion of the foot, so that the foot rests; when it lifts, the offset fades. Strength goes up and down over RAMP_FRAMES,
so neither begins with a jerk, and a new contact starts from wherever the foot is. The legs follow by two-bone inverse
kinematics. The foot keeps its own turn in the world, so a dancer may pivot on a standing foot.

The pelvis follows slowly: up when feet, or hands, knees and head, sink into the floor, down a little when standing
feet float above it, and along the floor when the feet that stand say that it went further (or less far) than the motion
says.
"""

import math
from dataclasses import dataclass

import numpy as np

from megadance_live.core.skeleton import ANKLE_FLOOR_M, TOE_FLOOR_M
from megadance_live.motion import vectors as v
from megadance_live.motion.leash import Leash, led_step
from megadance_live.motion.leg import LEGS, Leg, leg_of, reach
from megadance_live.motion.local_frame import F64
from megadance_live.motion.vectors import Vec

LOCK_ABOVE, RELEASE_BELOW = 0.6, 0.4
"""Hysteresis of the contact probability."""
RAMP_FRAMES = 3
NEAR_FLOOR_M = 0.07
"""A foot higher than this does not stand, whatever the model says."""
PRESSED_M = 0.01
"""A foot that would be further than this beneath the floor is pressed onto it, and stands, whatever the model says."""
GIVE_WAY_M = 0.12
"""A foot whose motion has gone further than this from where it stands is let go, until it has found its way back."""
BACK_M = 0.03
FADE = 0.2
"""Share of the offset that goes in each frame that the foot is free."""

RISE, SINK = 0.35, 0.06
"""Shares of the way that the pelvis goes in a frame to lift sunken feet, and to come down again."""
MAX_RISE_M, MAX_SINK_M = 0.15, 0.04
FOLLOW = 0.1
"""Share of the offset of the standing feet that the pelvis takes over in each frame."""
_LEAST_M = 1e-5


@dataclass(frozen=True)
class FootState:
    """`shift_m` (x, z) is added to the foot; `strength` 0..1 of the lock; `toe_m` where the motion had the toe."""

    shift_m: tuple[float, float] = (0.0, 0.0)
    strength: float = 0.0
    standing: bool = False
    spent: bool = False  # it gave way, and waits
    toe_m: tuple[float, float] | None = None


@dataclass(frozen=True)
class FootLockState:
    """Left and right foot, and by how much the pelvis is raised (negative: lowered) to bring them to the floor, m."""

    feet: tuple[FootState, FootState] = (FootState(), FootState())
    lift_m: float = 0.0


@dataclass(frozen=True)
class Locked:
    """A pose whose feet stand, contacts as locked, and how far (x, z) the pelvis was taken along."""

    root_m: Vec
    quats: F64
    contacts: F64
    follow_m: tuple[float, float]


def lock_feet(
    root_m: Vec, quats: F64, contacts: F64, leash: Leash, state: FootLockState, sunken_m: float = 0.0
) -> tuple[Locked, FootLockState]:
    """One frame: pelvis position in the world, rotations [24, 4] with the world orientation first, contact
    probabilities [4]; `sunken_m`: how far beneath the floor the deepest joint that is not of a foot would be."""
    legs = (leg_of(0, root_m, quats), leg_of(1, root_m, quats))
    contacts = _felt(legs, contacts, state.lift_m)
    feet = [
        _step_foot(legs[side], max(contacts[2 * side], contacts[2 * side + 1]), state.feet[side], state.lift_m)
        for side in (0, 1)
    ]
    lift_m = _lift(legs, feet, sunken_m, state.lift_m)
    # Under the leash as well: feet must not pull the pelvis out where its own steps were held back.
    follow = led_step((root_m[0], root_m[2]), _follow(feet), leash)
    feet = [_shifted(foot, follow) for foot in feet]
    root = (root_m[0] + follow[0], root_m[1] + lift_m, root_m[2] + follow[1])
    move = (follow[0], lift_m, follow[1])
    result = quats
    for leg, foot in zip(legs, feet, strict=True):
        result = _place_foot(_moved(leg, move), foot, result)
    strengths = np.array([feet[0].strength, feet[0].strength, feet[1].strength, feet[1].strength])
    locked = Locked(root, result, strengths * (contacts > RELEASE_BELOW), follow)
    return locked, FootLockState((feet[0], feet[1]), lift_m)


def _height(leg: Leg) -> float:
    """Of toe or ankle above where it stands."""
    return min(leg.toe[1] - TOE_FLOOR_M, leg.ankle[1] - ANKLE_FLOOR_M)


def _felt(legs: tuple[Leg, Leg], contacts: F64, lift_m: float) -> F64:
    """Contacts [4] with those of feet that are pressed onto the floor."""
    felt = contacts.copy()
    for leg in legs:
        if _height(leg) + lift_m < -PRESSED_M:
            felt[2 * leg.side : 2 * leg.side + 2] = 1.0
    return felt


def _step_foot(leg: Leg, contact: float, state: FootState, lift_m: float) -> FootState:
    toe = (leg.toe[0], leg.toe[2])
    before = state.toe_m or toe
    stands = _height(leg) + lift_m < NEAR_FLOOR_M and contact > (RELEASE_BELOW if state.standing else LOCK_ABOVE)
    far = math.hypot(*state.shift_m)
    spent = (state.spent and stands and far > BACK_M) or far > GIVE_WAY_M
    step = 1.0 / RAMP_FRAMES
    strength = min(1.0, state.strength + step) if stands and not spent else max(0.0, state.strength - step)
    keep = 1.0 - FADE * (1.0 - strength)
    shift = (
        (state.shift_m[0] - strength * (toe[0] - before[0])) * keep,
        (state.shift_m[1] - strength * (toe[1] - before[1])) * keep,
    )
    return FootState(shift, strength, stands, spent, toe)


def _lift(legs: tuple[Leg, Leg], feet: list[FootState], sunken_m: float, lift_m: float) -> float:
    """How far the pelvis is raised: at once (nearly) for what is sunken, slowly back, below zero for floating feet."""
    clearance = [_height(leg) for leg in legs]
    sunken = max(-min(clearance), sunken_m)
    standing = [c for c, foot in zip(clearance, feet, strict=True) if foot.standing]
    wanted = sunken if sunken > 0 else (-min(standing) if standing else min(lift_m, 0.0))
    wanted = min(max(wanted, -MAX_SINK_M), MAX_RISE_M)
    return lift_m + (RISE if wanted > lift_m else SINK) * (wanted - lift_m)


def _follow(feet: list[FootState]) -> tuple[float, float]:
    total = sum(foot.strength for foot in feet)
    if total <= 0.0:
        return 0.0, 0.0
    share = FOLLOW * max(foot.strength for foot in feet) / total
    return (
        share * sum(foot.strength * foot.shift_m[0] for foot in feet),
        share * sum(foot.strength * foot.shift_m[1] for foot in feet),
    )


def _shifted(foot: FootState, follow: tuple[float, float]) -> FootState:
    """The same place for the foot, told from a pelvis that has moved."""
    shift = (foot.shift_m[0] - follow[0], foot.shift_m[1] - follow[1])
    toe = foot.toe_m or (0.0, 0.0)
    return FootState(shift, foot.strength, foot.standing, foot.spent, (toe[0] + follow[0], toe[1] + follow[1]))


def _moved(leg: Leg, move: Vec) -> Leg:
    return Leg(
        leg.side, leg.pelvis, v.add(leg.hip, move), v.add(leg.knee, move), v.add(leg.ankle, move),
        v.add(leg.toe, move), leg.thigh, leg.shin, leg.foot,
    )  # fmt: skip


def _place_foot(leg: Leg, foot: FootState, quats: F64) -> F64:
    """The leg bent so that the foot is shifted and neither toe nor ankle is below the floor."""
    toe_y = max(leg.toe[1], TOE_FLOOR_M)
    ankle_y = max(leg.ankle[1], ANKLE_FLOOR_M)
    sunken = toe_y > leg.toe[1] + _LEAST_M or ankle_y > leg.ankle[1] + _LEAST_M
    if not sunken and math.hypot(*foot.shift_m) < _LEAST_M:
        return quats
    bone = v.sub(leg.toe, leg.ankle)
    new_bone, turn = bone, leg.foot
    if sunken:
        new_bone = _pitched(bone, toe_y - ankle_y)
        turn = v.multiply(v.between(bone, new_bone), leg.foot)
    toe = (leg.toe[0] + foot.shift_m[0], toe_y, leg.toe[2] + foot.shift_m[1])
    ankle = v.sub(toe, new_bone)
    hip_joint, knee_joint, ankle_joint, _ = LEGS[leg.side]
    result = quats.copy()
    result[hip_joint], result[knee_joint], result[ankle_joint] = reach(leg, ankle, turn)
    return result


def _pitched(bone: Vec, rise: float) -> Vec:
    """The foot from ankle to toe, of the same length and heading, with the toe `rise` above the ankle."""
    size, flat = v.length(bone), math.hypot(bone[0], bone[2])
    rise = min(max(rise, -size), size)
    if flat < 1e-6:
        return bone
    wide = math.sqrt(size * size - rise * rise) / flat
    return bone[0] * wide, rise, bone[2] * wide
