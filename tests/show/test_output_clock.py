import numpy as np
import pytest

from megadance_live.show.output_clock import Lateness, MonotonicClock, OutputClock


@pytest.mark.parametrize("rate_hz", [30, 60, 90, 120])
def test_deadlines_do_not_drift(rate_hz: int) -> None:
    clock = OutputClock(rate_hz, 1000.0)
    deadlines = []
    for _ in range(rate_hz * 600):
        deadlines.append(clock.deadline_s)
        clock.keep(clock.deadline_s + 0.002)
    np.testing.assert_allclose(deadlines, 1000.0 + np.arange(rate_hz * 600) / rate_hz, atol=1e-9)


@pytest.mark.parametrize("rate_hz", [30, 60, 90, 120])
def test_being_exactly_on_time_drops_nothing(rate_hz: int) -> None:
    clock = OutputClock(rate_hz, 12345.678)
    for _ in range(20_000):
        deadline_s = clock.deadline_s
        clock.keep(deadline_s)
        assert clock.deadline_s > deadline_s
    assert clock.lateness(clock.deadline_s).dropped == 0


def test_a_little_early_is_no_second_frame() -> None:
    clock = OutputClock(60, 0.0)
    clock.keep(0.0)
    clock.keep(clock.deadline_s - 0.0001)
    assert clock.deadline_s == pytest.approx(2 / 60)


def test_a_late_wake_up_drops_the_deadlines_that_have_passed() -> None:
    clock = OutputClock(60, 0.0)
    clock.keep(0.0)
    clock.keep(0.1)  # 1/60 was due; 2/60 to 6/60 have passed as well
    assert clock.deadline_s == pytest.approx(7 / 60)
    assert clock.lateness(0.1).dropped == 5


def test_lateness_is_that_of_the_last_minute() -> None:
    clock = OutputClock(30, 0.0)
    for n in range(3600):
        clock.keep(clock.deadline_s + (0.020 if n < 1800 else 0.001 if n % 50 else 0.005))
    lateness = clock.lateness(clock.deadline_s)
    assert lateness.count == pytest.approx(1800, abs=2)
    assert lateness.median_ms == pytest.approx(1.0, abs=1e-6)
    assert lateness.p99_ms == pytest.approx(5.0, abs=1e-6)
    assert lateness.worst_ms == pytest.approx(5.0, abs=1e-6)


def test_lateness_of_nothing_is_zero() -> None:
    assert OutputClock(30, 0.0).lateness(0.0) == Lateness(0, 0.0, 0.0, 0.0, 0)


def test_the_rate_is_that_of_the_last_second() -> None:
    clock = OutputClock(90, 0.0)
    for _ in range(500):
        now_s = clock.deadline_s
        clock.keep(now_s)
    assert clock.rate_now_hz(now_s) == pytest.approx(90, abs=1)
    assert clock.rate_now_hz(now_s + 5) == 0


def test_the_real_clock_waits_for_nothing_that_has_passed() -> None:
    clock = MonotonicClock()
    before_s = clock.now_s()
    clock.wait_until(before_s - 100)
    clock.wait_until(before_s + 0.001)
    assert clock.now_s() >= before_s + 0.001
