"""What is shown after the last frame, while the dancer is late or gone."""

from functools import cached_property

import numpy as np

from megadance_live.core import quaternion
from megadance_live.show.idle import Idle
from megadance_live.show.stage_pose import PoseMode, StagePose, blend, ease

EXTRAPOLATE_S = 0.1
"""The motion runs on for this long, ever slower."""
HOLD_S = 1.0
"""After this the held pose eases into the idle."""
EASE_S = 1.5
LARGEST_TURN_RAD = 0.35
"""No joint is carried on further than this: an elbow that was bending fast would pass its limit."""
LARGEST_MOVE_M = 0.25
"""Nor is the pelvis."""
_SHORTEST_STEP_S = 0.005


class Tail:
    """A source of poses: extrapolate with fading speed, hold, ease into the idle."""

    def __init__(self, end_s: float, last: StagePose, before: StagePose | None = None, step_s: float = 0.0) -> None:
        """`last` was due at `end_s`, `before` (None: it stood still) `step_s` earlier."""
        self.end_s = end_s
        self._last = last
        self._before = before if step_s >= _SHORTEST_STEP_S else None
        self._step_s = step_s
        if self._before is not None:
            cosine = np.abs(np.sum(self._before.quats * last.quats, axis=-1))
            angle = 2 * np.arccos(np.clip(cosine, 0, 1))  # [24] turned during the last step
            self._most_turn = LARGEST_TURN_RAD / np.maximum(angle, 1e-6)
            move_m = float(np.linalg.norm(last.root_m - self._before.root_m))
            self._most_move = LARGEST_MOVE_M / max(move_m, 1e-6)

    def age_s(self, time_s: float) -> float:
        return time_s - self.end_s

    def at(self, time_s: float) -> StagePose:
        """The pose at a host time after the last frame: on, then still, then at ease."""
        age_s = self.age_s(time_s)
        if age_s < EXTRAPOLATE_S:
            return self._carried(age_s, "extrapolated")
        if age_s < HOLD_S:
            return self._held
        if age_s < HOLD_S + EASE_S:
            return blend(self._held, self._idle.at(time_s), ease((age_s - HOLD_S) / EASE_S))
        return self._idle.at(time_s)

    @cached_property
    def _held(self) -> StagePose:
        return self._carried(EXTRAPOLATE_S, "held")

    @cached_property
    def _idle(self) -> Idle:
        return Idle(self._held, self.end_s + HOLD_S)

    def _carried(self, age_s: float, mode: PoseMode) -> StagePose:
        """The last pose moved on, at a speed that falls linearly to zero at EXTRAPOLATE_S."""
        last, before = self._last, self._before
        if before is None:
            return StagePose(last.root_m, last.quats, last.contacts, last.expert, mode)
        age_s = max(age_s, 0.0)
        steps = (age_s - age_s**2 / (2 * EXTRAPOLATE_S)) / self._step_s
        beyond = np.minimum(steps, self._most_turn).astype(np.float32)
        further = np.float32(min(steps, self._most_move))
        return StagePose(
            last.root_m + further * (last.root_m - before.root_m),
            quaternion.slerp(before.quats, last.quats, 1 + beyond),
            last.contacts,
            last.expert,
            mode,
        )
