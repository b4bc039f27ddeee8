"""A pose as the stage sees it, and how one becomes another."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion

F32 = npt.NDArray[np.float32]

PoseMode = Literal["live", "extrapolated", "held", "idle", "pattern"]

EASE_SPEED_MPS = 0.8
"""Mean speed of a passage across the stage; at its fastest it is about twice that."""
EASE_LONGEST_S = 4.0


@dataclass(frozen=True)
class StagePose:
    """In SMPL axes. `mode` tells whether the dancer made it or something stands in for him; `expert` is an index,
    -1 for none."""

    root_m: F32  # [3] pelvis in the world
    quats: F32  # [24, 4] local, xyzw
    contacts: F32  # [4] left heel, left toe, right heel, right toe, 0..1
    expert: int = -1
    mode: PoseMode = "live"


class PoseSource(Protocol):
    """A pose for every time."""

    def at(self, time_s: float) -> StagePose: ...


@dataclass(frozen=True)
class Still:
    """The same pose at every time."""

    pose: StagePose

    def at(self, time_s: float) -> StagePose:
        return self.pose


def blend(a: StagePose, b: StagePose, weight: float) -> StagePose:
    """From a (weight 0) to b (weight 1), which also gives the names."""
    if weight <= 0:
        return StagePose(a.root_m, a.quats, a.contacts, b.expert, b.mode)
    if weight >= 1:
        return b
    w = np.float32(weight)
    return StagePose(
        a.root_m + w * (b.root_m - a.root_m),
        quaternion.slerp(a.quats, b.quats, weight),
        a.contacts + w * (b.contacts - a.contacts),
        b.expert,
        b.mode,
    )


def ease(x: float) -> float:
    """0 at 0, 1 at 1, without a jump of speed or acceleration at either end (quintic smoothstep)."""
    x = min(max(x, 0.0), 1.0)
    return x * x * x * (x * (6 * x - 15) + 10)


@dataclass(frozen=True)
class Crossfade:
    """An eased passage out of one source of poses. The source goes on moving underneath, so that speed has no jump."""

    source: PoseSource
    start_s: float
    length_s: float

    def at(self, time_s: float, target: StagePose) -> StagePose:
        if self.over(time_s):
            return target
        return blend(self.source.at(time_s), target, ease((time_s - self.start_s) / self.length_s))

    def over(self, time_s: float) -> bool:
        return time_s >= self.start_s + self.length_s


def fade_length_s(shortest_s: float, a: StagePose, b: StagePose) -> float:
    """Longer when the dancer has to cross the stage for it."""
    distance_m = float(np.linalg.norm(b.root_m - a.root_m))
    return min(max(shortest_s, distance_m / EASE_SPEED_MPS), EASE_LONGEST_S)
