"""Beats and bars as receivers want them: counts that never repeat, phases that never step back, pulses."""

import math
from dataclasses import dataclass

from megadance_live.core.bar_clock import BarClock

PULSE_S = 0.1
"""Long enough that a receiver of 30 frames per second sees it more than once."""
LARGEST_STEP_BACK_BEATS = 0.5
"""A clock corrected by less than this waits until the music has caught up; by more, the bar lines have moved."""


@dataclass(frozen=True)
class BeatNumbers:
    """`bar` and `beat_in_bar` count from 1; `bars` is the bar position."""

    bars: float
    beat_count: int
    beat_phase: float
    beat_pulse: int
    bar: int
    beat_in_bar: int
    bar_phase: float
    bar_pulse: int


class BeatCounter:
    """Reads a BarClock at times that run forward. The clock is corrected again and again, and its bar lines may be
    moved; receivers shall see neither a beat twice nor one that goes backwards."""

    def __init__(self) -> None:
        self._count = 0
        self._grid: tuple[int, int] | None = None  # epoch and metre
        self._beat = 0  # whole beats on the grid
        self._bars = -math.inf

    def at(self, clock: BarClock, time_s: float) -> BeatNumbers:
        """The numbers at a time in the clock's own seconds, not earlier than that of the last call."""
        bars = self._forward(clock, clock.bars_at(time_s))
        beats = bars * clock.beats_per_bar
        beat, bar = math.floor(beats), math.floor(bars)
        self._count_on(beat, (clock.epoch, clock.beats_per_bar))
        beat_s = clock.bar_s / clock.beats_per_bar
        beat_phase, bar_phase = beats - beat, bars - bar
        pulse_s = min(PULSE_S, beat_s / 2)
        return BeatNumbers(
            bars=bars,
            beat_count=self._count,
            beat_phase=beat_phase,
            beat_pulse=int(beat_phase * beat_s < pulse_s),
            bar=bar + 1,
            beat_in_bar=min(int(bar_phase * clock.beats_per_bar), clock.beats_per_bar - 1) + 1,
            bar_phase=bar_phase,
            bar_pulse=int(bar_phase * clock.bar_s < pulse_s),
        )

    def _forward(self, clock: BarClock, bars: float) -> float:
        same_grid = self._grid == (clock.epoch, clock.beats_per_bar)
        if same_grid and 0 < (self._bars - bars) * clock.beats_per_bar < LARGEST_STEP_BACK_BEATS:
            return self._bars
        self._bars = bars
        return bars

    def _count_on(self, beat: int, grid: tuple[int, int]) -> None:
        if self._grid is not None:
            on_the_same = grid == self._grid and beat >= self._beat
            self._count += beat - self._beat if on_the_same else 1
        self._grid, self._beat = grid, beat
