"""Which moment is drawn, and how often."""

import numpy as np
import pytest

from gui.stage.playback import LONGEST_DELAY_S, Pace, Playback


def drawn(
    screen_hz: float, sent_hz: float, late_s: float = 0.0, jitter_s: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Moments drawn in the last of ten seconds, and the newest pose at each of them."""
    random = np.random.default_rng(0)
    stamps = np.arange(0, 12, 1 / sent_hz)
    seen = stamps + late_s + random.uniform(0, jitter_s, len(stamps))
    playback = Playback()
    moments, newest = [], []
    for now_s in np.arange(0.5, 10, 1 / screen_hz):
        newest.append(stamps[seen <= now_s].max())
        moments.append(playback.time_s(float(now_s), float(newest[-1])))
    return np.array(moments)[-int(screen_hz) :], np.array(newest)[-int(screen_hz) :]


@pytest.mark.parametrize("screen_hz", [30.0, 60.0, 75.0, 144.0])
def test_the_moment_lies_between_poses_that_have_come_and_goes_on_evenly(screen_hz: float) -> None:
    moments, newest = drawn(screen_hz, 60.0)
    assert (moments <= newest + 1e-3).all()
    steps = np.diff(moments) * screen_hz
    assert steps == pytest.approx(np.ones(len(steps)), abs=0.05)


def test_it_is_about_one_and_a_half_frames_behind_and_not_more() -> None:
    moments, _ = drawn(144.0, 60.0)
    now_s = 10 - 1 / 144
    assert 0.5 / 60 < now_s - moments[-1] < 2.0 / 60


def test_bursts_are_waited_for() -> None:
    moments, newest = drawn(144.0, 60.0, late_s=0.01, jitter_s=0.03)
    assert (moments <= newest + 2e-3).mean() > 0.97
    assert (np.diff(moments) >= 0).all()


def test_frames_that_stop_coming_are_not_waited_for() -> None:
    playback = Playback()
    for i in range(1000):
        playback.time_s(i / 100, 0.0)
    assert playback.delay_s <= LONGEST_DELAY_S


def test_it_never_goes_back() -> None:
    playback = Playback()
    last_s = -1.0
    for i, newest_s in enumerate([0.0, 0.01, 0.01, 0.01, 0.09, 0.01, None, 0.2]):
        time_s = playback.time_s(0.1 + i * 0.01, newest_s)
        assert time_s >= last_s
        last_s = time_s


def test_cheap_pictures_come_at_the_rate_of_the_screen() -> None:
    pace = Pace()
    pace.screen_hz = 144.0
    for i in range(100):
        pace.drawn(i / 144, 0.001)
    assert pace.period_s == pytest.approx(1 / 144)
    assert pace.fps == pytest.approx(144)
    assert pace.wait_s(99 / 144 + 0.002) == pytest.approx(1 / 144 - 0.002)
    assert pace.wait_s(200.0) == 0.0


@pytest.mark.parametrize(("cost_s", "every"), [(0.005, 1), (0.012, 2), (0.020, 3), (0.2, 4)])
def test_dear_pictures_come_at_a_fraction_of_it(cost_s: float, every: int) -> None:
    pace = Pace()
    for i in range(200):
        pace.drawn(i * 0.05, cost_s)
    assert pace.period_s == pytest.approx(every / 60)
    assert pace.cost_s == pytest.approx(cost_s, rel=0.01)
