import numpy as np

from models.data.music_beats import bar_grid


def heard(count: int = 40, period: float = 0.5, first: int = 3) -> tuple[np.ndarray, np.ndarray]:
    index = np.arange(count)
    return 1.0 + period * index, (index + first - 1) % 4 + 1


def test_the_grid_begins_on_the_first_downbeat() -> None:
    times, numbers = heard()
    grid = bar_grid(times, numbers)
    assert grid is not None
    np.testing.assert_allclose(grid, times[2:])


def test_missed_beats_are_put_in_and_doubled_ones_left_out() -> None:
    times, numbers = heard()
    missed = np.delete(np.arange(40), [7, 8, 20])
    doubled = np.insert(times[missed], 12, times[missed][11] + 0.03)
    grid = bar_grid(doubled, np.insert(numbers[missed], 12, 1))
    assert grid is not None
    np.testing.assert_allclose(grid, times[2:], atol=1e-9)


def test_a_few_wrong_numbers_do_not_move_the_downbeat() -> None:
    times, numbers = heard()
    numbers[:9] = numbers[1:10]
    grid = bar_grid(times, numbers)
    assert grid is not None
    np.testing.assert_allclose(grid, times[2:])


def test_an_ear_that_was_lost_tells_nothing() -> None:
    times, numbers = heard()
    lost = times + np.random.default_rng(0).uniform(-0.24, 0.24, 40)
    assert bar_grid(np.sort(lost), numbers) is None
    assert bar_grid(times[:8], numbers[:8]) is None
    assert bar_grid(np.zeros(0), np.zeros(0, int)) is None
