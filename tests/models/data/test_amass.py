"""AMASS archives as users have them."""

from pathlib import Path

import numpy as np
import pytest

from megadance_live.core import kinematics
from megadance_live.output.take.amass import write_amass
from megadance_live.output.take.track import Motion
from models.data.sources.amass import captured_of
from models.data.sources.folders import load_clips
from tests.models.made_up import quats_of, sway


def dance(frames: int = 240, fps: int = 120) -> Motion:
    poses, trans = sway(frames, fps / 2)
    return Motion(fps, trans.astype(np.float64), quats_of(poses).astype(np.float64))


def write(path: Path, motion: Motion | None = None, without: tuple[str, ...] = (), **changed: object) -> Path:
    """Through our own writer, then with some keys changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_amass(path, motion or dance())
    with np.load(path) as file:
        arrays = {key: file[key] for key in file.files if key not in without}
    arrays.update(changed)  # type: ignore[arg-type]
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def test_what_we_write_is_read_as_the_same_motion(tmp_path: Path) -> None:
    motion = dance()
    captured, up = captured_of(write(tmp_path / "a.npz", motion))
    expected, _ = kinematics.forward(motion.root_m, motion.quats)
    found, _ = kinematics.forward(captured.root_m, captured.quats)
    assert (captured.fps, up) == (120, "Z")
    assert np.abs(found - expected).max() < 1e-5


@pytest.mark.parametrize("kept", ["mocap_framerate", "mocap_frame_rate", "fps"])
def test_the_rate_may_go_by_any_of_its_names(tmp_path: Path, kept: str) -> None:
    rates = ("mocap_framerate", "mocap_frame_rate")
    path = write(tmp_path / "a.npz", None, rates, **{kept: np.array(120.0)})
    assert captured_of(path)[0].fps == 120


def test_smplx_parts_and_plain_smpl_are_read_alike(tmp_path: Path) -> None:
    expected = captured_of(write(tmp_path / "a.npz"))[0]
    with np.load(tmp_path / "a.npz") as file:
        poses = file["poses"]
    variants = {
        "smplx": {"poses": np.pad(poses, ((0, 0), (0, 9)))},
        "smpl": {"poses": poses[:, :72]},
        "parts": {"root_orient": poses[:, :3], "pose_body": poses[:, 3:66]},
    }
    for name, changed in variants.items():
        without = ("poses",) if name == "parts" else ()
        found = captured_of(write(tmp_path / f"{name}.npz", None, without, **changed))[0]
        np.testing.assert_allclose(found.quats[:, :22], expected.quats[:, :22], atol=1e-12)


def test_a_file_with_y_up_is_taken_as_it_stands_and_told(tmp_path: Path) -> None:
    motion = dance()
    path = write(tmp_path / "house" / "a.npz", motion)
    with np.load(path) as file:
        poses = file["poses"]
    from megadance_live.core import quaternion

    poses[:, :3] = quaternion.to_axis_angle(motion.quats[:, 0])
    write(path, motion, poses=poses, trans=motion.root_m)
    clip = load_clips(tmp_path)[0][0]
    joints, _ = kinematics.forward(clip.root_m, clip.quats)
    assert (joints[:, 15, 1] - joints[:, 0, 1] > 0.4).all()
    assert any("Y" in warning for warning in clip.warnings)


def test_folders_become_clips_with_names_and_genres_of_their_own(tmp_path: Path) -> None:
    write(tmp_path / "CMU" / "60" / "60_01_poses.npz")
    write(tmp_path / "CMU" / "61" / "60_01_poses.npz")
    write(tmp_path / "house" / "jack_poses.npz")
    write(tmp_path / "CMU" / "60" / "neutral_stagei.npz")
    (tmp_path / "genres.csv").write_text("pattern,genre\nCMU/6?/*,Salsa\n", encoding="utf-8")
    clips, skipped = load_clips(tmp_path)
    assert skipped == []
    assert [(clip.name, clip.genre, len(clip)) for clip in clips] == [
        ("CMU_60_60_01_poses.npz", "salsa", 60),
        ("CMU_61_60_01_poses.npz", "salsa", 60),
        ("house_jack_poses.npz", "house", 60),
    ]


def test_bad_archives_are_left_out_with_the_reason(tmp_path: Path) -> None:
    folder = tmp_path / "krump"
    write(folder / "good.npz")
    write(folder / "no_rate.npz", None, ("mocap_framerate", "mocap_frame_rate"))
    write(folder / "slow.npz", None, mocap_framerate=np.array(5.0))
    write(folder / "two_rates.npz", None, mocap_framerate=np.array([5.0, 6.0]))
    write(folder / "narrow.npz", None, poses=np.zeros((240, 50)))
    write(folder / "apart.npz", None, trans=np.zeros((7, 3)))
    write(folder / "nan.npz", None, trans=np.full((240, 3), np.nan))
    write(folder / "empty.npz", None, trans=np.zeros((0, 3)), poses=np.zeros((0, 156)))
    write(folder / "no_poses.npz", None, ("poses",))
    write(folder / "objects.npz", None, poses=np.array([{}], object))
    write(folder / "words.npz", None, trans=np.array(["here", "there"]))
    (folder / "rubbish.npz").write_bytes(b"PK\x03\x04 rubbish")
    np.save(folder / "single.npy", np.zeros(3))
    (folder / "single.npy").rename(folder / "single.npz")
    write(tmp_path / "unlabelled.npz")
    clips, skipped = load_clips(tmp_path)
    assert [clip.name for clip in clips] == ["krump_good.npz"]
    why = {Path(one.name).stem.removeprefix("krump_"): one.why for one in skipped}
    words = {
        "no_rate": "does not tell its frame rate", "slow": "5 frames per second", "two_rates": "not one number",
        "narrow": "poses have shape (240, 50)", "apart": "trans has shape", "nan": "not finite", "empty": "no frames",
        "no_poses": "holds no poses", "objects": "not numbers", "words": "not numbers",
        "rubbish": "not an npz archive", "single": "not an npz archive", "unlabelled": "genre is not known",
    }  # fmt: skip
    assert why.keys() == words.keys()
    for name, word in words.items():
        assert word in why[name], (name, why[name])
