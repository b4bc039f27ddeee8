"""Inertialised cuts: a pose that jumps is carried over into the new motion.

The body goes on as it went, ever more slowly (a "ghost" of the old motion), while the new motion takes it over along a
quintic. Only the last pose and its velocity are needed of the old motion, as in Bollo's inertialization (GDC 2018); but
where that adds the old difference to the new motion, which bends joints the wrong way when the difference is large,
this stays between two poses that bodies can take ("dead blending", Holden 2023).

While a cut lasts, no joint goes much faster than the dance does otherwise: a body that has far to go takes longer, and
one that would still be too fast is held back.
"""

import math
from dataclasses import dataclass

import numpy as np

from megadance_live.motion.local_frame import F64, HEIGHT, LocalFrame
from megadance_live.motion.rotations import conjugate, exp, log, multiply, nlerp, normalise, shorter, skeleton, toward

MIN_DURATION_S = 0.12
MAX_DURATION_S = 4.0
ROOT_DURATION_S = 0.25
"""Velocity and yaw rate go over within this at most: they are rates, and what they carry away must stay small."""
HALF_LIFE_S = 0.07
"""In which the ghost loses half of its velocity."""
ADDED_SPEED_SHARE = 0.4
"""Going over from pose to pose may take this share of the pace of the dance (99th percentile of joint speed)."""
FASTEST_SHARE = 1.15
"""No joint goes faster than this share of the pace while a cut lasts."""
MAX_SPIN_RAD_S = 15.0
_QUINTIC_PEAK = 1.875
"""Steepest slope of the quintic from 1 to 0."""
_ARC_STEPS = 5

_START_PACE_M_S = 2.0
_PACE_RANGE_M_S = (0.7, 5.0)
_PACE_GAINS = (0.5, 0.04)
"""At first and in the long run (about a minute)."""
_PACE_WAITS_S = 0.5
_PACE_SETTLES = 30
"""Frames after which the gain has halved."""


@dataclass(frozen=True)
class Ghost:
    """The old motion as it dies away, and how far the new one has taken over.

    `way` [24, 4] is the last difference between the two: its sign keeps the way round when they lie half a turn apart.
    """

    quats: F64
    spin: F64  # [24, 3] rad/s in each parent's frame
    root: F64  # [4] as in LocalFrame
    rise_m_s: float
    way: F64
    age_s: float
    duration_s: float


@dataclass(frozen=True)
class InertialState:
    """What was emitted last and how fast it moved; `pace_m_s` follows the 99th percentile of joint speed."""

    last: LocalFrame
    places: F64  # [24, 3] joints around the pelvis
    before: F64  # [24, 4] rotations `passed_s` before the last
    passed_s: float
    rise_m_s: float
    pace_m_s: float
    paced: int  # frames that the pace was learnt from
    ghost: Ghost | None


def inertialise(
    frame: LocalFrame, cut: bool, dt_s: float, crossfade_s: float, state: InertialState | None
) -> tuple[LocalFrame, InertialState]:
    """`cut` says that the frame does not follow on from the last one. Outside of cuts the frame itself comes back.

    A cut takes `crossfade_s`, or longer where the poses are so far apart that going over would be seen as a jerk. A cut
    within a cut starts again from what was emitted.
    """
    if state is None:
        places, _ = skeleton(frame.quats)
        return frame, InertialState(frame, places, frame.quats, dt_s, 0.0, _START_PACE_M_S, 0, None)
    ghost = _ghost_of(frame, crossfade_s, state) if cut else state.ghost
    out = frame
    if ghost is not None:
        out, ghost = _taken_over(frame, dt_s, ghost)
    places, speeds = _speeds(out, dt_s, state)
    if ghost is not None:
        fastest = FASTEST_SHARE * state.pace_m_s
        if speeds.max() > fastest:
            out = _held_back(out, float(fastest / speeds.max()), state)
            places, speeds = _speeds(out, dt_s, state)
        elif ghost.age_s >= ghost.duration_s:
            ghost = None
    return out, _observe(out, places, speeds, ghost, dt_s, state)


def _ghost_of(frame: LocalFrame, crossfade_s: float, state: InertialState) -> Ghost:
    way = shorter(multiply(state.last.quats, conjugate(frame.quats)))
    duration_s = max(crossfade_s, _safe_s(log(way), frame, state.pace_m_s), MIN_DURATION_S)
    return Ghost(
        state.last.quats, _spin(state), state.last.root, state.rise_m_s, way, 0.0, min(duration_s, MAX_DURATION_S)
    )


