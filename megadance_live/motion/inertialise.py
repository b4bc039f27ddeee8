"""Inertialisation: a pose that jumps is carried over into the new motion (Bollo, "Inertialization", GDC 2018).

At a cut the difference between where the body would have gone and where the new motion has it becomes an offset. It is
added to the new motion and decays along quintics that start with its position and velocity and end at rest. Bollo takes
the velocity of the new motion as zero; here the first frame after a cut continues the old motion, and the second, which
knows both velocities, sets that of the offset.
"""

from dataclasses import dataclass

import numpy as np

from megadance_live.motion.local_frame import HEIGHT, F64, LocalFrame
from megadance_live.motion.rotations import conjugate, exp, log, multiply, normalise, shorter, skeleton, toward

MIN_DURATION_S = 0.12
MAX_DURATION_S = 4.0
VELOCITY_DURATION_S = 0.25
"""A difference in velocity goes away within this, so that it cannot carry the body far."""
ADDED_SPEED_SHARE = 0.45
"""A decaying offset may add this share of the pace of the dance (99th percentile of joint speed) to a joint's speed."""
CARRY = 0.8
"""Share of its velocity that the body keeps in the frame of the cut; less than 1, so that cuts in every frame end at
rest."""
MAX_RATE_RAD_S = 12.0
_QUINTIC_PEAK = 1.875
"""Steepest slope of the quintic from 1 to 0."""
_ARC = 1.2
"""Joints swing along arcs, longer than the straight line from here to there."""

_START_PACE_M_S = 2.5
_PACE_RANGE_M_S = (0.7, 5.0)


@dataclass(frozen=True)
class Offset:
    """A difference on its way to zero: rotation vectors [24, 3] in each parent's frame, root [4], and their rates."""

    turn: F64
    turn_rate: F64
    root: F64
    root_rate: F64
    age_s: float
    duration_s: float
    fresh: bool  # the next frame sets the rates


@dataclass(frozen=True)
class InertialState:
    """What was emitted last and how fast it moved; `pace_m_s` follows the 99th percentile of joint speed."""

    last: LocalFrame
    places: F64  # [24, 3] joints around the pelvis
    spin: F64  # [24, 3] rad/s in each parent's frame
    rise: F64  # [4] rate of the height, the rest zero
    pace_m_s: float
    offset: Offset | None


def inertialise(
    frame: LocalFrame, cut: bool, dt_s: float, crossfade_s: float, state: InertialState | None
) -> tuple[LocalFrame, InertialState]:
    """`cut` says that the frame does not follow on from the last one. Without an offset the frame itself comes back.

    A cut takes `crossfade_s`, or longer where the offset is so large that its decay would be seen as a jerk.
    """
    if state is None:
        places, _ = skeleton(frame.quats)
        return frame, InertialState(frame, places, np.zeros((len(places), 3)), np.zeros(4), _START_PACE_M_S, None)
    if cut:
        out, offset = _capture(frame, dt_s, crossfade_s, state)
    else:
        out, offset = _decay(frame, dt_s, state)
    return out, _observe(out, offset, dt_s, state)


def _ahead(dt_s: float, state: InertialState, carry: float) -> LocalFrame:
    """Where the body goes if it goes on as it did."""
    last = state.last
    quats = normalise(multiply(exp(state.spin * (dt_s * carry)), last.quats))
    return LocalFrame(quats, last.root + state.rise * (dt_s * carry), last.contacts)


def _capture(
    frame: LocalFrame, dt_s: float, crossfade_s: float, state: InertialState
) -> tuple[LocalFrame, Offset]:
    ahead = _ahead(dt_s, state, CARRY)
    turn = log(shorter(multiply(ahead.quats, conjugate(frame.quats))))
    far = skeleton(ahead.quats)[0] - skeleton(frame.quats)[0]
    distance_m = float(np.sqrt(np.einsum("ij,ij->i", far, far).max()))
    safe_s = _QUINTIC_PEAK * _ARC * distance_m / (ADDED_SPEED_SHARE * state.pace_m_s)
    duration_s = min(max(crossfade_s, safe_s, MIN_DURATION_S), MAX_DURATION_S)
    still = np.zeros_like(turn)
    offset = Offset(turn, still, ahead.root - frame.root, np.zeros(4), 0.0, duration_s, True)
    return LocalFrame(ahead.quats, ahead.root, frame.contacts), offset


