"""From bar clock and music to poses, token by token, on the bar grid.

Each bar is cut into a whole number of tokens, so every bar line is a token boundary. Tokens are composed as late as the
look-ahead and the lead allow. What has been composed but should have been danced by another expert is thrown away and
composed again from a mark; poses already delivered are then delivered again, and replace the first.
"""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.conditioning import HEARING_DELAY_HOPS, MUSIC_SIZE, phase_of, pool_music, slots_of
from megadance_live.core.control import Control
from megadance_live.core.dancer import Dancer, TokenCue
from megadance_live.core.motion import FRAME_RATE_HZ, TOKEN_FRAMES, TOKEN_S, PoseFrame, RawMotion
from megadance_live.engine.schedule import SAME_PLACE_BARS, Schedule
from megadance_live.motion.post import PostProcessor, PostState

F32 = npt.NDArray[np.float32]

LEAD_S = (HEARING_DELAY_HOPS + 1) / FRAME_RATE_HZ - TOKEN_S
"""How far ahead of the music heard poses are delivered: what capture, computing and sending take, and just so much that
a token has heard what it had heard in training. What the performer asks for as latency is added."""
_MIN_STEP_S = 0.004
_UNPLANNED = -1
"""No clock has this epoch: what carries it is planned at the next hop."""


@dataclass(frozen=True)
class Moment:
    """All that the choreography may know at one hop."""

    now_s: float
    clock: BarClock
    features: F32  # [n, 39] the latest music frames
    silent: bool
    control: Control


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
    epoch: int = _UNPLANNED
    last_s: float = -math.inf
    redo_s: float = math.inf  # the next pose replaces one that was delivered for this time
    held: PoseFrame | None = None


