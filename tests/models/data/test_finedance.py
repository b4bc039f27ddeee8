"""FineDance as users have it."""

import json
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core import kinematics, quaternion
from models.data.sources.finedance import captured_of
from models.data.sources.folders import load_clips, recognise
from tests.models.made_up import quats_of, sway


def numbers_of(frames: int = 300) -> np.ndarray:
    """[frames, 315] of a swaying dance: rows of matrices, hands at rest."""
    poses, trans = sway(frames, 15.0)
    poses[:, 3:] *= 4  # livelier, so that it passes for no frozen clip
    t = np.arange(frames)[:, None]
    poses[:, 12:22, 0] = 1.2 * np.sin(0.3 * t + np.arange(10))
    poses[:, 1:9, 2] += 0.6 * np.sin(0.2 * t + np.arange(8))
    rows = quaternion.to_matrix(quats_of(poses))[:, :22, :2].reshape(frames, 22, 6)
    hands = np.tile(np.array([1, 0, 0, 0, 1, 0], np.float32), (frames, 30, 1))
    return np.concatenate([trans, np.concatenate([rows, hands], axis=1).reshape(frames, -1)], axis=1)


def write(folder: Path, number: str, style: str | None = "Popping", numbers: np.ndarray | None = None) -> None:
    for name in ("motion", "label_json"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    np.save(folder / "motion" / f"{number}.npy", numbers_of() if numbers is None else numbers)
    if style is not None:
        label = {"name": "a song", "style1": "Street", "style2": style}
        (folder / "label_json" / f"{number}.json").write_text(json.dumps(label), encoding="utf-8")


def test_rotations_are_read_from_the_first_two_rows(tmp_path: Path) -> None:
    captured = captured_of(numbers_of(40))
    numbers = numbers_of(40)
    matrices = quaternion.to_matrix(captured.quats[:, :22])
    np.testing.assert_allclose(matrices[:, :, :2].reshape(40, -1), numbers[:, 3:135], atol=1e-5)
    assert (captured.quats[:, 22:] == [0, 0, 0, 1]).all()


def test_a_folder_becomes_clips_with_labels_music_and_the_published_split(tmp_path: Path) -> None:
    write(tmp_path, "001", "jazz")
    write(tmp_path, "012", "Tai")
    write(tmp_path, "116")
    write(tmp_path, "M001")
    (tmp_path / "music_wav").mkdir()
    (tmp_path / "music_wav" / "001.wav").touch()
    assert recognise(tmp_path) == "finedance"
    clips, skipped = load_clips(tmp_path)
    assert [(clip.name, clip.genre, clip.split) for clip in clips] == [
        ("001.npy", "jazz", "train"),
        ("012.npy", "dai", "test"),
    ]
    assert clips[0].music is not None
    assert clips[0].warnings == ()
    assert clips[1].music is None
    assert any("lacks its music 012.wav" in warning for warning in clips[1].warnings)
    assert [one.name for one in skipped] == ["116.npy", "M001.npy"]
    joints, _ = kinematics.forward(clips[0].root_m, clips[0].quats)
    assert abs(np.percentile(joints[:, [10, 11], 1].min(axis=1), 5)) < 0.07


def test_the_published_beginnings_are_cut_off_and_the_music_stays_in_step(tmp_path: Path) -> None:
    write(tmp_path, "004", "Hiphop", numbers_of(400))
    (tmp_path / "music_wav").mkdir()
    (tmp_path / "music_wav" / "004.wav").touch()
    clip = load_clips(tmp_path)[0][0]
    assert len(clip) == 400 - 8 * 30
    assert clip.music is not None
    assert clip.music.start_s == pytest.approx(8.0)


def test_bad_files_are_left_out_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path, "001")
    write(tmp_path, "002", "Polka")
    write(tmp_path, "003", None)
    write(tmp_path, "006", numbers=numbers_of()[:, :312])
    write(tmp_path, "007", numbers=numbers_of() * np.nan)
    write(tmp_path, "008", numbers=numbers_of(20))
    write(tmp_path, "009", numbers=numbers_of(300)[:0])
    write(tmp_path, "011", numbers=np.array([{"poses": 1}], object))
    frozen = np.repeat(numbers_of(1), 300, axis=0)
    frozen[:, 0] += np.linspace(0, 3, 300)
    write(tmp_path, "013", numbers=frozen)
    clips, skipped = load_clips(tmp_path)
    assert [clip.name for clip in clips] == ["001.npy"]
    why = {one.name[:3]: one.why for one in skipped}
    words = {
        "002": "unknown genre 'Polka'", "003": "label 003.json is missing", "006": "312 numbers, expected 315",
        "007": "not finite", "008": "shorter", "009": "no frames", "011": "not a file of plain numbers",
        "013": "frozen",
    }  # fmt: skip
    assert why.keys() == words.keys()
    for number, word in words.items():
        assert word in why[number], why[number]


def test_frozen_parts_are_told(tmp_path: Path) -> None:
    numbers = numbers_of(480)
    numbers[120:240] = numbers[120]
    write(tmp_path, "001", numbers=numbers)
    warnings = load_clips(tmp_path)[0][0].warnings
    assert any("frozen in 1 of 4 windows" in warning for warning in warnings)