def _decay(frame: LocalFrame, dt_s: float, state: InertialState) -> tuple[LocalFrame, Offset | None]:
    offset = state.offset
    if offset is None:
        return frame, None
    if offset.fresh:
        offset = _with_rates(frame, dt_s, offset, state)
    age_s = offset.age_s + dt_s
    if age_s >= max(offset.duration_s, VELOCITY_DURATION_S):
        return frame, None
    # Velocity and yaw rate of the root are rates already: what they carry away must stay small.
    quick_s = min(offset.duration_s, VELOCITY_DURATION_S)
    keep, keep_quick = _position_left(age_s / offset.duration_s), _position_left(age_s / quick_s)
    run = quick_s * _velocity_left(age_s / quick_s)
    turn = offset.turn * keep + offset.turn_rate * run
    root = offset.root * keep_quick + offset.root_rate * run
    root[HEIGHT] = offset.root[HEIGHT] * keep + offset.root_rate[HEIGHT] * run
    out = LocalFrame(normalise(multiply(exp(turn), frame.quats)), frame.root + root, frame.contacts)
    return out, Offset(offset.turn, offset.turn_rate, offset.root, offset.root_rate, age_s, offset.duration_s, False)


def _with_rates(frame: LocalFrame, dt_s: float, offset: Offset, state: InertialState) -> Offset:
    """The offset moves so that this frame would continue the last two emitted."""
    ahead = _ahead(dt_s, state, 1.0)
    now = log(toward(multiply(ahead.quats, conjugate(frame.quats)), exp(offset.turn)))
    rate = (now - offset.turn) / dt_s
    speed = np.sqrt(np.einsum("ij,ij->i", rate, rate))
    rate = rate * np.minimum(1.0, MAX_RATE_RAD_S / np.maximum(speed, 1e-9))[:, None]
    root_rate = np.zeros(4)
    root_rate[HEIGHT] = (ahead.root[HEIGHT] - frame.root[HEIGHT] - offset.root[HEIGHT]) / dt_s
    return Offset(offset.turn, rate, offset.root, root_rate, offset.age_s, offset.duration_s, False)


def _position_left(s: float) -> float:
    """Quintic from 1 to 0 with all other derivatives zero at both ends."""
    return 0.0 if s >= 1.0 else 1.0 - s * s * s * (10.0 - 15.0 * s + 6.0 * s * s)


def _velocity_left(s: float) -> float:
    """Quintic from 0 to 0 that starts with slope 1."""
    return 0.0 if s >= 1.0 else s * (1.0 - s * s * (6.0 - 8.0 * s + 3.0 * s * s))


def _observe(out: LocalFrame, offset: Offset | None, dt_s: float, state: InertialState) -> InertialState:
    places, _ = skeleton(out.quats)
    moved = (places - state.places) / dt_s
    speeds = np.sqrt(np.einsum("ij,ij->i", moved, moved))
    # Stochastic quantile (Robbins-Monro on the logarithm): at rest where one speed in a hundred is above.
    pace = state.pace_m_s * float(np.exp(np.mean(speeds > state.pace_m_s) - 0.01))
    pace = min(max(pace, _PACE_RANGE_M_S[0]), _PACE_RANGE_M_S[1])
    spin = log(shorter(multiply(out.quats, conjugate(state.last.quats)))) / dt_s
    rise = np.zeros(4)
    rise[HEIGHT] = (out.root[HEIGHT] - state.last.root[HEIGHT]) / dt_s
    return InertialState(out, places, spin, rise, pace, offset)
