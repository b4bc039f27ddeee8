"""The sound of the last seconds with its onsets, and the beats, those to come included."""

import math
from collections import deque
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.remote.client import View
from megadance_live.remote.scope import COLUMNS_HZ, Scope

PAST_S = 6.0
FUTURE_S = 1.0
MOST_LAG_S = 0.5
LAG_SHRINKS_PER_S = 0.05
"""The sound arrives in blocks: it is drawn up to the age that every block keeps, so that its end does not flicker."""
AWAY_S = 1.0
"""After so long without a look the passed beats are those of the present clock."""

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Beat:
    """A beat at a host time. `bar` counts from 1 and is only told on a downbeat, else it is 0."""

    time_s: float
    bar: int = 0

    @property
    def downbeat(self) -> bool:
        return self.bar != 0


@dataclass(frozen=True, eq=False)
class Waveform:
    """What is drawn between host times `start_s` and `end_s`. Column i of `amplitude` (0..1) begins at
    `first_s + i / COLUMNS_HZ`; `passed` and `coming` beats lie before and after `now_s`, in order."""

    now_s: float = 0.0
    first_s: float = 0.0
    amplitude: F32 = field(default_factory=lambda: np.zeros(0, np.float32))  # [n]
    onsets: tuple[tuple[float, float], ...] = ()  # host time, strength 0..1
    passed: tuple[Beat, ...] = ()
    coming: tuple[Beat, ...] = ()

    @property
    def start_s(self) -> float:
        return self.now_s - PAST_S

    @property
    def end_s(self) -> float:
        return self.now_s + FUTURE_S

    def place(self, time_s: float) -> float:
        """Where a host time lies from left to right, 0..1 within the window."""
        return (time_s - self.start_s) / (PAST_S + FUTURE_S)


class WaveformModel:
    """Beats that have passed stay where they were, even when the tempo is corrected afterwards."""

    def __init__(self) -> None:
        self.state = Waveform()
        self._lag_s = 0.0
        self._passed: deque[Beat] = deque()
        self._last: tuple[int, float] | None = None  # epoch and bar position of the newest passed beat

    def update(self, view: View) -> None:
        """Move on to `view.now_s`."""
        now_s, scope = view.now_s, view.scope
        elapsed_s = now_s - self.state.now_s
        self._follow_lag(now_s - scope.column_s, elapsed_s)
        first_s, amplitude = self._columns(scope, now_s)
        recent = scope.onset_s >= now_s - PAST_S
        onsets = zip(scope.onset_s[recent].tolist(), scope.onset_strength[recent].tolist(), strict=True)
        clock = view.status.clock
        if not 0.0 <= elapsed_s < AWAY_S:
            self._passed.clear()
            self._last = None
        coming: tuple[Beat, ...] = ()
        if clock is not None:
            self._pass(clock, now_s)
            coming = tuple(_beat(clock, k) for k in _beats_between(clock, now_s, now_s + FUTURE_S))
        while self._passed and self._passed[0].time_s < now_s - PAST_S:
            self._passed.popleft()
        self.state = Waveform(now_s, first_s, amplitude, tuple(onsets), tuple(self._passed), coming)

    def _follow_lag(self, age_s: float, elapsed_s: float) -> None:
        if age_s <= MOST_LAG_S:
            shrunk_s = self._lag_s - LAG_SHRINKS_PER_S * min(max(elapsed_s, 0.0), 1.0)
            self._lag_s = max(age_s, shrunk_s, 0.0)

    def _columns(self, scope: Scope, now_s: float) -> tuple[float, F32]:
        """Those in the window that are as old as the lag, and when the first begins."""
        count = len(scope.lowest)
        oldest_s = scope.column_s - count / COLUMNS_HZ
        first = min(max(0, math.floor((now_s - PAST_S - oldest_s) * COLUMNS_HZ)), count)
        last = min(max(first, math.ceil((now_s - self._lag_s - oldest_s) * COLUMNS_HZ)), count)
        amplitude = np.maximum(np.abs(scope.lowest[first:last]), np.abs(scope.highest[first:last]))
        return oldest_s + first / COLUMNS_HZ, np.clip(np.nan_to_num(amplitude), 0.0, 1.0).astype(np.float32)

    def _pass(self, clock: BarClock, now_s: float) -> None:
        """Remember the beats since the last look; a clock that began anew (bar positions fell) is followed."""
        if self._last is not None and clock.bars_at(now_s) < self._last[1] - 1.0:
            self._last = None
        since_s = self._passed[-1].time_s if self._passed else now_s - PAST_S
        for k in _beats_between(clock, since_s, now_s):
            bars = k / clock.beats_per_bar
            if self._last is None or clock.epoch != self._last[0] or bars > self._last[1]:
                self._passed.append(_beat(clock, k))
                self._last = (clock.epoch, bars)


def _beats_between(clock: BarClock, start_s: float, end_s: float) -> range:
    """Numbers of the beats after `start_s`, up to `end_s`."""
    return range(math.floor(clock.beats_at(start_s)) + 1, math.floor(clock.beats_at(end_s)) + 1)


def _beat(clock: BarClock, k: int) -> Beat:
    bars, beat_in_bar = divmod(k, clock.beats_per_bar)
    return Beat(clock.time_of(k / clock.beats_per_bar), 0 if beat_in_bar else bars + 1)
