from itertools import pairwise

import numpy as np
import pytest

from megadance_live.music.track import track
from tests.music.rendering import beat_times, drums

RATE_HZ = 44_100


def test_every_beat_is_told_once_and_was_known_before() -> None:
    rows = list(track(np.repeat(drums(128, 25, RATE_HZ), 2, axis=1), RATE_HZ))
    beats_s = beat_times(128, 25)
    settled = [row for row in rows if row.time_s > 8]
    assert len(settled) == pytest.approx(np.count_nonzero(beats_s > 8), abs=1)
    assert np.median([np.abs(beats_s - row.time_s).min() for row in settled]) < 0.020
    assert all(row.announced_s <= row.time_s for row in rows)
    assert np.median([row.time_s - row.announced_s for row in settled]) > 0.5
    assert all(row.bpm == pytest.approx(128, rel=0.01) for row in settled)
    assert all(0 < row.confidence <= 1 for row in settled)


def test_beats_are_in_order_and_count_through_the_bar() -> None:
    rows = list(track(drums(110, 30, RATE_HZ), RATE_HZ))
    times_s = [row.time_s for row in rows]
    assert times_s == sorted(times_s)
    late = [row.beat_in_bar for row in rows if row.time_s > 20]
    assert all(b == a % 4 + 1 for a, b in pairwise(late))


def test_silence_has_no_beats() -> None:
    assert list(track(np.zeros((3 * RATE_HZ, 2), np.float32), RATE_HZ)) == []
    assert list(track(np.zeros((0, 2), np.float32), RATE_HZ)) == []
