"""Where the beat is: an exact forward filter over tempo and phase.

Every pair of a tempo and a time until the next beat is a state (the bar pointer: Whiteley, Cemgil and Godsill, ISMIR
2006), 240 places to the second. Tempo changes where a beat falls, and rather by little than by much (Krebs, Boeck and
Widmer, ISMIR 2015). Only the past is ever looked at, and nothing is decided: what is asked for is the posterior of when
the next beat falls, which is known long before it does.

A row of weights holds one tempo: in column 0 the next beat is one place away, in the last of that tempo it has just
fallen. Time moves all weight to the left, and what falls out comes in again at the end of its row. So places shortly
before a beat are the same columns in every row, and those shortly after it are known once and for all.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.tempo_range import TempoRange
from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ, FRAMES_PER_HOP

F64 = npt.NDArray[np.float64]
I32 = npt.NDArray[np.int32]
Index = npt.NDArray[np.intp]

PLACES_PER_FRAME = 4
PLACE_RATE_HZ = BEAT_FRAME_RATE_HZ * PLACES_PER_FRAME
SLOWEST_BPM, FASTEST_BPM = 55.0, 215.0
TEMPO_STEP = 0.016
CHANGE = 130.0
"""A change of tempo by a part x at one beat has a weight of exp(-CHANGE x)."""
BEAT_WIDTH_S = 0.022
"""What is heard so long before or after a beat still tells of it, by a Gaussian."""
USUAL_BPM, USUAL_OCTAVES = 125.0, 0.45
"""Tempi of dance music: mean, and deviation in octaves, of a log-normal distribution."""
RANGE_EDGE_OCTAVES = 0.01
"""How soon a tempo outside of the performer's range is out of the question."""
LEAK = 3e-5
"""The part of all weight that begins anew in every frame: other music may have come in."""
READ_WIDTH_S = 0.015
MASS_S = 0.035
"""The weight of a beat is that of all states which have it within so much."""
JUST_PASSED = 12
"""Places: a beat that fell this short a while ago may still be the next, as long as it has not been counted."""


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
    """`weights` [tempi, places until the next beat, less one], 0 past the length of a beat; their sum is 1.
    `tempo_prior` [tempi] is what is believed of the tempo of other music; `held` [tempi] the weights that the tempi
    keep while the performer holds the tempo."""

    weights: F64
    tempo_prior: F64
    held: F64 | None = None


