import numpy as np
import pytest

from models.evaluation.bootstrap import Estimate, bootstrap
from models.evaluation.frechet import frechet_distance


def test_the_interval_of_a_mean_is_about_two_standard_errors_wide() -> None:
    values = np.random.default_rng(0).normal(10.0, 2.0, 100)
    found = bootstrap(lambda chosen: float(values[chosen].mean()), len(values), resamples=1_000)
    error = values.std() / 10.0
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=0.3 * error)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=0.3 * error)


def test_what_does_not_vary_has_an_interval_of_no_width() -> None:
    assert bootstrap(lambda chosen: 4.0, 10) == Estimate(4.0, 4.0, 4.0)


def test_resampling_makes_frechet_distances_greater_and_the_interval_allows_for_it() -> None:
    rng = np.random.default_rng(0)
    real, made = rng.normal(size=(60, 8)), rng.normal(size=(60, 8)) + 0.5
    found = bootstrap(lambda chosen: frechet_distance(real[chosen], made[chosen]), 60, distance=True)
    assert 0 < found.low < found.value < found.high


def test_the_interval_of_a_share_lies_between_nothing_and_all() -> None:
    values = np.array([1.0] * 9 + [0.0])
    found = bootstrap(lambda chosen: float(values[chosen].mean()), 10)
    assert 0.0 <= found.low <= 0.9 <= found.high <= 1.0


def test_one_clip_and_no_value_have_no_interval() -> None:
    assert np.isnan(bootstrap(lambda chosen: 1.0, 1).low)
    nothing = bootstrap(lambda chosen: float("nan"), 5)
    assert np.isnan(nothing.value)
    assert np.isnan(nothing.high)


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.arange(12.0) ** 2
    assert bootstrap(lambda c: float(values[c].mean()), 12) == bootstrap(lambda c: float(values[c].mean()), 12)
