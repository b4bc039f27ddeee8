"""Where the beat is: an exact forward filter over tempo and phase.

Every pair of a tempo and a place in the beat is a state (the bar pointer: Whiteley, Cemgil and Godsill, ISMIR 2006),
240 places to the second. Tempo changes where a beat falls, and rather by little than by much (Krebs, Boeck and Widmer,
ISMIR 2015). Only the past is ever looked at, and nothing is decided: what is asked for is the posterior of when the
next beat falls, which is known long before it does.

States do not move. Each stands for one grid of beats in time, so a frame that passes changes only which places are
near a beat now: those alone are weighed by what was heard, and only those that a beat has just passed are spread over
the tempi.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]

PLACES_PER_FRAME = 4
PLACE_RATE_HZ = BEAT_FRAME_RATE_HZ * PLACES_PER_FRAME
SLOWEST_BPM, FASTEST_BPM = 55.0, 215.0
TEMPO_STEP = 0.016
CHANGE = 100.0
"""A change of tempo by a part x at one beat has a weight of exp(-CHANGE x)."""
BEAT_WIDTH_S = 0.022
"""What is heard so long before or after a beat still tells of it, by a Gaussian."""
USUAL_BPM, USUAL_OCTAVES = 125.0, 0.45
"""Tempi of dance music: mean, and deviation in octaves, of a log-normal distribution."""
LEAK = 1e-6
"""The part of all weight that begins anew in every frame: other music may have come in."""
READ_WIDTH_S = 0.015
MASS_S = 0.035
"""The weight of a beat is that of all states which have it within so much."""


JUST_PASSED = 12
"""Places: a beat that fell this short a while ago may still be the next, as long as it has not been counted."""
_JUST_BEGUN: I32 = np.arange(PLACES_PER_FRAME, dtype=np.int32)


@dataclass(frozen=True)
class NextBeat:
    """The likeliest next beat: how long until it falls (or, negative, since it fell), the beat's length there, and the
    weight (0..1) of all that agree about it and, of these, about the tempo (within 4 %)."""

    in_s: float
    period_s: float
    weight: float
    tempo_weight: float


@dataclass(frozen=True)
class FilterState:
    weights: F64  # [states]; their sum is 1
    frame: int  # frames so far, those passed over in silence included
    tempo_prior: F64  # [tempi]


class BeatFilter:
    """The tables of the filter, and what is done to a state. No method changes the state it is given."""

    def __init__(self, delays_s: tuple[float, ...]) -> None:
        """One expert for each of `delays_s`, which says how long after a beat it speaks of it."""
        self.lengths: I32 = _lengths()  # [tempi] of the beat, in places
        self.periods_s: F64 = self.lengths / PLACE_RATE_HZ
        self._first = np.concatenate([[0], np.cumsum(self.lengths)[:-1]]).astype(np.int32)
        ratio = self.lengths[None, :] / self.lengths[:, None]
        change = np.exp(-CHANGE * np.abs(ratio - 1))
        self._change_to = (change / change.sum(axis=1, keepdims=True)).T.copy()
        half = int(3 * BEAT_WIDTH_S * PLACE_RATE_HZ)
        near = np.arange(-half, half + 1, dtype=np.int32)
        self._near = [near + round(delay_s * PLACE_RATE_HZ) for delay_s in delays_s]
        self._nearness = np.exp(-0.5 * (near / PLACE_RATE_HZ / BEAT_WIDTH_S) ** 2)
        self._ahead = np.arange(-JUST_PASSED, int(self.lengths.max()) + 1, dtype=np.int32)
        self._exists = self._ahead <= self.lengths[:, None]
        reach = np.arange(-12, 13) / PLACE_RATE_HZ
        smooth = np.exp(-0.5 * (reach / READ_WIDTH_S) ** 2)
        self._smooth = smooth / smooth.sum()
        self.usual_tempo: F64 = self.around(USUAL_BPM, USUAL_OCTAVES)

    def initial_state(self) -> FilterState:
        return FilterState(self._fresh(self.usual_tempo), 0, self.usual_tempo)

    def heard(self, ratios: F64, state: FilterState, tempo: F64 | None = None) -> FilterState:
        """After frames [n]: `ratios` [n, experts] say how many times likelier is what each expert hears now if a beat
        was here, its delay ago; `tempo` [tempi] says the same of the tempo, once."""
        weights, frame = state.weights.copy(), state.frame
        for said in ratios:
            frame += 1
            passed = self._states(_JUST_BEGUN, frame)
            weights[passed] = self._change_to @ weights[passed]
            for ratio, places in zip(said, self._near, strict=True):
                if ratio != 1:
                    weights[self._states(places, frame)] *= 1 + self._nearness * (ratio - 1)
        if tempo is not None:
            weights *= np.repeat(tempo, self.lengths)
        weights /= weights.sum()
        leak = LEAK * len(ratios)
        weights = (1 - leak) * weights + leak * self._fresh(state.tempo_prior)
        return replace(state, weights=weights, frame=frame)

    def waited(self, frames: int, state: FilterState) -> FilterState:
        """After frames in which nothing can be heard: every grid of beats goes on as it is."""
        return replace(state, frame=state.frame + frames)

    def doubted(self, share: float, state: FilterState) -> FilterState:
        """With that share of all weight begun anew."""
        return replace(state, weights=(1 - share) * state.weights + share * self._fresh(state.tempo_prior))

    def around(self, bpm: float, octaves: float) -> F64:
        """[tempi] a log-normal likelihood, 1 at `bpm`, of that deviation."""
        likelihood: F64 = np.exp(-0.5 * (np.log2(60 / self.periods_s / bpm) / octaves) ** 2)
        return likelihood

    def tempo_is(self, likelihood: F64, state: FilterState) -> FilterState:
        """With evidence of the tempo [tempi], once."""
        weights = state.weights * np.repeat(likelihood + np.finfo(float).tiny, self.lengths)
        total = float(weights.sum())
        return replace(state, weights=weights / total) if total > 0 else state

    def beat_at(self, in_s: float, odds: float, width_s: float, state: FilterState) -> FilterState:
        """With a beat that somebody hears `in_s` from now (negative: ago), so many times likelier on one than off."""
        half = int(3 * width_s * PLACE_RATE_HZ)
        reach = np.arange(-half, half + 1, dtype=np.int32)
        nearness = np.exp(-0.5 * (reach / PLACE_RATE_HZ / width_s) ** 2)
        weights = state.weights.copy()
        weights[self._states(reach - round(in_s * PLACE_RATE_HZ), state.frame)] *= 1 + nearness * (odds - 1)
        return replace(state, weights=weights / weights.sum())

    def tempo_times(self, factor: float, state: FilterState) -> FilterState:
        """Beats twice as fast (2), every old one still a beat; or half as fast (0.5), of which either may be one."""
        weights = np.zeros_like(state.weights)
        for tempo, length in enumerate(self.lengths):
            new = int(np.argmin(np.abs(self.lengths - length / factor)))
            new_length = int(self.lengths[new])
            if abs(new_length * factor / length - 1) > 2 * TEMPO_STEP:
                continue
            ahead = np.arange(1, length + 1)
            moved = state.weights[self._first[tempo] + (length - ahead - PLACES_PER_FRAME * state.frame) % length]
            for new_ahead in (ahead,) if factor > 1 else (ahead, ahead + length):
                places = (new_length - new_ahead - PLACES_PER_FRAME * state.frame) % new_length
                np.add.at(weights, self._first[new] + places, moved)
        total = float(weights.sum())
        return replace(state, weights=weights / total) if total > 0 else state

    def next_beat(self, state: FilterState, after_s: float = 0.0) -> NextBeat:
        """The first that is not before `after_s` from now (no further back than JUST_PASSED)."""
        states = self._states(self.lengths[:, None] - self._ahead, state.frame)
        by_tempo = np.where(self._exists, state.weights[states], 0.0)
        by_time = by_tempo.sum(axis=0)
        earliest = min(max(0, round(after_s * PLACE_RATE_HZ) + JUST_PASSED), len(by_time) - 1)
        likeliest = earliest + int(np.argmax(np.convolve(by_time, self._smooth, "same")[earliest:]))
        reach = round(MASS_S * PLACE_RATE_HZ)
        here = slice(max(0, likeliest - reach), likeliest + reach + 1)
        weight = float(by_time[here].sum())
        in_s = float(by_time[here] @ self._ahead[here]) / weight / PLACE_RATE_HZ
        tempi = by_tempo[:, here].sum(axis=1)
        best = self.periods_s[int(np.argmax(tempi))]
        same = np.abs(self.periods_s / best - 1) < 0.04
        tempo_weight = float(tempi[same].sum())
        period_s = float(tempi[same] @ self.periods_s[same]) / tempo_weight
        return NextBeat(in_s, period_s, weight, tempo_weight)

    def _states(self, places: I32, frame: int) -> I32:
        """[tempi, places] the states that are at these places after the beat now."""
        turned = (PLACES_PER_FRAME * frame % self.lengths).astype(np.int32)
        states: I32 = self._first[:, None] + (places - turned[:, None]) % self.lengths[:, None]
        return states

    def _fresh(self, tempo_prior: F64) -> F64:
        by_tempo = tempo_prior / tempo_prior.sum()
        return np.repeat(by_tempo / self.lengths, self.lengths)


def _lengths() -> I32:
    """About TEMPO_STEP apart, but whole."""
    shortest, longest = PLACE_RATE_HZ * 60 / FASTEST_BPM, PLACE_RATE_HZ * 60 / SLOWEST_BPM
    count = int(np.log(longest / shortest) / np.log(1 + TEMPO_STEP)) + 1
    lengths: I32 = np.unique(np.round(shortest * (1 + TEMPO_STEP) ** np.arange(count))).astype(np.int32)
    return lengths