class BeatFilter:
    """The tables of the filter, and what is done to a state. No method changes the state it is given."""

    def __init__(self, delays_s: tuple[float, ...]) -> None:
        """One expert for each of `delays_s`, which says how long after a beat it speaks of it."""
        self.lengths: I32 = _lengths()  # [tempi] of the beat, in places
        self.periods_s: F64 = self.lengths / PLACE_RATE_HZ
        self._longest = int(self.lengths.max())
        self._uniform = (np.arange(self._longest) < self.lengths[:, None]) / self.lengths[:, None]
        ratio = self.lengths[None, :] / self.lengths[:, None]
        change = np.exp(-CHANGE * np.abs(ratio - 1))
        self._change_to = (change / change.sum(axis=1, keepdims=True)).T.copy()
        half = int(3 * BEAT_WIDTH_S * PLACE_RATE_HZ)
        self._nearness = np.exp(-0.5 * (np.arange(-half, half + 1) / PLACE_RATE_HZ / BEAT_WIDTH_S) ** 2)
        self._first_near = [round(delay_s * PLACE_RATE_HZ) - half for delay_s in delays_s]
        furthest = max(self._first_near) + len(self._nearness) + PLACES_PER_FRAME * FRAMES_PER_HOP
        self._after = self._states_after(np.arange(max(furthest, JUST_PASSED + 1)))
        self._ahead = np.arange(-JUST_PASSED, self._longest + 1)
        reach = np.arange(-12, 13) / PLACE_RATE_HZ
        smooth = np.exp(-0.5 * (reach / READ_WIDTH_S) ** 2)
        self._smooth = smooth / smooth.sum()
        self.usual_tempo: F64 = self.around(USUAL_BPM, USUAL_OCTAVES)
        self._fresh_of = self.usual_tempo, self._spread(self.usual_tempo)
        """The prior that was asked for last, and what it gives: it hardly ever changes."""

    def initial_state(self) -> FilterState:
        return FilterState(self._fresh(self.usual_tempo), self.usual_tempo)

    def heard(self, ratios: F64, state: FilterState, tempo: F64 | None = None) -> FilterState:
        """After frames [n <= FRAMES_PER_HOP]: `ratios` [n, experts] say how many times likelier is what each expert
        hears now if a beat was here, its delay ago; `tempo` [tempi] says the same of the tempo, once."""
        frames = len(ratios)
        falling = state.weights[:, : frames * PLACES_PER_FRAME]
        if state.held is None:
            # Beats change their length where they fall. What is heard is the same for all tempi, so it can wait.
            falling = self._change_to @ falling
        weights = self._moved(falling, state.weights)
        if tempo is not None and state.held is None:
            weights *= tempo[:, None]
        before, after = self._factors(ratios)
        weights[:, : len(before)] *= before
        weights.reshape(-1)[self._after[:, : len(after)]] *= after
        if state.held is not None:
            weights *= (state.held / np.maximum(weights.sum(axis=1), np.finfo(float).tiny))[:, None]
        leak = LEAK * frames
        weights *= (1 - leak) / weights.sum()
        weights += leak * self._fresh(_prior(state))
        return replace(state, weights=weights)

    def waited(self, frames: int, state: FilterState) -> FilterState:
        """After frames in which nothing can be heard: every grid of beats goes on as it is."""
        weights = state.weights
        for _ in range(frames):
            weights = self._moved(weights[:, :PLACES_PER_FRAME], weights)
        return replace(state, weights=weights)

    def doubted(self, share: float, state: FilterState) -> FilterState:
        """With that share of all weight begun anew."""
        return replace(state, weights=(1 - share) * state.weights + share * self._fresh(_prior(state)))

    def around(self, bpm: float, octaves: float) -> F64:
        """[tempi] a log-normal likelihood, 1 at `bpm`, of that deviation."""
        likelihood: F64 = np.exp(-0.5 * (np.log2(60 / self.periods_s / bpm) / octaves) ** 2)
        return likelihood

    def within(self, tempi: TempoRange) -> F64:
        """[tempi] 1 for those of a range, and next to nothing for those outside; the nearest is always 1."""
        octaves = np.log2(60 / self.periods_s)
        away = np.maximum(0.0, np.maximum(np.log2(tempi.low_bpm) - octaves, octaves - np.log2(tempi.high_bpm)))
        unlikelihood = 0.5 * (away / RANGE_EDGE_OCTAVES) ** 2
        likelihood: F64 = np.exp(unlikelihood.min() - unlikelihood)
        return likelihood

    def tempo_is(self, likelihood: F64, state: FilterState) -> FilterState:
        """With evidence of the tempo [tempi], once."""
        weights = state.weights * (likelihood + np.finfo(float).tiny)[:, None]
        total = float(weights.sum())
        return replace(state, weights=weights / total) if total > 0 else state

    def tempo_held(self, held: bool, state: FilterState) -> FilterState:
        """With every tempo as likely as it is now, until they are let go; the phase stays open."""
        return replace(state, held=state.weights.sum(axis=1) if held else None)

    def beat_at(self, in_s: float, odds: float, width_s: float, state: FilterState) -> FilterState:
        """With a beat that somebody hears `in_s` from now (negative: ago), so many times likelier on one than off."""
        half = int(3 * width_s * PLACE_RATE_HZ)
        reach = np.arange(-half, half + 1)
        nearness = np.exp(-0.5 * (reach / PLACE_RATE_HZ / width_s) ** 2)
        weights = state.weights.copy()
        weights.reshape(-1)[self._states_after(reach - round(in_s * PLACE_RATE_HZ))] *= 1 + nearness * (odds - 1)
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
            for new_ahead in (ahead,) if factor > 1 else (ahead, ahead + length):
                np.add.at(weights[new], (new_ahead - 1) % new_length, state.weights[tempo, :length])
        total = float(weights.sum())
        return replace(state, weights=weights / total) if total > 0 else state

    def next_beat(self, state: FilterState, after_s: float = 0.0) -> NextBeat:
        """The first that is not before `after_s` from now (no further back than JUST_PASSED)."""
        passed = state.weights.reshape(-1)[self._after[:, JUST_PASSED::-1]]  # [tempi, JUST_PASSED + 1]
        by_time = np.concatenate([passed.sum(axis=0), state.weights.sum(axis=0)])
        earliest = min(max(0, round(after_s * PLACE_RATE_HZ) + JUST_PASSED), len(by_time) - 1)
        likeliest = earliest + int(np.argmax(np.convolve(by_time, self._smooth, "same")[earliest:]))
        reach = round(MASS_S * PLACE_RATE_HZ)
        first, end = max(0, likeliest - reach), likeliest + reach + 1
        weight = float(by_time[first:end].sum())
        in_s = float(by_time[first:end] @ self._ahead[first:end]) / weight / PLACE_RATE_HZ
        split = passed.shape[1]
        tempi = passed[:, first:end].sum(axis=1)
        tempi += state.weights[:, max(0, first - split) : max(0, end - split)].sum(axis=1)
        best = self.periods_s[int(np.argmax(tempi))]
        same = np.abs(self.periods_s / best - 1) < 0.04
        tempo_weight = float(tempi[same].sum())
        period_s = float(tempi[same] @ self.periods_s[same]) / tempo_weight
        return NextBeat(in_s, period_s, weight, tempo_weight)

    def _moved(self, falling: F64, weights: F64) -> F64:
        """All weight nearer to the next beat, by as many places as there are of `falling` [tempi, places], which is
        what becomes of the weight whose beat falls; no more than the shortest beat has."""
        places = falling.shape[1]
        moved = np.empty_like(weights)
        moved[:, :-places] = weights[:, places:]
        moved[:, -places:] = 0
        moved.reshape(-1)[self._after[:, :places]] = falling[:, ::-1]
        return moved

    def _factors(self, ratios: F64) -> tuple[F64, F64]:
        """What the experts say in frames, the last of which is now, of the columns [before] the next beat, and of the
        places [after] the last."""
        before = max(0, -min(self._first_near))
        width = before + max(self._first_near) + len(self._nearness) + (len(ratios) - 1) * PLACES_PER_FRAME
        factors = np.ones(width)
        for ago, said in enumerate(ratios[::-1].tolist()):
            for ratio, near in zip(said, self._first_near, strict=True):
                first = before + near + ago * PLACES_PER_FRAME
                factors[first : first + len(self._nearness)] *= 1 + self._nearness * (ratio - 1)
        return factors[:before][::-1], factors[before:]

    def _states_after(self, places: Index) -> Index:
        """[tempi, places] where the weights, all rows in one, are that had a beat so many places ago."""
        tempi = np.arange(len(self.lengths))[:, None]
        states: Index = tempi * self._longest + (self.lengths[:, None] - 1 - places) % self.lengths[:, None]
        return states

    def _fresh(self, tempo_prior: F64) -> F64:
        """Any phase is as likely as any other."""
        known, fresh = self._fresh_of
        if tempo_prior is not known:
            fresh = self._spread(tempo_prior)
            self._fresh_of = tempo_prior, fresh
        return fresh

    def _spread(self, tempo_prior: F64) -> F64:
        spread: F64 = (tempo_prior / tempo_prior.sum())[:, None] * self._uniform
        return spread


def _prior(state: FilterState) -> F64:
    return state.tempo_prior if state.held is None else state.held


def _lengths() -> I32:
    """About TEMPO_STEP apart, but whole."""
    shortest, longest = PLACE_RATE_HZ * 60 / FASTEST_BPM, PLACE_RATE_HZ * 60 / SLOWEST_BPM
    count = int(np.log(longest / shortest) / np.log(1 + TEMPO_STEP)) + 1
    lengths: I32 = np.unique(np.round(shortest * (1 + TEMPO_STEP) ** np.arange(count))).astype(np.int32)
    return lengths
