"""From the dancer's raw frames to poses for the stage.

The order: what is broken is replaced; energy and mirror shape the dance; joint limits; a cut (another expert, a
mirror, a fresh start) is inertialised; smoothing; steps become a place on the stage, on a leash; nobody hovers; feet
stand.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from megadance_live.core.control import Control
from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame, RawMotion
from megadance_live.core.skeleton import JOINT_COUNT, LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT
from megadance_live.core.stage import StageSpec
from megadance_live.motion import vectors as v
from megadance_live.motion.energy import EnergyState, apply_energy
from megadance_live.motion.foot_lock import FootLockState, lock_feet
from megadance_live.motion.grounding import GroundState, grounded
from megadance_live.motion.inertialise import InertialState, inertialise
from megadance_live.motion.leash import Leash
from megadance_live.motion.limits import limited
from megadance_live.motion.local_frame import F64, HEIGHT, LocalFrame
from megadance_live.motion.mirror import mirrored
from megadance_live.motion.root import RootState, integrate
from megadance_live.motion.sanity import sane, standing
from megadance_live.motion.smooth import SmoothState, smooth

_OTHERS = [joint for joint in range(JOINT_COUNT) if joint not in (LEFT_ANKLE, RIGHT_ANKLE, LEFT_FOOT, RIGHT_FOOT)]
"""Joints that are not of a foot."""
_FRAME_S = 1.0 / FRAME_RATE_HZ
_FRAME_RANGE_S = (_FRAME_S / 2, _FRAME_S * 2)


@dataclass(frozen=True)
class PostState:
    """Everything that the next frame depends on. A value: keep it, pickle it, go back to it."""

    good: LocalFrame
    root: RootState
    feet: FootLockState
    ground: GroundState
    energy: EnergyState | None = None
    inertia: InertialState | None = None
    smoothing: SmoothState | None = None
    time_s: float | None = None
    spoken: tuple[str, bool] | None = None  # expert and mirror of the last frame
    cut: bool = False  # the next frame does not follow on from the last


class PostProcessor:
    """A causal stage from one RawMotion frame to one PoseFrame."""

    def __init__(self, leash: Leash | None = None) -> None:
        self._leash = leash or Leash()

    @property
    def spec(self) -> StageSpec:
        """No delay of its own; `Control.smooth_s` adds what it says."""
        return StageSpec(block=1, latency_s=0.0, receptive_s=math.inf)

    def initial_state(self) -> PostState:
        """At the centre of the stage, facing the audience."""
        return PostState(standing(), RootState(heading_rad=self._leash.facing_rad), FootLockState(), GroundState())

    def rebase(self, state: PostState) -> PostState:
        """The next frame does not follow on from the last (resync, restart, a plan thrown away): carry over."""
        return replace(state, cut=True)

    def step(
        self, raw: RawMotion, time_s: float, bars: float, expert: str, control: Control, state: PostState
    ) -> tuple[PoseFrame, PostState]:
        """The pose for ONE frame, to be seen at `time_s` and bar position `bars`, danced by `expert`.

        Another expert or another mirror than in the last frame is a cut, as is `rebase`, as is the first sane frame
        after a broken one.
        """
        good, broken = sane(raw, state.good)
        frame, energy = apply_energy(good, control.energy, state.energy)
        spoken = (expert, control.mirror)
        if control.mirror:
            frame = mirrored(frame)
        frame = LocalFrame(limited(frame.quats), frame.root, frame.contacts)
        cut = state.cut or (state.spoken is not None and state.spoken != spoken)
        frame_s = _frame_s(time_s, state.time_s)
        frame, inertia = inertialise(frame, cut, frame_s, control.crossfade_s, state.inertia)
        ground = grounded(float(frame.root[HEIGHT]) + float(inertia.places[:, 1].min()), frame_s, state.ground)
        frame, smoothing = smooth(frame, control.smooth_s, state.smoothing)
        height_m = float(frame.root[HEIGHT]) - ground.fallen_m
        root = integrate(frame.root, self._leash, state.root)
        locked, feet = lock_feet(
            (root.x_m, height_m, root.z_m),
            _in_world(frame.quats, root.heading_rad),
            frame.contacts,
            self._leash,
            state.feet,
            sunken_m=-height_m - float(inertia.places[_OTHERS, 1].min()),
        )
        root = RootState(root.x_m + locked.follow_m[0], root.z_m + locked.follow_m[1], root.heading_rad)
        pose = PoseFrame(
            time_s,
            bars,
            np.array(locked.root_m, np.float32),
            locked.quats.astype(np.float32),
            locked.contacts.astype(np.float32),
            expert,
        )
        return pose, PostState(good, root, feet, ground, energy, inertia, smoothing, time_s, spoken, broken)


def _frame_s(time_s: float, last_s: float | None) -> float:
    """Time since the last frame, where it is believable: after a jump in time, that of one frame."""
    passed_s = _FRAME_S if last_s is None else time_s - last_s
    return passed_s if _FRAME_RANGE_S[0] <= passed_s <= _FRAME_RANGE_S[1] else _FRAME_S


def _in_world(quats: F64, heading_rad: float) -> F64:
    """The pelvis turned to its heading."""
    turn = (0.0, math.sin(heading_rad / 2), 0.0, math.cos(heading_rad / 2))
    turned = quats.copy()
    turned[0] = v.normalise(v.multiply(turn, v.as_quat(quats[0].tolist())))
    return turned
