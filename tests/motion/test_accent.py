import numpy as np
import pytest

from megadance_live.motion.accent import accented


@pytest.mark.parametrize("beats_per_bar", [3, 4, 7])
def test_beats_and_bar_lines_stay_and_order_is_kept(beats_per_bar: int) -> None:
    places = np.arange(0, 3, 1 / (50 * beats_per_bar))
    seen = np.array([accented(float(place), beats_per_bar, 1.0) for place in places])
    assert (np.diff(seen) > 0).all()
    np.testing.assert_allclose(seen[::50], places[::50], atol=1e-9)


def test_the_dance_is_slowest_on_the_beat_and_as_composed_without_accent() -> None:
    places = np.arange(0, 1, 0.005)
    seen = np.array([accented(float(place), 4, 1.0) for place in places])
    speed = 0.005 / np.diff(seen)
    on_beat, between = speed[[0, 50, 100, 150]], speed[[25, 75, 125, 175]]
    assert on_beat.max() < 0.7
    assert between.min() > 1.9
    assert all(accented(float(place), 4, 0.0) == place for place in places)
