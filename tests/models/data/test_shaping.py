from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core import kinematics
from megadance_live.core.errors import DataError
from models.data.clips import Clip, Music
from models.data.sources.shaping import Captured, cut, shape
from tests.models.made_up import quats_of, sway


def captured(frames: int, fps: float, still: tuple[int, int] = (0, 0)) -> Captured:
    """A dance that stands still for so many frames before and after."""
    poses, trans = sway(frames - sum(still), fps / 2)
    poses, trans = (np.pad(part, ((*still,), *((0, 0),) * (part.ndim - 1)), mode="edge") for part in (poses, trans))
    return Captured(fps, trans.astype(np.float64), quats_of(poses).astype(np.float64))


def shaped(motion: Captured, bpm: float | None = None, music: Music | None = None) -> Clip:
    return shape(motion, name="a", genre="krump", split="train", bpm=bpm, music=music)


@pytest.mark.parametrize(("fps", "frames"), [(30.0, 90), (60.0, 90), (120.0, 90), (100.0, 90), (24.0, 89), (29.97, 90)])
def test_any_rate_becomes_thirty(fps: float, frames: int) -> None:
    clip = shaped(captured(round(3 * fps), fps))
    assert len(clip) == pytest.approx(frames, abs=1)
    exact = shaped(captured(90, 30.0))
    count = min(len(clip), 85)
    apart = np.arccos(np.clip(np.abs(np.sum(clip.quats[:count] * exact.quats[:count], axis=-1)), 0, 1))
    assert apart[:, [3, 4]].max() < 0.02
    assert (fps < 29) == any("24 frames" in warning for warning in clip.warnings)


@pytest.mark.parametrize(("fps", "word"), [(5.0, "5 frames per second"), (5000.0, "5000"), (float("nan"), "nan")])
def test_rates_that_cannot_be_are_refused(fps: float, word: str) -> None:
    with pytest.raises(DataError, match=word):
        shaped(replace(captured(120, 30.0), fps=fps))


def test_the_feet_rest_on_the_floor() -> None:
    motion = captured(120, 30.0)
    clip = shaped(replace(motion, root_m=motion.root_m + np.array([3.0, 7.5, -2.0])))
    joints, _ = kinematics.forward(clip.root_m, clip.quats)
    assert abs(np.percentile(joints[:, [10, 11], 1].min(axis=1), 5)) < 0.03
    assert clip.root_m[0, 0] == pytest.approx(motion.root_m[0, 0] + 3, abs=1e-5)


def test_standing_about_at_the_ends_is_cut_off_in_step_with_beats_and_music() -> None:
    clip = shaped(captured(600, 30.0, (150, 200)), bpm=120, music=Music(Path("a.wav"), 1.0))
    assert 250 <= len(clip) <= 300
    assert len(clip.warnings) == 2
    assert "first" in clip.warnings[0]
    assert "last" in clip.warnings[1]
    assert clip.music is not None
    first = round((clip.music.start_s - 1.0) * 30)
    assert 130 <= first <= 170
    assert clip.beat_frames is not None
    # A downbeat of two seconds' bars, counted from the beginning of the file.
    assert (clip.beat_frames[0] + first) % 60 == pytest.approx(0, abs=1e-3)
    assert 0 <= clip.beat_frames[0] < 60


def test_a_pause_within_and_a_jump_are_told() -> None:
    motion = captured(900, 30.0)
    motion.quats[300:500] = motion.quats[300]
    motion.root_m[300:500] = motion.root_m[300]
    motion.root_m[700:] += [2.0, 0.0, 0.0]
    warnings = shaped(motion).warnings
    assert any(warning.startswith("stands still for") for warning in warnings)
    assert any("faster than anybody" in warning for warning in warnings)


def test_a_sloping_floor_is_told() -> None:
    motion = captured(900, 30.0)
    t = np.arange(900) / 30
    # Steps on a slope of ten degrees: the body stands, and is elsewhere every second.
    place = np.stack([1.5 * np.sin(np.floor(t) * 1.3), np.full(900, 0.95), 1.5 * np.cos(np.floor(t) * 2.1)], axis=1)
    sloped = replace(motion, root_m=place + place[:, :1] * np.array([0, np.tan(np.radians(10)), 0]))
    assert any("slopes by 10 degrees" in warning for warning in shaped(sloped).warnings)
    level = replace(motion, root_m=place)
    assert not any("slopes" in warning for warning in shaped(level).warnings)


def test_a_cut_without_beats_left_has_none() -> None:
    clip = shaped(captured(300, 30.0), bpm=60)
    assert cut(clip, 0, 20).beat_frames is None
    assert len(cut(clip, 10, 200)) == 190
