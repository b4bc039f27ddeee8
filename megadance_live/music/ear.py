"""The ear: audio in; thirty times a second what it sounds like, and where in the bar it is."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command
from megadance_live.core.music_frame import BEAT, ENERGY_BEAT, FRAME_RATE_HZ, MusicFrame
from megadance_live.core.stage import StageSpec
from megadance_live.core.trackers import DEFAULT_TRACKER
from megadance_live.music.clock import ClockInput, MusicalClock
from megadance_live.music.clock_state import MusicalState
from megadance_live.music.features import FeatureExtractor, FeatureState
from megadance_live.music.form import Form, FormState
from megadance_live.music.resample import Resampler, ResamplerState
from megadance_live.music.tracker import Beat, HeardHop, make_tracker

F32 = npt.NDArray[np.float32]

BEAT_CONFIDENCE = 0.2
"""Beats of a clock that is less sure than this are not marked in the features."""


@dataclass(frozen=True)
class Heard:
    """One 30th of a second. `clock` holds from `music.time_s` on, until the next."""

    music: MusicFrame
    clock: BarClock


@dataclass(frozen=True)
class EarState:
    """The states of the parts; `clock_before` is the clock of the hop before, `gain` the factor of the input."""

    resampler: ResamplerState
    features: FeatureState
    tracker: Any
    clock: MusicalState
    clock_before: BarClock
    form: FormState
    gain: float = 1.0


class Ear:
    """Stage: samples float32 [n, channels], any n >= 0 -> one Heard for each 30th of a second completed.

    The output does not depend on how the input is cut, bit for bit. State is a value: it can be kept, gone back to,
    saved (pickle) and continued elsewhere.
    """

    def __init__(self, rate_hz: int, channels: int, tracker: str = DEFAULT_TRACKER) -> None:
        """`tracker` is "megadance", "aubio" or "manual" (deaf: tap or set the tempo). Raises AudioSourceError for a
        rate, and ConfigError for a tracker, that is not supported."""
        self.rate_hz = rate_hz
        self.channels = channels
        self._resampler = Resampler(rate_hz)
        self._features = FeatureExtractor()
        self._tracker = make_tracker(tracker)
        self._clock = MusicalClock()
        self._form = Form()
        self._latency_s = self._resampler.spec.latency_s

    @property
    def spec(self) -> StageSpec:
        return StageSpec(0, self._latency_s, float("inf"))

    def initial_state(self) -> EarState:
        clock = self._clock.initial_state()
        return EarState(
            self._resampler.initial_state(),
            self._features.initial_state(),
            self._tracker.initial_state(),
            clock,
            clock.clock,
            self._form.initial_state(),
        )

    def step(self, samples: F32, state: EarState, /) -> tuple[list[Heard], EarState]:
        louder = samples if state.gain == 1.0 else samples * np.float32(state.gain)
        hops, resampler = self._resampler.step(louder, state.resampler)
        state = replace(state, resampler=resampler)
        if not len(hops):
            return [], state
        features, feature_state = self._features.step(hops, state.features)
        heard_hops = [HeardHop(audio, row) for audio, row in zip(hops, features, strict=True)]
        beats, tracker_state = self._tracker.step(heard_hops, state.tracker)
        inputs = [
            ClockInput(tuple(self._in_stream_time(beat) for beat in known), row)
            for known, row in zip(beats, features, strict=True)
        ]
        first_index = state.clock.hop
        clocks, clock_state = self._clock.step(inputs, state.clock)
        out: list[Heard] = []
        before, form = state.clock_before, state.form
        for offset, (row, clock) in enumerate(zip(features, clocks, strict=True)):
            values = row.features.copy()
            values[BEAT] = _beat_falls(before, clock)
            values[ENERGY_BEAT:], form = self._form.step(row, clock, form)
            index = first_index + offset
            out.append(Heard(MusicFrame(index, (index + 1) / FRAME_RATE_HZ, values, row.silent), clock))
            before = clock
        return out, EarState(resampler, feature_state, tracker_state, clock_state, before, form, state.gain)

    def command(self, command: Command, time_s: float, state: EarState) -> EarState:
        """What a performer says of musical time (clock_commands.py) and asked for at stream time `time_s`, or the gain
        from now on; raises CueError for a value out of range. Other commands change nothing."""
        if command.name == "gain":
            return replace(state, gain=factor_of(float(command.value or 0.0)))
        clock = self._clock.command(command, time_s, state.clock)
        tracker = self._tracker.command(command, time_s + self._latency_s, state.tracker)
        return replace(state, clock=clock, tracker=tracker)

    def clock(self, state: EarState) -> BarClock:
        """The clock as it is now, commands since the last hop included."""
        return state.clock.clock

    def _in_stream_time(self, beat: Beat) -> Beat:
        return replace(beat, time_s=beat.time_s - self._latency_s)


def _beat_falls(before: BarClock, clock: BarClock) -> bool:
    """Whether a beat of the clock fell between two hops."""
    if clock.confidence < BEAT_CONFIDENCE:
        return False
    if before.epoch != clock.epoch or before.beats_per_bar != clock.beats_per_bar:
        previous = clock.beats_at(before.time_s)
    else:
        previous = before.bars * before.beats_per_bar
    return int(np.floor(clock.bars * clock.beats_per_bar)) > int(np.floor(previous))


def factor_of(gain_db: float) -> float:
    """What samples are multiplied with."""
    return float(10.0 ** (gain_db / 20.0))
