"""The straight line through recent beats: where they fell, and the period that explains most of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.music.tracker import Beat

F64 = npt.NDArray[np.float64]

WINDOW_BEATS = 10
PHASE_BEATS = 5
FEWEST_BEATS = 4
SHORTEST_S, LONGEST_S = 0.15, 2.5
NEAR = 0.12
"""A beat within this part of a period of the line lies on it."""
CHALLENGE_BEATS = 6
CHALLENGE_QUALITY = 0.6
FLIP_BEATS = 12
"""The latest beats must tell of another tempo before it is believed; more, where the line is well confirmed, if the
tempo is the same and only the phase another, for that is mostly an off-beat that sounds louder for a while."""
SAME_TEMPO = 0.04


@dataclass(frozen=True)
class BeatLine:
    """Beats at `time_s` + n `period_s`. `quality` 0..1 says how well the beats lie on it."""

    time_s: float
    period_s: float
    quality: float

    def error_of(self, time_s: float) -> float:
        """How far a time is from the nearest beat of the line, in periods, -0.5..0.5 (positive: late)."""
        position = (time_s - self.time_s) / self.period_s
        return position - round(position)

    def holds(self, beat: Beat) -> bool:
        return abs(self.error_of(beat.time_s)) < NEAR


@dataclass(frozen=True)
class Evidence:
    """The latest beats, newest last; the line that they are believed to lie on; how many beats have confirmed it, and
    how many in a row, up to now, lay off it. A `forecast` line is the tracker's own, which knows its tempo."""

    beats: tuple[Beat, ...] = ()
    line: BeatLine | None = None
    confirmed: int = 0
    off: int = 0
    forecast: bool = False

    def add(self, beat: Beat) -> "Evidence":
        """With one beat more. A line is kept until enough beats tell of another."""
        beats = (*self.beats, beat)[-FLIP_BEATS:]
        if self.line is None:
            line = fit(beats[-WINDOW_BEATS:])
            return Evidence(beats, line, len(beats) if line else 0)
        off = 0 if self.line.holds(beat) else self.off + 1
        challenger = fit(beats[-CHALLENGE_BEATS:])
        if challenger is not None and self._yields_to(challenger, beats[-CHALLENGE_BEATS:], off):
            return Evidence(beats, challenger, max(CHALLENGE_BEATS, off))
        if off:
            return Evidence(beats, self.line, self.confirmed, off)
        on_line = tuple(b for b in beats[-WINDOW_BEATS:] if self.line.holds(b))
        return Evidence(beats, fit(on_line, self.line.period_s) or self.line, self.confirmed + 1)

    def _yields_to(self, challenger: BeatLine, latest: tuple[Beat, ...], off: int) -> bool:
        assert self.line is not None
        if len(latest) < CHALLENGE_BEATS or challenger.quality < CHALLENGE_QUALITY:
            return False
        if challenger.period_s > 1.5 * self.line.period_s:
            return True  # a finer line holds every beat of a coarser one, but knows less of the phase
        if 2 * sum(self.line.holds(beat) for beat in latest) > len(latest):
            return False
        same_tempo = abs(challenger.period_s / self.line.period_s - 1) < SAME_TEMPO
        return not same_tempo or off >= min(FLIP_BEATS, max(CHALLENGE_BEATS, self.confirmed))


def fit(beats: tuple[Beat, ...], period_s: float | None = None) -> BeatLine | None:
    """Theil and Sen's line (median of the slopes of all pairs), robust against nearly a third of outliers, about a
    period that is known or else the median interval; None where there are too few beats or no line explains them."""
    if len(beats) < FEWEST_BEATS:
        return None
    times = np.array([beat.time_s for beat in beats])
    period = period_s or float(np.median(np.diff(times)))
    if not SHORTEST_S < period < LONGEST_S:
        return None
    counts = np.round((times - times[-1]) / period)
    first, second = np.triu_indices(len(times), 1)
    apart = counts[second] - counts[first]
    if not (apart > 0).any():
        return None
    slopes = (times[second] - times[first])[apart > 0] / apart[apart > 0]
    period = float(np.median(slopes))
    # Where the tempo changes, the latest beats say best where the next will be.
    start = float(np.median((times - counts * period)[-PHASE_BEATS:]))
    misses = np.abs(times - counts * period - start) / period
    on_line = misses < NEAR
    if np.count_nonzero(on_line) < max(FEWEST_BEATS, 0.6 * len(times)):
        return None
    spread = float(np.median(misses[on_line]))
    quality = float(on_line.mean()) * max(0.0, 1 - spread / NEAR)
    return BeatLine(start, period, quality)
