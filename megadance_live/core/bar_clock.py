"""Musical time as a value: anywhere in the past or the future can be asked of it."""

import math
from dataclasses import dataclass
from typing import Literal

ClockSource = Literal["free", "audio", "tap", "manual", "link", "midi"]
ClockState = Literal["searching", "locked", "holding", "lost"]

SOURCES: tuple[ClockSource, ...] = ("free", "audio", "tap", "manual", "link", "midi")


@dataclass(frozen=True)
class BarClock:
    """The bar line nearest in the past and the speed at which bars go by.

    `bars` is the position, in bars since the show began, at stream time `time_s`; whole numbers are bar lines. It only
    runs forward, except where `epoch` counts up: then the performer (resync) or a first lock has moved the bar lines,
    and what was planned on the old ones is void. `held`: the performer has locked the tempo against the audio.
    """

    time_s: float
    bars: float
    tempo_bpm: float
    beats_per_bar: int = 4
    confidence: float = 0.0
    source: ClockSource = "free"
    state: ClockState = "searching"
    epoch: int = 0
    held: bool = False

    @property
    def bar_s(self) -> float:
        """Length of a bar in seconds."""
        return 60.0 * self.beats_per_bar / self.tempo_bpm

    def bars_at(self, time_s: float) -> float:
        """Bar position at a stream time, extrapolated at the present tempo."""
        return self.bars + (time_s - self.time_s) / self.bar_s

    def time_of(self, bars: float) -> float:
        """Stream time of a bar position."""
        return self.time_s + (bars - self.bars) * self.bar_s

    def beats_at(self, time_s: float) -> float:
        """Beat position since the show began; its whole part counts beats."""
        return self.bars_at(time_s) * self.beats_per_bar

    def beat_phase_at(self, time_s: float) -> float:
        """0 on the beat, towards 1 before the next."""
        beats = self.beats_at(time_s)
        return beats - math.floor(beats)

    def bar_phase_at(self, time_s: float) -> float:
        bars = self.bars_at(time_s)
        return bars - math.floor(bars)

    def beat_in_bar_at(self, time_s: float) -> int:
        """1 on the downbeat, up to beats_per_bar."""
        return min(int(self.bar_phase_at(time_s) * self.beats_per_bar), self.beats_per_bar - 1) + 1
