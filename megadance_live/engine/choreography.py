"""From bar clock and music to poses, token by token, on the bar grid.

Each bar is cut into a whole number of tokens, so every bar line is a token boundary. Tokens are composed as late as the
look-ahead and the lead allow. What has been composed but should have been danced by another expert, or should have
repeated the bar before, is thrown away and composed again from a mark; poses already delivered are then delivered
again, and replace the first.
"""

import math
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.conditioning import (
    HEARING_DELAY_HOPS,
    MUSIC_SIZE,
    condition_from,
    phase_of,
    pool_music,
    slots_of,
)
from megadance_live.core.dancer import Dancer, TokenCue
from megadance_live.core.motion import FRAME_RATE_HZ, TOKEN_FRAMES, TOKEN_S, PoseFrame
from megadance_live.engine.again import before_number, repeated, since_bar
from megadance_live.engine.dance import UNPLANNED, Dance, DancedToken, Mark, Moment, Slot, WaitingFrame
from megadance_live.engine.schedule import SAME_PLACE_BARS, Schedule
from megadance_live.motion.accent import accented
from megadance_live.motion.dynamics import dynamic
from megadance_live.motion.post import PostProcessor

F32 = npt.NDArray[np.float32]

LEAD_S = (HEARING_DELAY_HOPS + 1) / FRAME_RATE_HZ - TOKEN_S
"""How far ahead of the music heard poses are delivered: what capture, computing and sending take, and just so much that
a token has heard what it had heard in training. What the performer asks for as latency is added."""
_MIN_STEP_S = 0.004
RESTING = 0.3
"""Share of its energy that the dance keeps while nothing sounds: it is marked, small, until the music is back."""


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
        bar = math.floor(moment.clock.bars_at(moment.now_s))
        dance = replace(dance, marks=_needed(dance.marks, moment), danced=since_bar(bar - 1, dance.danced))
        poses: list[PoseFrame] = []
        while True:
            if dance.waiting:
                if moment.clock.time_of(shown_at(dance.waiting[0].bars, moment)) > due_s:
                    return poses, dance
                pose, dance = self._delivered(moment, dance)
                poses.append(pose)
            else:
                if moment.clock.time_of(shown_at(self._next_place(dance).bars, moment)) > due_s:
                    return poses, dance
                dance = self._composed(moment, dance)

    def rerouted(self, from_bars: float, dance: Dance) -> Dance:
        """Forgets all that was composed for `from_bars` and later, so that something else can be danced there."""
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
            danced=before_number(number, dance.danced),
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
            danced=(),
            epoch=UNPLANNED,
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
            looseness=moment.control.looseness,
            seed=moment.control.seed,
            tokens=repeated(place, dance.danced) if place.bar in schedule.again_bars else None,
            frame=None if moment.silent else moment.features[-1],
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
            danced=(*dance.danced, DancedToken(place, step.tokens)),
        )

    def _delivered(self, moment: Moment, dance: Dance) -> tuple[PoseFrame, Dance]:
        """The first waiting frame as a pose."""
        frame, rest = dance.waiting[0], dance.waiting[1:]
        bars = shown_at(frame.bars, moment)
        # The clock may have slewed since: a pose must not come later than the one that it replaces.
        time_s = max(min(moment.clock.time_of(bars), dance.redo_s), dance.last_s + _MIN_STEP_S)
        marks = dance.marks
        if frame.frame == 0:
            marks = tuple(
                replace(m, post=dance.post, last_s=dance.last_s, first_s=time_s)
                if m.slot.number == frame.slot.number
                else m
                for m in marks
            )
        if moment.control.freeze and dance.held is not None:
            pose = replace(dance.held, time_s=time_s, bars=bars)
            post = self._post.rebase(dance.post)
        else:
            control = replace(moment.control, energy=_energy(moment))
            pose, post = self._post.step(frame.raw, time_s, bars, frame.slot.expert, control, dance.post)
        return pose, replace(dance, waiting=rest, marks=marks, post=post, last_s=time_s, redo_s=math.inf, held=pose)


def _energy(moment: Moment) -> float:
    """How large the dance is to be now. Of an input that is lost nothing is known."""
    asked = moment.control.energy
    if moment.silent:
        return RESTING * asked if moment.resting else asked
    return dynamic(asked, moment.features[-1], moment.control.dynamics)


def _needed(marks: tuple[Mark, ...], moment: Moment) -> tuple[Mark, ...]:
    """Those of tokens that have not been danced to their end yet; nobody can go back further."""
    now_bars = moment.clock.bars_at(moment.now_s)
    return tuple(mark for mark in marks if mark.slot.frame_bars(TOKEN_FRAMES) > now_bars)


def _after(place: Slot, clock: BarClock) -> Slot:
    """The place after this one; a new bar is cut at the tempo of the moment."""
    if place.slot + 1 < place.slots:
        return Slot(place.number + 1, place.bar, place.slot + 1, place.slots)
    return Slot(place.number + 1, place.bar + 1, 0, slots_of(clock.bar_s))


def shown_at(bars: float, moment: Moment) -> float:
    """Bar position at which what was composed for `bars` is seen; beats that nobody trusts are not accented."""
    return accented(bars, moment.clock.beats_per_bar, moment.control.accent) if _trusted(moment.clock) else bars


def _trusted(clock: BarClock) -> bool:
    return clock.state in ("locked", "holding") or clock.source not in ("free", "audio")


def condition_of(moment: Moment, place: Slot) -> F32:
    """[CONDITION_SIZE] for a token. What is not known (no music, no trusted beat) is withheld as it was in training."""
    music = np.zeros(MUSIC_SIZE, np.float32) if moment.silent else pool_music(moment.features)
    trusted = _trusted(moment.clock)
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
    return condition_from(music, phase)
