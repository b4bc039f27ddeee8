"""The tempi between which the performer says that the music is."""

import math
from dataclasses import dataclass

SLOWEST_BPM, FASTEST_BPM = 30.0, 300.0
EDGE = 0.03
"""A tempo this little outside still counts as inside: music drifts."""


@dataclass(frozen=True)
class TempoRange:
    """From `low_bpm` to `high_bpm`. Narrower than an octave it leaves no doubt which tempo to dance to."""

    low_bpm: float = SLOWEST_BPM
    high_bpm: float = FASTEST_BPM

    def from_low(self, bpm: float) -> "TempoRange":
        """With another lower limit, which takes the upper one along."""
        return TempoRange(bpm, max(bpm, self.high_bpm))

    def to_high(self, bpm: float) -> "TempoRange":
        """With another upper limit, which takes the lower one along."""
        return TempoRange(min(bpm, self.low_bpm), bpm)

    def times(self, factor: float) -> "TempoRange":
        low_bpm, high_bpm = (min(max(bpm * factor, SLOWEST_BPM), FASTEST_BPM) for bpm in (self.low_bpm, self.high_bpm))
        return TempoRange(low_bpm, high_bpm)

    @property
    def fixes_octave(self) -> bool:
        """Whether of a tempo and its octaves no two can be in it."""
        return self.high_bpm < 2 * self.low_bpm

    def holds(self, bpm: float) -> bool:
        return self.low_bpm * (1 - EDGE) <= bpm <= self.high_bpm * (1 + EDGE)

    def octaves_into(self, bpm: float) -> int:
        """How often a tempo is to be doubled (negative: halved) so that it lies in the range, or as near as it can."""
        if self.holds(bpm):
            return 0
        beyond = math.log2(self.low_bpm / bpm) if bpm < self.low_bpm else math.log2(self.high_bpm / bpm)
        candidates = (0, math.floor(beyond), math.ceil(beyond))
        return min(candidates, key=lambda octaves: (self._octaves_away(bpm * 2.0**octaves), abs(octaves)))

    def _octaves_away(self, bpm: float) -> float:
        return max(0.0, math.log2(self.low_bpm / bpm), math.log2(bpm / self.high_bpm))
