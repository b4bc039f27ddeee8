"""The tracker that forecasts: a network that hears beats, a filter that knows how they follow each other, and bars.

With every hop it says when the next beat falls, how long beats are, where in the bar it is, and how sure it is: of
beats told with a confidence of 0.8, eight in ten are right (measured, docs/beats.md).
"""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from megadance_live.core.command import Command
from megadance_live.core.music_frame import FRAME_RATE_HZ
from megadance_live.core.stage import StageSpec
from megadance_live.music import beat_advice, beat_bars, beat_evidence
from megadance_live.music.beat_bars import BarState, HeardBeat
from megadance_live.music.beat_evidence import ONSET_DELAY_S, OnsetState
from megadance_live.music.beat_filter import BeatFilter, FilterState
from megadance_live.music.beat_net import BeatActivations, BeatNet, BeatNetState
from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ, FRAMES_PER_HOP, BeatSpectrum, SpectrumState
from megadance_live.music.tempo_comb import CombState, TempoComb
from megadance_live.music.tracker import Beat, HeardHop

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

TEMPO_EVERY_HOPS = 5
COMB_POWER, NET_TEMPO_POWER, PRIOR_POWER = 0.3, 1.0, 0.4
"""How much each kind of evidence of the tempo counts, every TEMPO_EVERY_HOPS."""
NET_TEMPO_FLOOR = 0.02
REFRACTORY = 0.5
"""No beat is forecast sooner than this part of a beat after the one before."""
ACTIVATIONS_KEPT = 24
NEAR_FRAMES = 3
SUPPORT_BEATS, FEWEST_BEATS = 8, 4
SUPPORT_WEIGHT, SUPPORT_BIAS = 6.4, -2.3
"""How sure a beat is, from what the network said at the beats before: logistic, fitted (docs/beats.md)."""
FORGET_S = 12.0
"""After so long a silence, half of what was believed of the beat begins anew."""


@dataclass(frozen=True)
class ForecastState:
    spectrum: SpectrumState
    net: BeatNetState
    onsets: OnsetState
    comb: CombState
    filter: FilterState
    activations: F32  # [ACTIVATIONS_KEPT, 2] beat and downbeat of the latest frames, newest last
    bars: BarState
    metre: F64  # [METRES] of the network, as it said last
    hop: int = 0
    silent_hops: int = 0
    last_s: float = -1e3
    next_s: float = -1e3
    period_s: float = 0.5
    fallen_s: tuple[float, ...] = ()
    """Beats whose activations are not all known yet."""
    heard: HeardBeat | None = None
    """The last beat whose activations are known; its harmony is when the next falls."""
    support: float = 0.0
    beats: int = 0
    advice: beat_advice.Advice = field(default_factory=beat_advice.Advice)

    @property
    def now_s(self) -> float:
        return self.hop / FRAME_RATE_HZ

    @property
    def earliest_s(self) -> float:
        """The next beat does not fall sooner."""
        return self.last_s + REFRACTORY * self.period_s

    @property
    def pending(self) -> int:
        """How many beats have fallen since the last that the bars know of."""
        return len(self.fallen_s) + (self.heard is not None)


