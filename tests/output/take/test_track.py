"""The rule of replacing, and resampling to a uniform grid."""

import numpy as np
import pytest

from megadance_live.core import quaternion
from megadance_live.output.take.track import PoseTrack, resample, standing


def track_of(times: np.ndarray, heights: np.ndarray, quats: np.ndarray | None = None) -> PoseTrack:
    root_m = np.zeros((len(times), 3))
    root_m[:, 1] = heights
    if quats is None:
        quats = quaternion.identity(len(times), 24, dtype=np.float64)
    return PoseTrack(times, times / 2, root_m, quats, ("a",) * len(times))


def replaced_one_by_one(times: list[float]) -> list[int]:
    """The rule as it is written: indices that remain."""
    kept: list[int] = []
    for i, time_s in enumerate(times):
        while kept and times[kept[-1]] >= time_s:
            kept.pop()
        kept.append(i)
    return kept


def test_a_frame_replaces_those_that_are_not_earlier() -> None:
    times = np.array([0.0, 0.1, 0.2, 0.3, 0.15, 0.25, 0.25, 0.4])
    assert np.flatnonzero(standing(times)).tolist() == [0, 1, 4, 6, 7]
    rng = np.random.default_rng(0)
    for _ in range(50):
        ragged = np.round(np.arange(40) * 0.03 + rng.normal(0, 0.05, 40), 2)
        assert np.flatnonzero(standing(ragged)).tolist() == replaced_one_by_one(ragged.tolist())
    assert len(standing(np.zeros(0))) == 0


@pytest.mark.parametrize("fps", [30, 60])
def test_stretched_presentation_times_land_where_they_were_seen(fps: int) -> None:
    """A dance whose height follows time itself is the same after resampling, however its frames were spaced."""
    rng = np.random.default_rng(1)
    times = 7.3 + np.cumsum(rng.uniform(0.028, 0.038, 300))
    motion = resample(track_of(times, 2 * times), times[0], times[-1] - times[0], fps)
    grid = times[0] + np.arange(len(motion)) / fps
    assert motion.root_m[:, 1] == pytest.approx(2 * grid, abs=1e-9)


def test_a_beat_stays_in_its_place() -> None:
    """The lowest point of a bounce at 123 bpm, danced on a stretched grid, falls on the beat to half a frame."""
    beat_s = 60 / 123
    times = np.arange(600) * (beat_s * 4 / 60)  # 15 tokens of 4 frames in a bar
    motion = resample(track_of(times, -np.cos(2 * np.pi * times / beat_s)), 0.0, times[-1], 60)
    heights = motion.root_m[:, 1]
    lowest = np.flatnonzero((heights[1:-1] < heights[:-2]) & (heights[1:-1] <= heights[2:])) + 1
    beats = np.round(lowest / 60 / beat_s)
    assert len(lowest) == 39
    assert np.abs(lowest / 60 - beats * beat_s).max() <= 0.5 / 60 + beat_s * 4 / 60 / 2


def test_rotations_turn_evenly_on_the_shorter_arc() -> None:
    quats = quaternion.identity(2, 24, dtype=np.float64)
    quats[1] = -quaternion.from_axis_angle(np.array([0.0, 1.0, 0.0]))  # the far sign of the same rotation
    motion = resample(track_of(np.array([0.0, 1.0]), np.zeros(2), quats), 0.0, 1.0, 30)
    turned = np.linalg.norm(quaternion.to_axis_angle(motion.quats[:, 5]), axis=-1)
    assert turned == pytest.approx(np.arange(30) / 30, abs=1e-9)
    assert np.linalg.norm(motion.quats, axis=-1) == pytest.approx(1.0)


def test_the_ends_are_held() -> None:
    motion = resample(track_of(np.array([1.0, 1.5]), np.array([3.0, 4.0])), 0.0, 3.0, 30)
    assert len(motion) == 90
    assert (motion.root_m[:31, 1] == 3.0).all()
    assert (motion.root_m[45:, 1] == 4.0).all()
    assert (resample(track_of(np.array([1.0]), np.array([3.0])), 0.0, 0.1, 30).root_m[:, 1] == 3.0).all()


def test_the_number_of_frames_is_the_length_times_the_rate() -> None:
    track = track_of(np.array([0.0, 9.0]), np.zeros(2))
    assert [len(resample(track, 0.0, s, 30)) for s in (0.0, 1 / 30, 0.1, 1.0, 1.001, 9.0)] == [1, 1, 3, 30, 31, 270]
