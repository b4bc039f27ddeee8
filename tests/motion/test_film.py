"""Pictures, films and sheets."""

from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.motion.draw import draw_pose
from megadance_live.motion.film import Film, open_film
from megadance_live.motion.settle import Settle
from tests.motion.moves import dance, run

EXPERTS = ("house", "popping")
CLOCK = BarClock(0.0, 0.0, 120.0, state="locked")
SMALL = (320, 180)


@pytest.fixture(scope="module")
def poses() -> list[PoseFrame]:
    return run(dance(75))


def _drawn(pose: PoseFrame, **options: object) -> np.ndarray:
    picture = draw_pose(pose, CLOCK, experts=EXPERTS, width=SMALL[0], height=SMALL[1], **options)  # type: ignore[arg-type]
    return picture.astype(int)


def test_a_picture(poses: list[PoseFrame]) -> None:
    picture = draw_pose(poses[0], CLOCK, experts=EXPERTS)
    assert picture.shape == (720, 1280, 3)
    assert picture.dtype == np.uint8
    assert tuple(picture[360, 20] // 4) == (4, 4, 4)  # dark at the side
    middle = picture[150:640, 500:780].astype(int)
    assert (middle.max(axis=-1) - middle.min(axis=-1) > 60).mean() > 0.1  # a coloured body in the middle


def test_left_is_on_the_right_of_the_picture(poses: list[PoseFrame]) -> None:
    """The dancer faces us: a step to his left goes to our right."""
    pose = poses[0]
    moved = PoseFrame(
        pose.time_s, pose.bars, pose.root_m + np.float32([1, 0, 0]), pose.quats, pose.contacts, pose.expert
    )
    empty = np.abs(_drawn(pose) - _drawn(moved)).sum(axis=(0, 2))
    assert empty[SMALL[0] // 2 + 40 :].sum() > 2000
    assert empty[: SMALL[0] // 2 - 60].sum() < 500


def test_each_expert_has_a_colour_and_each_beat_a_lamp(poses: list[PoseFrame]) -> None:
    pose = poses[0]
    other = PoseFrame(pose.time_s, 0.25, pose.root_m, pose.quats, pose.contacts, "popping")
    later = PoseFrame(pose.time_s, 0.25, pose.root_m, pose.quats, pose.contacts, pose.expert)
    assert np.abs(_drawn(later) - _drawn(other)).max() > 60
    assert np.abs(_drawn(pose) - _drawn(later))[-20:].max() > 60


def test_who_is_out_of_sight_is_no_error(poses: list[PoseFrame]) -> None:
    pose = poses[0]
    for place in ((100.0, 0.0, 0.0), (0.0, 0.0, 30.0), (0.0, -50.0, 0.0)):
        _drawn(PoseFrame(0.0, 0.0, np.float32(place), pose.quats, pose.contacts, "nobody"))


def test_a_later_plan_replaces_the_earlier(poses: list[PoseFrame]) -> None:
    settle = Settle()
    times = [0.0, 0.1, 0.2, 0.1, 0.2, 5.0]
    final = []
    for i, time_s in enumerate(times):
        pose = poses[i]
        moved = PoseFrame(time_s, float(i), pose.root_m, pose.quats, pose.contacts, pose.expert)
        final += settle.add(moved, CLOCK)
    final += settle.rest()
    assert [(pose.time_s, pose.bars) for pose, _ in final] == [(0.0, 0.0), (0.1, 3.0), (0.2, 4.0), (5.0, 5.0)]
    assert settle.rest() == []


def _tone(path: Path, seconds: float) -> None:
    import soundfile

    t = np.arange(int(44_100 * seconds)) / 44_100
    soundfile.write(path, np.sin(2 * np.pi * 440 * t).astype(np.float32), 44_100)


def test_a_film_with_sound(tmp_path: Path, poses: list[PoseFrame]) -> None:
    import av

    _tone(tmp_path / "song.wav", 5.0)
    film = Film(tmp_path / "dance.mp4", experts=EXPERTS, audio=tmp_path / "song.wav", size=SMALL)
    for pose in poses:
        film.pose(pose, CLOCK)
    film.close()
    film.close()
    with av.open(str(tmp_path / "dance.mp4")) as read:
        pictures = [frame.to_ndarray(format="rgb24") for frame in read.decode(video=0)]
        assert len(pictures) == len(poses)
        assert pictures[0].shape == (SMALL[1], SMALL[0], 3)
        assert np.abs(pictures[0].astype(int) - pictures[-1].astype(int)).max() > 30
    with av.open(str(tmp_path / "dance.mp4")) as read:
        samples = sum(frame.samples for frame in read.decode(audio=0))
        assert samples / 48_000 == pytest.approx(len(poses) / 30, abs=0.1)  # no longer than the pictures


def test_a_film_in_another_rate(tmp_path: Path, poses: list[PoseFrame]) -> None:
    import av

    film = Film(tmp_path / "dance.mp4", 60, size=SMALL)
    for pose in poses:
        film.pose(pose, CLOCK)
    film.close()
    with av.open(str(tmp_path / "dance.mp4")) as read:
        assert sum(1 for _ in read.decode(video=0)) == pytest.approx(2 * len(poses), abs=2)


@pytest.mark.parametrize("name", ["dance.png", "dance.strip.png"])
def test_a_contact_sheet(tmp_path: Path, poses: list[PoseFrame], name: str) -> None:
    from PIL import Image

    sheet = open_film(tmp_path / name, experts=EXPERTS)
    for pose in poses:
        sheet.pose(pose, CLOCK)
    sheet.close()
    sheet.close()
    with Image.open(tmp_path / name) as picture:
        # 75 frames are 1.25 bars: five beats
        assert picture.size == (5 * 244 + 4, 328)
        assert np.asarray(picture).std() > 10


@pytest.mark.parametrize("name", ["empty.mp4", "empty.png"])
def test_nothing_danced_still_closes(tmp_path: Path, name: str) -> None:
    open_film(tmp_path / name, experts=EXPERTS).close()
    assert (tmp_path / name).exists()


def test_one_sentence_for_each_mistake(tmp_path: Path) -> None:
    with pytest.raises(TakeError, match=r"\.mp4 and a contact sheet in \.png"):
        open_film(tmp_path / "dance.gif", experts=EXPERTS)
    (tmp_path / "file").write_text("")
    with pytest.raises(TakeError, match="cannot be written"):
        open_film(tmp_path / "file" / "dance.mp4", experts=EXPERTS)
    (tmp_path / "noise.wav").write_text("this is no sound")
    with pytest.raises(TakeError, match="cannot be read"):
        open_film(tmp_path / "dance.mp4", experts=EXPERTS, audio=tmp_path / "noise.wav")
    with pytest.raises(TakeError, match="cannot be read"):
        open_film(tmp_path / "dance.mp4", experts=EXPERTS, audio=tmp_path / "missing.wav")
