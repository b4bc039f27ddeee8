"""Where in the bar the music is at this moment, as it is heard in the room."""

import math
from dataclasses import dataclass

from megadance_live.remote.client import View

SEEN_LATER_S = 0.025
"""Half a turn of the panels and half a frame of the screen: when what is drawn now is seen, on average."""
_SAME_PLACE_BEATS = 1e-3


@dataclass(frozen=True)
class MusicalTime:
    """`bars` since the show began; `bar` and `beat` count from 1; `beat_phase` is 0 on the beat, towards 1 before the
    next."""

    bars: float
    beats_per_bar: int
    bar: int
    beat: int
    beat_phase: float

    def beats_until(self, bars: float) -> int:
        """Beats to a bar position, as one counts them down: 1 in the last beat before it."""
        return max(0, math.ceil((bars - self.bars) * self.beats_per_bar - _SAME_PLACE_BEATS))


def musical_time(view: View) -> MusicalTime | None:
    """At the instant at which the view will be seen, without the performer's advance: lamps are checked against what is
    heard. None while there is no clock."""
    clock = view.status.clock
    if clock is None:
        return None
    return at_bars(clock.bars_at(view.now_s + SEEN_LATER_S), clock.beats_per_bar)


def at_bars(bars: float, beats_per_bar: int) -> MusicalTime:
    """Of a bar position."""
    bar = math.floor(bars)
    beats = (bars - bar) * beats_per_bar
    beat = min(math.floor(beats), beats_per_bar - 1)
    return MusicalTime(bars, beats_per_bar, bar + 1, beat + 1, min(beats - beat, 1.0))