def _spin(state: InertialState) -> F64:
    """How fast each joint turned last [24, 3], rad/s in its parent's frame."""
    spin = log(shorter(multiply(state.last.quats, conjugate(state.before)))) / state.passed_s
    rates = np.sqrt(np.einsum("ij,ij->i", spin, spin))
    limited: F64 = spin * np.minimum(1.0, MAX_SPIN_RAD_S / np.maximum(rates, 1e-9))[:, None]
    return limited


def _safe_s(turn: F64, frame: LocalFrame, pace_m_s: float) -> float:
    """The duration over which turning by `turn` [24, 3] onto the frame takes no more than its share of the pace."""
    places = skeleton(frame.quats)[0]
    longest_m = 0.0
    # Chained joints swing along arcs: measure them in pieces.
    for i in range(1, _ARC_STEPS + 1):
        before, places = places, skeleton(multiply(exp(turn * (i / _ARC_STEPS)), frame.quats))[0]
        step = places - before
        longest_m = max(longest_m, _ARC_STEPS * math.sqrt(np.einsum("ij,ij->i", step, step).max()))
    return _QUINTIC_PEAK * longest_m / (ADDED_SPEED_SHARE * pace_m_s)


def _taken_over(frame: LocalFrame, dt_s: float, ghost: Ghost) -> tuple[LocalFrame, Ghost]:
    """One frame on: the ghost as far as it still has a say, the new motion for the rest."""
    quats = normalise(multiply(exp(ghost.spin * dt_s), ghost.quats))
    slower = 0.5 ** (dt_s / HALF_LIFE_S)
    ghost_root = ghost.root * slower
    ghost_root[HEIGHT] = ghost.root[HEIGHT] + ghost.rise_m_s * dt_s
    way = toward(multiply(quats, conjugate(frame.quats)), ghost.way)
    # The frame of the cut itself belongs to the ghost alone.
    say, root_say = _left(ghost.age_s / ghost.duration_s), _left(ghost.age_s / min(ROOT_DURATION_S, ghost.duration_s))
    root = frame.root + root_say * (ghost_root - frame.root)
    root[HEIGHT] = frame.root[HEIGHT] + say * (ghost_root[HEIGHT] - frame.root[HEIGHT])
    out = LocalFrame(normalise(multiply(exp(log(way) * say), frame.quats)), root, frame.contacts)
    return out, Ghost(
        quats,
        ghost.spin * slower,
        ghost_root,
        ghost.rise_m_s * slower,
        way,
        ghost.age_s + dt_s,
        ghost.duration_s,
    )


def _held_back(out: LocalFrame, share: float, state: InertialState) -> LocalFrame:
    """Only `share` of the way from the last pose to `out`."""
    root = out.root * share
    root[HEIGHT] = state.last.root[HEIGHT] + share * (out.root[HEIGHT] - state.last.root[HEIGHT])
    return LocalFrame(nlerp(state.last.quats, out.quats, share), root, out.contacts)


def _left(s: float) -> float:
    """Quintic from 1 to 0 with all other derivatives zero at both ends."""
    return 0.0 if s >= 1.0 else 1.0 - s * s * s * (10.0 - 15.0 * s + 6.0 * s * s)


def _speeds(out: LocalFrame, dt_s: float, state: InertialState) -> tuple[F64, F64]:
    """Joints around the pelvis [24, 3], and how fast each moves in the world [24], m/s."""
    places, _ = skeleton(out.quats)
    height, left, forward, yaw = out.root.tolist()
    sine, cosine = math.sin(yaw), math.cos(yaw)
    turn = np.array([[cosine, 0.0, -sine], [0.0, 1.0, 0.0], [sine, 0.0, cosine]])
    step = np.array([left, height - float(state.last.root[HEIGHT]), forward])
    moved = (places + step) @ turn - state.places
    return places, np.sqrt(np.einsum("ij,ij->i", moved, moved)) / dt_s


def _observe(
    out: LocalFrame, places: F64, speeds: F64, ghost: Ghost | None, dt_s: float, state: InertialState
) -> InertialState:
    pace, paced = state.pace_m_s, state.paced
    # The beginning of a cut is measured against the dance elsewhere, not against itself.
    if ghost is None or ghost.age_s >= min(ghost.duration_s, _PACE_WAITS_S):
        # Stochastic quantile (Robbins-Monro on the logarithm): at rest where one speed in a hundred is above.
        gain = max(_PACE_GAINS[0] / (1.0 + paced / _PACE_SETTLES), _PACE_GAINS[1])
        pace *= math.exp(gain * (np.count_nonzero(speeds > pace) / len(speeds) - 0.01))
        pace = min(max(pace, _PACE_RANGE_M_S[0]), _PACE_RANGE_M_S[1])
        paced += 1
    rise_m_s = float(out.root[HEIGHT] - state.last.root[HEIGHT]) / dt_s
    return InertialState(out, places, state.last.quats, dt_s, rise_m_s, pace, paced, ghost)