class ForecastingTracker:
    """Stage: HeardHops -> with each that sounds, a forecast of the next beat."""

    def __init__(self, net: BeatNet) -> None:
        self._spectrum, self._net = BeatSpectrum(), net
        self._filter = BeatFilter((ONSET_DELAY_S, net.delay_s))
        self._comb = TempoComb(self._filter.periods_s)
        self._usual = self._filter.usual_tempo**PRIOR_POWER
        self._metre_classes = _shared_classes(net.metres)
        self._class_of = np.log(60 / self._filter.periods_s)
        self._net_tempi = np.log(net.tempi_bpm.astype(np.float64))
        self.spec = StageSpec(1, 0.0, float("inf"))

    def initial_state(self) -> ForecastState:
        return ForecastState(
            self._spectrum.initial_state(),
            self._net.initial_state(),
            beat_evidence.no_onsets(),
            self._comb.initial_state(),
            self._filter.initial_state(),
            np.zeros((ACTIVATIONS_KEPT, 2), np.float32),
            beat_bars.no_bars(),
            beat_bars.USUAL,
        )

    def step(self, hops: list[HeardHop], state: ForecastState, /) -> tuple[list[tuple[Beat, ...]], ForecastState]:
        out: list[tuple[Beat, ...]] = []
        for hop in hops:
            said, state = self._hop(hop, state)
            out.append(said)
        return out, state

    def command(self, command: Command, time_s: float, state: ForecastState) -> ForecastState:
        return beat_advice.apply(command, time_s, self._filter, state)

    def _hop(self, hop: HeardHop, state: ForecastState) -> tuple[tuple[Beat, ...], ForecastState]:
        (inputs,), spectrum = self._spectrum.step(hop.audio[None], state.spectrum)
        (said,), net = self._net.step([inputs], state.net)
        bars = beat_bars.heard(hop.features.features, state.bars)
        state = replace(state, spectrum=spectrum, net=net, bars=bars, hop=state.hop + 1)
        if hop.features.silent:
            return (), self._wait(state)
        state = self._resume(state)
        state = self._weigh(inputs, said, state)
        state = self._pass(state)
        return self._forecast(state)

    def _wait(self, state: ForecastState) -> ForecastState:
        """In silence the beats go on as they were."""
        waited = self._filter.waited(FRAMES_PER_HOP, state.filter)
        bars = beat_bars.unheard(state.pending, state.bars)
        state = replace(state, filter=waited, bars=bars, silent_hops=state.silent_hops + 1, fallen_s=(), heard=None)
        if not state.beats or state.next_s > state.now_s:
            return state
        bars = beat_bars.unheard(1, state.bars)
        return replace(state, bars=bars, last_s=state.next_s, next_s=state.next_s + state.period_s)

    def _resume(self, state: ForecastState) -> ForecastState:
        if not state.silent_hops:
            return state
        forgotten = 1 - 0.5 ** (state.silent_hops / FRAME_RATE_HZ / FORGET_S)
        return replace(
            state,
            filter=self._filter.doubted(forgotten, state.filter),
            silent_hops=0,
            beats=round(state.beats * (1 - forgotten)),
        )

    def _weigh(self, inputs: F32, said: BeatActivations, state: ForecastState) -> ForecastState:
        heard, onset_state = beat_evidence.onsets(inputs, state.onsets)
        ratios = np.column_stack([beat_evidence.onset_ratios(heard), beat_evidence.net_ratios(said.beat, heard)])
        comb = self._comb.heard(heard.strengths[:, 0], state.comb)
        tempo = None
        if state.hop % TEMPO_EVERY_HOPS == 0:
            tempo = self._tempo(said, comb, state.advice.tempo_range.fixes_octave)
            tempo = beat_advice.tempo_asked(tempo, self._filter, state.advice)
        return replace(
            state,
            onsets=onset_state,
            comb=comb,
            filter=self._filter.heard(ratios, state.filter, tempo),
            activations=np.concatenate(
                [state.activations[FRAMES_PER_HOP:], np.column_stack([said.beat, said.downbeat])]
            ).astype(np.float32),
            metre=self._metre_classes @ said.metre[:-1].astype(np.float64),
        )

    def _tempo(self, said: BeatActivations, comb: CombState, fixed_octave: bool) -> F64:
        known = self._net_tempo(said, 1.0)
        if fixed_octave:  # twice and half the tempo speak for it too
            known = known + self._net_tempo(said, 2.0) + self._net_tempo(said, 0.5)
        by_net = (known + NET_TEMPO_FLOOR) / (float(known.max()) + NET_TEMPO_FLOOR)
        usual = 1.0 if fixed_octave else self._usual  # the performer knows better
        tempo: F64 = usual * self._comb.likelihood(comb) ** COMB_POWER * by_net**NET_TEMPO_POWER
        return tempo

    def _net_tempo(self, said: BeatActivations, factor: float) -> F64:
        """[tempi] what the network says of each times `factor`."""
        at = self._class_of + np.log(factor)
        known: F64 = np.interp(at, self._net_tempi, said.tempo[:-1].astype(np.float64), left=0.0, right=0.0)
        return known

    def _pass(self, state: ForecastState) -> ForecastState:
        """Count the beat that has fallen, and weigh those of which all has been heard."""
        if state.last_s < state.next_s <= state.now_s:
            state = _weigh_bar(replace(state, last_s=state.next_s, fallen_s=(*state.fallen_s, state.next_s)))
        reach_s = self._net.delay_s + (NEAR_FRAMES + 1) / BEAT_FRAME_RATE_HZ
        while state.fallen_s and state.fallen_s[0] + reach_s <= state.now_s:
            state = self._hear_beat(state.fallen_s[0], replace(state, fallen_s=state.fallen_s[1:]))
        return state

    def _hear_beat(self, beat_s: float, state: ForecastState) -> ForecastState:
        ago = round((state.now_s - beat_s - self._net.delay_s) * BEAT_FRAME_RATE_HZ)
        newest = len(state.activations) - max(0, ago - NEAR_FRAMES)
        near = state.activations[max(0, newest - 2 * NEAR_FRAMES - 1) : newest]
        beat, downbeat = (float(near[:, column].max()) for column in (0, 1))
        beats = min(state.beats + 1, SUPPORT_BEATS)
        return replace(
            state,
            beats=beats,
            support=state.support + (beat - state.support) / max(beats, FEWEST_BEATS),
            heard=HeardBeat(int(beat_s * FRAME_RATE_HZ), beat, downbeat, state.metre),
        )

    def _forecast(self, state: ForecastState) -> tuple[tuple[Beat, ...], ForecastState]:
        following = self._filter.next_beat(state.filter, state.earliest_s - state.now_s)
        state = replace(state, next_s=state.now_s + following.in_s, period_s=following.period_s)
        confidence = following.weight / (1 + np.exp(-SUPPORT_WEIGHT * state.support - SUPPORT_BIAS))
        bar = beat_bars.guess(beat_bars.unheard(state.pending, state.bars))
        time_s = state.next_s + state.advice.nudge_s
        beat = Beat(time_s, state.period_s, float(min(confidence, 1.0)), True, bar)
        return (beat,), state


def _weigh_bar(state: ForecastState) -> ForecastState:
    """Now that a beat has fallen, all is known of the one before."""
    if state.heard is None:
        return state
    bars = beat_bars.weighed(state.heard, int(state.last_s * FRAME_RATE_HZ), state.bars)
    return replace(state, bars=bars, heard=None)


def _shared_classes(metres: tuple[int, ...]) -> F64:
    """[metres of the bars, metres of the network]: two beats to a bar count as four."""
    shared = np.zeros((len(beat_bars.METRES), len(metres)))
    for index, metre in enumerate(metres):
        shared[beat_bars.METRES.index(4 if metre == 2 else metre), index] = 1
    return shared
