"""The values that a choreography works with: what it may know, places for tokens, and how a dance stands."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.control import Control
from megadance_live.core.motion import TOKEN_FRAMES, MotionTokens, PoseFrame, RawMotion
from megadance_live.motion.post import PostState

F32 = npt.NDArray[np.float32]

UNPLANNED = -1
"""No clock has this epoch: what carries it is planned at the next hop."""


@dataclass(frozen=True)
class Moment:
    """All that the choreography may know at one hop."""

    now_s: float
    clock: BarClock
    features: F32  # [n, FEATURE_COUNT] the latest music frames
    silent: bool
    control: Control
    resting: bool = False  # nothing sounds, and not because the input was lost


@dataclass(frozen=True)
class Slot:
    """A place for one token: `slot` of `slots` in `bar`. `void` marks a token whose frames will not be shown."""

    number: int
    bar: int
    slot: int
    slots: int
    expert: str = ""
    void: bool = False

    @property
    def bars(self) -> float:
        return self.bar + self.slot / self.slots

    def frame_bars(self, frame: int) -> float:
        return self.bar + (self.slot + frame / TOKEN_FRAMES) / self.slots


@dataclass(frozen=True)
class WaitingFrame:
    """A frame that has been composed and not delivered."""

    slot: Slot
    frame: int
    raw: RawMotion

    @property
    def bars(self) -> float:
        return self.slot.frame_bars(self.frame)


@dataclass(frozen=True)
class DancedToken:
    """What was danced in a place, for bars that repeat it."""

    place: Slot
    tokens: MotionTokens


@dataclass(frozen=True)
class Mark:
    """How things stood before a token was composed, and before its first frame was delivered for `first_s` (once it
    has been)."""

    slot: Slot
    dancer: Any
    post: PostState | None = None
    last_s: float = -math.inf
    first_s: float = math.inf


@dataclass(frozen=True)
class Dance:
    """The choreography's state: what has been composed and delivered so far."""

    dancer: Any
    post: PostState
    following: Slot | None = None  # the next place to compose for
    composed: tuple[Slot, ...] = ()  # composed, and not decoded yet for want of look-ahead
    waiting: tuple[WaitingFrame, ...] = ()
    marks: tuple[Mark, ...] = ()
    danced: tuple[DancedToken, ...] = ()  # since the bar before this one began
    epoch: int = UNPLANNED
    last_s: float = -math.inf
    redo_s: float = math.inf  # the next pose replaces one that was delivered for this time
    held: PoseFrame | None = None
