"""The straight line through recent beats: where they fell, and the period that explains most of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.music.tracker import Beat

F64 = npt.NDArray[np.float64]

WINDOW_BEATS = 10
FEWEST_BEATS = 4
NEAR = 0.12
"""A beat within this part of a period of the line lies on it."""
STRAYS_TO_SWITCH = 5
STRAYS_TO_FLIP = 12
"""As many beats in a row must tell of another grid before they are believed; more where the tempo is the same and only
the phase another, for that is mostly an off-beat that sounds louder for a while."""
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


@dataclass(frozen=True)
class Evidence:
    """Beats on the present line, newest last; beats off it since; how many in all have confirmed the line."""

    beats: tuple[Beat, ...] = ()
    strays: tuple[Beat, ...] = ()
    confirmed: int = 0
    line: BeatLine | None = None

    def add(self, beat: Beat) -> "Evidence":
        """With one beat more. A line is kept until enough beats in a row tell of another."""
        if self.line is None or abs(self.line.error_of(beat.time_s)) < NEAR:
            beats = (*self.beats, beat)[-WINDOW_BEATS:]
            line = fit(beats) or self.line
            return Evidence(beats, (), self.confirmed + 1 if line else 0, line)
        strays = (*self.strays, beat)[-STRAYS_TO_FLIP:]
        other = fit(strays[-WINDOW_BEATS:]) if len(strays) >= STRAYS_TO_SWITCH else None
        if other is not None and other.quality > 0.6:
            same_tempo = abs(other.period_s / self.line.period_s - 1) < SAME_TEMPO
            if not same_tempo or len(strays) >= STRAYS_TO_FLIP:
                return Evidence(strays[-WINDOW_BEATS:], (), len(strays), other)
        return Evidence(self.beats, strays, self.confirmed, self.line)


def fit(beats: tuple[Beat, ...]) -> BeatLine | None:
    """Theil and Sen's line (median of the slopes of all pairs), robust against nearly a third of outliers; None where
    there are too few beats or no line explains them."""
    if len(beats) < FEWEST_BEATS:
        return None
    times = np.array([beat.time_s for beat in beats])
    period = float(np.median(np.diff(times)))
    if not 0.15 < period < 2.5:
        return None
    counts = np.round((times - times[-1]) / period)
    first, second = np.triu_indices(len(times), 1)
    apart = counts[second] - counts[first]
    if not apart.any():
        return None
    slopes = (times[second] - times[first])[apart > 0] / apart[apart > 0]
    period = float(np.median(slopes))
    start = float(np.median(times - counts * period))
    misses = np.abs(times - counts * period - start) / period
    on_line = misses < NEAR
    if np.count_nonzero(on_line) < max(FEWEST_BEATS, 0.6 * len(times)):
        return None
    spread = float(np.median(misses[on_line]))
    quality = float(on_line.mean()) * max(0.0, 1 - spread / NEAR)
    return BeatLine(start, period, quality)