class Choreography:
    """Pure functions over `Dance`."""

    def __init__(self, dancer: Dancer, post: PostProcessor | None = None) -> None:
        self._dancer = dancer
        self._post = post or PostProcessor()

    def initial_state(self) -> Dance:
        return Dance(self._dancer.initial_state(), self._post.initial_state())

    def advance(self, moment: Moment, dance: Dance) -> tuple[list[PoseFrame], Dance]:
        """All poses that are due at this hop."""
        if dance.following is None or dance.epoch != moment.clock.epoch:
            dance = self._planned_anew(moment, dance)
        due_s = moment.now_s + LEAD_S + moment.control.latency_ms / 1000.0
        dance = replace(dance, marks=_needed(dance.marks, moment))
        poses: list[PoseFrame] = []
        while True:
            if dance.waiting:
                if moment.clock.time_of(dance.waiting[0].bars) > due_s:
                    return poses, dance
                pose, dance = self._delivered(moment, dance)
                poses.append(pose)
            else:
                if moment.clock.time_of(self._next_place(dance).bars) > due_s:
                    return poses, dance
                dance = self._composed(moment, dance)

    def rerouted(self, from_bars: float, dance: Dance) -> Dance:
        """Forgets all that was composed for `from_bars` and later, so that another expert can speak there."""
        index = next((i for i, m in enumerate(dance.marks) if m.slot.bars >= from_bars - SAME_PLACE_BARS), None)
        if index is None:
            return dance
        mark = dance.marks[index]
        number = mark.slot.number
        delivered = mark.post is not None
        # A token still without its look-ahead is decoded with the next one; one whose frames are out must not return.
        open_before = tuple(slot for slot in dance.composed if slot.number < number)
        missing = self._dancer.lookahead_tokens - len(open_before)
        decoded_before = tuple(
            replace(m.slot, void=True) for m in dance.marks[max(0, index - missing) : index] if missing > 0
        )
        return replace(
            dance,
            dancer=mark.dancer,
            following=mark.slot,
            composed=(*decoded_before, *open_before),
            waiting=() if delivered else tuple(w for w in dance.waiting if w.slot.number < number),
            marks=dance.marks[:index],
            post=mark.post if mark.post is not None else dance.post,
            last_s=mark.last_s if delivered else dance.last_s,
            redo_s=mark.first_s,
        )

    def interrupted(self, dance: Dance) -> Dance:
        """What was composed is dropped, and the plan will be made anew: time has passed in which nobody danced, or the
        bar lines have moved."""
        void = tuple(replace(place, void=True) for place in dance.composed)
        return replace(
            dance,
            post=self._post.rebase(dance.post) if dance.last_s > -math.inf else dance.post,
            composed=void,
            waiting=(),
            marks=(),
            epoch=_UNPLANNED,
            redo_s=math.inf,
        )

    def panicked(self, dance: Dance) -> Dance:
        """A fresh dancer, carried over smoothly; what was composed is dropped."""
        return replace(self.interrupted(dance), dancer=self._dancer.initial_state(), composed=())

    def _planned_anew(self, moment: Moment, dance: Dance) -> Dance:
        """The bar lines have moved (or nothing has been planned yet): begin at the next token of the new grid."""
        at = moment.clock.bars_at(max(moment.now_s, dance.last_s))
        slots = slots_of(moment.clock.bar_s)
        bar = math.floor(at)
        slot = math.ceil((at - bar) * slots - SAME_PLACE_BARS)
        number = dance.following.number if dance.following is not None else 0
        following = Slot(number, bar, slot, slots) if slot < slots else Slot(number, bar + 1, 0, slots)
        return replace(self.interrupted(dance), following=following, epoch=moment.clock.epoch)

    def _next_place(self, dance: Dance) -> Slot:
        """The place whose frames the next step of the dancer brings."""
        assert dance.following is not None
        shown = next((place for place in dance.composed if not place.void), None)
        return shown or dance.following

    def _composed(self, moment: Moment, dance: Dance) -> Dance:
        """One more token."""
        assert dance.following is not None
        schedule = Schedule.of(moment.control)
        place = replace(dance.following, expert=schedule.expert_at(dance.following.bars))
        cue = TokenCue(
            condition=condition_of(moment, place),
            bar=place.bar,
            slot=place.slot,
            slots=place.slots,
            expert=place.expert,
            armed=schedule.armed,
            looseness=moment.control.looseness,
            seed=moment.control.seed,
        )
        step, after = self._dancer.step(cue, dance.dancer)
        composed = (*dance.composed, place)
        waiting = dance.waiting
        if step.motion is not None and len(composed) > self._dancer.lookahead_tokens:
            shown, composed = composed[0], composed[1:]
            if not shown.void:
                waiting += tuple(WaitingFrame(shown, i, step.motion.frame(i)) for i in range(len(step.motion)))
        return replace(
            dance,
            dancer=after,
            following=_after(place, moment.clock),
            composed=composed,
            waiting=waiting,
            marks=(*dance.marks, Mark(dance.following, dance.dancer)),
        )

    def _delivered(self, moment: Moment, dance: Dance) -> tuple[PoseFrame, Dance]:
        """The first waiting frame as a pose."""
        frame, rest = dance.waiting[0], dance.waiting[1:]
        # The clock may have slewed since: a pose must not come later than the one that it replaces.
        time_s = max(min(moment.clock.time_of(frame.bars), dance.redo_s), dance.last_s + _MIN_STEP_S)
        marks = dance.marks
        if frame.frame == 0:
            marks = tuple(
                replace(m, post=dance.post, last_s=dance.last_s, first_s=time_s)
                if m.slot.number == frame.slot.number
                else m
                for m in marks
            )
        if moment.control.freeze and dance.held is not None:
            pose = replace(dance.held, time_s=time_s, bars=frame.bars)
            post = self._post.rebase(dance.post)
        else:
            pose, post = self._post.step(frame.raw, time_s, frame.bars, frame.slot.expert, moment.control, dance.post)
        return pose, replace(dance, waiting=rest, marks=marks, post=post, last_s=time_s, redo_s=math.inf, held=pose)


def _needed(marks: tuple[Mark, ...], moment: Moment) -> tuple[Mark, ...]:
    """Those of tokens that have not been danced to their end yet; nobody can go back further."""
    now_bars = moment.clock.bars_at(moment.now_s)
    return tuple(mark for mark in marks if mark.slot.frame_bars(TOKEN_FRAMES) > now_bars)


def _after(place: Slot, clock: BarClock) -> Slot:
    """The place after this one; a new bar is cut at the tempo of the moment."""
    if place.slot + 1 < place.slots:
        return Slot(place.number + 1, place.bar, place.slot + 1, place.slots)
    return Slot(place.number + 1, place.bar + 1, 0, slots_of(clock.bar_s))


def condition_of(moment: Moment, place: Slot) -> F32:
    """[CONDITION_SIZE] for a token. What is not known (no music, no trusted beat) is withheld as it was in training."""
    music = np.zeros(MUSIC_SIZE, np.float32) if moment.silent else pool_music(moment.features)
    trusted = moment.clock.state in ("locked", "holding") or moment.clock.source not in ("free", "audio")
    phase = phase_of(
        place.slot,
        place.slots,
        moment.clock.beats_per_bar,
        moment.clock.bar_s,
        1.0 if trusted else 0.0,
        moment.silent,
    )
    if not trusted:
        phase[:6] = 0.0
    return np.concatenate([music, phase])
