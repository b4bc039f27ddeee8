"""The mapping from samples to host time is smooth, and follows the earliest arrivals."""

import numpy as np
import pytest

from megadance_live.audio.host_clock import HostClock

RATE_HZ, PACKET = 48_000, 480


@pytest.mark.parametrize("drift", [0.0, 400e-6, -400e-6])
def test_follows_a_drifting_card_through_jitter(drift: float) -> None:
    rng = np.random.default_rng(0)
    clock = HostClock(RATE_HZ, latency_s=0.01)
    errors, steps, previous_s = [], [], None
    for k in range(1, 20_000):
        true_s = 5.0 + k * PACKET / RATE_HZ * (1 + drift)
        clock.arrived(k * PACKET, true_s + rng.exponential(0.002) + (0.3 if k % 997 == 0 else 0.0))
        now_s = clock.time_s(k * PACKET)
        if k > 500:
            errors.append(now_s - (true_s - 0.01))
            steps.append(now_s - previous_s - PACKET / RATE_HZ)
        previous_s = now_s
    assert np.abs(errors).max() < 0.002
    assert np.abs(steps).max() < 0.0005


def test_unknown_before_the_first_arrival() -> None:
    with pytest.raises(RuntimeError, match="no samples"):
        HostClock(RATE_HZ, 0.0).time_s(0)
