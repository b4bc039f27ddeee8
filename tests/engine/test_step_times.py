import pytest

from megadance_live.engine.step_times import StepTimes


def test_median_and_worst_of_the_last_ten_seconds() -> None:
    times = StepTimes()
    assert (times.median_ms, times.p99_ms) == (0.0, 0.0)
    for step in range(1_000):
        times.add(step / 30, 0.5 if step < 100 else 0.004 if step % 50 else 0.02)
    assert times.median_ms == pytest.approx(4.0)
    assert times.p99_ms == pytest.approx(20.0)
    times.add(1_000.0, 0.007)
    assert (times.median_ms, times.p99_ms) == pytest.approx((7.0, 7.0))
