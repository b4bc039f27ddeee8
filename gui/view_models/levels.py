"""Meters as a performer reads them: decibels, a peak that is held and then falls, and a clip lamp that stays lit."""

import math
from dataclasses import dataclass

from megadance_live.remote.client import View
from megadance_live.remote.scope import Scope

FLOOR_DB = -60.0
"""Least level that is drawn; everything below counts as silence."""
HOLD_S = 1.5
FALL_DB_PER_S = 20.0
STALE_S = 0.5
"""Levels that are older than this are those of an input that has stopped."""


@dataclass(frozen=True)
class ChannelLevel:
    """In dB below full scale, never below the floor: `rms_db` and `peak_db` now, `hold_db` the held peak."""

    rms_db: float = FLOOR_DB
    peak_db: float = FLOOR_DB
    hold_db: float = FLOOR_DB


@dataclass(frozen=True)
class Levels:
    """`clipped` stays until it is cleared. Bands are 0..1."""

    left: ChannelLevel = ChannelLevel()
    right: ChannelLevel = ChannelLevel()
    clipped: bool = False
    low: float = 0.0
    mid: float = 0.0
    high: float = 0.0

    @property
    def peak_db(self) -> float:
        """Of the louder channel."""
        return max(self.left.peak_db, self.right.peak_db)


def decibels(amplitude: float) -> float:
    """Below full scale, never below the floor; what is no number is silence."""
    if not amplitude > 0.0 or not math.isfinite(amplitude):
        return FLOOR_DB
    return max(FLOOR_DB, 20.0 * math.log10(amplitude))


class LevelsModel:
    """The meters of the input."""

    def __init__(self) -> None:
        self.state = Levels()
        self._now_s = 0.0
        self._held_since_s = [0.0, 0.0]
        self._column = 0
        self._clipped_before: int | None = None

    def update(self, view: View) -> None:
        """Follow the newest block."""
        elapsed_s = max(0.0, view.now_s - self._now_s)
        self._now_s = view.now_s
        scope = view.scope
        fresh = view.connected and view.now_s - scope.column_s < STALE_S
        peak = self._peaks(scope) if fresh else [0.0, 0.0]
        rms = [float(x) for x in scope.rms] if fresh else [0.0, 0.0]
        before = (self.state.left, self.state.right)
        left, right = (self._channel(k, before[k], peak[k], rms[k], elapsed_s) for k in range(2))
        status = view.status
        bands = (status.low, status.mid, status.high) if fresh else (0.0, 0.0, 0.0)
        self.state = Levels(left, right, self._has_clipped(scope.clipped), *(min(max(x, 0.0), 1.0) for x in bands))

    def clear_clip(self) -> None:
        """The performer has seen it."""
        self.state = Levels(self.state.left, self.state.right, False, self.state.low, self.state.mid, self.state.high)

    def _peaks(self, scope: Scope) -> list[float]:
        """Of both channels since the last look: the newest block has them apart, the waveform has the louder one's of
        the blocks in between."""
        missed = min(scope.column - self._column, len(scope.lowest)) if self._column else 0
        self._column = scope.column
        peak = [float(x) for x in scope.peak]
        if missed > 0:
            louder = peak.index(max(peak))
            passed = max(-float(scope.lowest[-missed:].min()), float(scope.highest[-missed:].max()))
            peak[louder] = max(peak[louder], passed)
        return peak

    def _channel(self, k: int, before: ChannelLevel, peak: float, rms: float, elapsed_s: float) -> ChannelLevel:
        fallen_db = FALL_DB_PER_S * elapsed_s
        peak_db = max(decibels(peak), before.peak_db - fallen_db)
        rms_db = max(decibels(rms), before.rms_db - fallen_db)
        if peak_db >= before.hold_db:
            self._held_since_s[k] = self._now_s
            return ChannelLevel(rms_db, peak_db, peak_db)
        falling = self._now_s - self._held_since_s[k] > HOLD_S
        return ChannelLevel(rms_db, peak_db, max(peak_db, before.hold_db - fallen_db if falling else before.hold_db))

    def _has_clipped(self, clipped: int) -> bool:
        """Since the app was opened; the count begins anew with a new engine."""
        before, self._clipped_before = self._clipped_before, clipped
        return self.state.clipped or (before is not None and clipped > before)
