"""All features of a recording whose beats are known: those that the ear would give, were its clock always right."""

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.music_frame import BEAT, ENERGY_BEAT, FEATURE_COUNT, FRAME_RATE_HZ
from megadance_live.music.features import hops_of
from megadance_live.music.form import Form

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]


def extract_on(samples: F32, rate_hz: int, beats_s: F64, beats_per_bar: int) -> F32:
    """[frames, FEATURE_COUNT] of samples [n, channels], by the very steps of a stream; `beats_s` [k >= 2], the first a
    downbeat, run on at both ends as fast as they begin and end.

    Raises AudioSourceError for a rate that is not supported.
    """
    form = Form()
    state = form.initial_state()
    rows: list[F32] = []
    for index, hop in enumerate(hops_of(samples, rate_hz)):
        values = hop.features.copy()
        clock = clock_at((index + 1) / FRAME_RATE_HZ, beats_s, beats_per_bar)
        values[ENERGY_BEAT:], state = form.step(hop, clock, state)
        rows.append(values)
    features = np.array(rows, np.float32).reshape(-1, FEATURE_COUNT)
    beats = np.floor(beats_s * FRAME_RATE_HZ).astype(int)
    features[beats[(beats >= 0) & (beats < len(features))], BEAT] = 1.0
    return features


def clock_at(time_s: float, beats_s: F64, beats_per_bar: int) -> BarClock:
    """The clock of somebody who knows the beats."""
    before = min(max(int(beats_s.searchsorted(time_s, "right")) - 1, 0), len(beats_s) - 2)
    period_s = float(beats_s[before + 1] - beats_s[before])
    beats = before + (time_s - float(beats_s[before])) / period_s
    return BarClock(time_s, beats / beats_per_bar, 60.0 / period_s, beats_per_bar, 1.0, "manual", "locked")
