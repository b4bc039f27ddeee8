"""Where in the beat a moment of the dance is seen.

Dancers slow down into the beat and hurry between beats (in the AIST++ clips the joints are slowest on it). The dance
can be told to do so more than it was composed: its moments near a beat are spread in time, those between are pressed
together. Beats and bar lines stay where they are.
"""

import math

_DEPTH = 0.5
"""Share by which the dance is slower on the beat, and faster between beats, at an accent of 1."""


def accented(bars: float, beats_per_bar: int, accent: float) -> float:
    """Bar position at which what was composed for `bars` is seen; `accent` 0 (as composed) to 1."""
    beats = bars * beats_per_bar
    return bars + accent * _DEPTH / (2 * math.pi) * math.sin(2 * math.pi * (beats - math.floor(beats))) / beats_per_bar
