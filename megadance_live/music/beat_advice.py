"""What the performer says of the beat, as evidence in the filter's own states: nothing is overruled, all is weighed."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.core.command import Command
from megadance_live.music.beat_filter import BeatFilter

if TYPE_CHECKING:
    from megadance_live.music.forecasting_tracker import ForecastState

F64 = npt.NDArray[np.float64]

TAP_ODDS = 30.0
"""A tap, or a resync, is so many times likelier on a beat than off it."""
TAP_WIDTH_S = 0.040
TAPPED_WIDTH_OCTAVES = 0.08
SET_WIDTH_OCTAVES = 0.02
ASKED_WIDTH_OCTAVES = 0.2
ASKED_POWER = 0.3
FASTEST_TAPS_S, SLOWEST_TAPS_S = 0.25, 1.3


@dataclass(frozen=True)
class Advice:
    """The tempo that the performer asked for, if any, and the last tap."""

    bpm: float | None = None
    tapped_s: float | None = None


def tempo_asked(tempo: F64, tables: BeatFilter, advice: Advice) -> F64:
    """Evidence of the tempo with the performer's wish: near the tempo asked for, an octave off it is unlikely."""
    if advice.bpm is None:
        return tempo
    asked: F64 = tempo * tables.around(advice.bpm, ASKED_WIDTH_OCTAVES) ** ASKED_POWER
    return asked


def apply(command: Command, time_s: float, tables: BeatFilter, state: "ForecastState") -> "ForecastState":
    """tap, resync, bpm and bpm_mul; others change nothing here."""
    advice, filtered = state.advice, state.filter
    if command.name in ("tap", "resync"):
        filtered = tables.beat_at(time_s - state.now_s, TAP_ODDS, TAP_WIDTH_S, filtered)
    if command.name == "tap":
        if advice.tapped_s is not None and FASTEST_TAPS_S < time_s - advice.tapped_s < SLOWEST_TAPS_S:
            bpm = 60 / (time_s - advice.tapped_s)
            filtered = tables.tempo_is(tables.around(bpm, TAPPED_WIDTH_OCTAVES), filtered)
            advice = replace(advice, bpm=bpm)
        advice = replace(advice, tapped_s=time_s)
    elif command.name == "bpm" and isinstance(command.value, int | float):
        filtered = tables.tempo_is(tables.around(float(command.value), SET_WIDTH_OCTAVES), filtered)
        advice = replace(advice, bpm=float(command.value))
    elif command.name == "bpm_mul" and command.value in (0.5, 2, 2.0):
        bpm = 60 / state.period_s * float(command.value)
        filtered = tables.tempo_times(float(command.value), filtered)
        advice = replace(advice, bpm=bpm)
    return replace(state, advice=advice, filter=filtered)
