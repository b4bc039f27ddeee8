"""Stream time to host time."""

import numpy as np
import pytest

from megadance_live.engine.stream_time import JUMP_S, MAX_SLEW, StreamTime

BLOCK_S = 0.01


def test_nothing_can_be_said_before_the_first_block() -> None:
    with pytest.raises(ValueError, match="no block"):
        StreamTime().to_host_s(0.0)


def test_jitter_of_the_stamps_is_not_seen() -> None:
    rng = np.random.default_rng(1)
    time = StreamTime()
    seen = []
    for number in range(3000):
        stream_s = number * BLOCK_S
        time = time.observed(number * BLOCK_S, 100.0 + stream_s + rng.uniform(-0.01, 0.01))
        seen.append(time.to_host_s(stream_s) - stream_s)
    settled = np.array(seen[1000:])
    assert np.ptp(settled) < 0.003
    assert abs(settled.mean() - 100.0) < 0.002
    assert np.abs(np.diff(seen)).max() <= MAX_SLEW * BLOCK_S + 1e-9


def test_drift_is_followed() -> None:
    time = StreamTime()
    for number in range(6000):
        time = time.observed(number * BLOCK_S, 5.0 + number * BLOCK_S * 1.0005)
    stream_s = 5999 * BLOCK_S
    assert time.to_host_s(stream_s) == pytest.approx(5.0 + stream_s * 1.0005, abs=0.002)


def test_lost_samples_are_taken_over_at_once() -> None:
    time = StreamTime().observed(0.0, 10.0).observed(0.01, 10.01 + 3 * JUMP_S)
    assert time.to_host_s(0.01) == pytest.approx(10.01 + 3 * JUMP_S)
    assert time.jumps == 1


def test_host_time_never_runs_backwards_while_it_slews() -> None:
    time = StreamTime().observed(0.0, 10.0)
    before = time.to_host_s(0.0)
    for number in range(1, 200):
        time = time.observed(number * BLOCK_S, 10.0 - 0.09 + number * BLOCK_S)
        now = time.to_host_s(number * BLOCK_S)
        assert now > before
        before = now
