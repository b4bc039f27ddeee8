"""Two-bone inverse kinematics of a leg, analytic."""

import math
from dataclasses import dataclass

from megadance_live.core.skeleton import (
    LEFT_ANKLE,
    LEFT_FOOT,
    LEFT_HIP,
    LEFT_KNEE,
    REST_OFFSETS_M,
    RIGHT_ANKLE,
    RIGHT_FOOT,
    RIGHT_HIP,
    RIGHT_KNEE,
)
from megadance_live.motion import vectors as v
from megadance_live.motion.local_frame import F64
from megadance_live.motion.vectors import Quat, Vec

LEGS = ((LEFT_HIP, LEFT_KNEE, LEFT_ANKLE, LEFT_FOOT), (RIGHT_HIP, RIGHT_KNEE, RIGHT_ANKLE, RIGHT_FOOT))
_OFFSETS: tuple[Vec, ...] = tuple(v.as_vec(row) for row in REST_OFFSETS_M.tolist())

SOFT_REACH_M = 0.02
"""The last of the way to a straight leg is taken ever more slowly, so that the knee does not snap."""
STRAIGHT_KNEE = 0.1
"""Sine of the knee's angle under which its plane is taken from the hinge rather than from three joints in a line."""


@dataclass(frozen=True)
class Leg:
    """A leg in the world: positions of its four joints, m, and world rotations of thigh, shin and foot."""

    side: int
    pelvis: Quat
    hip: Vec
    knee: Vec
    ankle: Vec
    toe: Vec
    thigh: Quat
    shin: Quat
    foot: Quat


def leg_of(side: int, root_m: Vec, quats: F64) -> Leg:
    """The left (0) or right (1) leg of a pose [24, 4] whose joint 0 is the world orientation."""
    hip_joint, knee_joint, ankle_joint, foot_joint = LEGS[side]
    pelvis = v.as_quat(quats[0].tolist())
    hip = v.add(root_m, v.rotate(pelvis, _OFFSETS[hip_joint]))
    thigh = v.multiply(pelvis, v.as_quat(quats[hip_joint].tolist()))
    knee = v.add(hip, v.rotate(thigh, _OFFSETS[knee_joint]))
    shin = v.multiply(thigh, v.as_quat(quats[knee_joint].tolist()))
    ankle = v.add(knee, v.rotate(shin, _OFFSETS[ankle_joint]))
    foot = v.multiply(shin, v.as_quat(quats[ankle_joint].tolist()))
    toe = v.add(ankle, v.rotate(foot, _OFFSETS[foot_joint]))
    return Leg(side, pelvis, hip, knee, ankle, toe, thigh, shin, foot)


def reach(leg: Leg, ankle: Vec, foot: Quat) -> tuple[Quat, Quat, Quat]:
    """Local rotations of hip, knee and ankle that bring the ankle to `ankle`, or as near as the leg reaches, with the
    foot's world rotation `foot`. The knee stays in its plane; the ankle where it is gives the leg as it is."""
    thigh_bone, shin_bone = v.sub(leg.knee, leg.hip), v.sub(leg.ankle, leg.knee)
    thigh_m, shin_m = v.length(thigh_bone), v.length(shin_bone)
    now_m = v.length(v.sub(leg.ankle, leg.hip))
    wanted = v.sub(ankle, leg.hip)
    reach_m = _reachable(v.length(wanted), now_m, thigh_m, shin_m)

    # The shin turns within the plane of the knee until the ankle is as far from the hip as wanted.
    along = v.scale(thigh_bone, 1.0 / thigh_m)
    bend = (reach_m * reach_m - thigh_m * thigh_m - shin_m * shin_m) / (2.0 * thigh_m * shin_m)
    bend = min(max(bend, -1.0), 1.0)
    across = _bend_direction(leg, along, shin_bone, shin_m)
    new_shin = v.scale(v.add(v.scale(along, bend), v.scale(across, math.sqrt(1.0 - bend * bend))), shin_m)
    shin = v.multiply(v.between(shin_bone, new_shin), leg.shin)

    # Then the whole leg turns about the hip.
    swing = v.between(v.add(thigh_bone, new_shin), wanted)
    thigh = v.multiply(swing, leg.thigh)
    shin = v.multiply(swing, shin)
    return (
        v.normalise(v.multiply(v.conjugate(leg.pelvis), thigh)),
        v.normalise(v.multiply(v.conjugate(thigh), shin)),
        v.normalise(v.multiply(v.conjugate(shin), foot)),
    )


def _reachable(wanted_m: float, now_m: float, thigh_m: float, shin_m: float) -> float:
    full_m = thigh_m + shin_m
    knee_m = full_m - SOFT_REACH_M
    soft_m = wanted_m
    if wanted_m > knee_m:
        soft_m = full_m - SOFT_REACH_M * math.exp((knee_m - wanted_m) / SOFT_REACH_M)
    # A leg that is straighter already may stay so.
    nearest_m = abs(thigh_m - shin_m) + 0.1
    return max(min(wanted_m, max(now_m, soft_m)), min(nearest_m, now_m))


def _bend_direction(leg: Leg, along: Vec, shin_bone: Vec, shin_m: float) -> Vec:
    """Unit vector across the thigh, in the plane of the knee, to the side to which the shin bends.

    A knee that is straight or bent the wrong way bends backwards."""
    back = v.rotate(leg.thigh, (0.0, 0.0, -1.0))
    back = v.sub(back, v.scale(along, v.dot(back, along)))
    back = v.scale(back, 1.0 / v.length(back))
    aside = v.cross(along, back)
    backward, sideward = v.dot(shin_bone, back) / shin_m, v.dot(shin_bone, aside) / shin_m
    backward = max(backward, 0.0, STRAIGHT_KNEE - abs(sideward))
    size = math.hypot(backward, sideward)
    return v.add(v.scale(back, backward / size), v.scale(aside, sideward / size))
