"""AIST++ as users have it, and pickles that are not what they seem."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core import kinematics, quaternion
from megadance_live.core.errors import DataError
from megadance_live.output.take.aist import write_aist
from megadance_live.output.take.track import Motion
from models.data.clips import Clip
from models.data.sources.aist import captured_of
from models.data.sources.folders import list_clips, load_clips, read_clips
from models.data.sources.names import aist_name
from models.data.sources.plain_pickle import read_arrays
from models.data.sources.source import Wishes
from tests.models.made_up import quats_of, sway

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
NAME = "gKR_sBM_cAll_d28_mKR2_ch01"


def write(path: Path, frames: int = 240, scaling: float = 90.0, **changed: object) -> Path:
    """As the data set holds it: in scaled units, high above its floor, with a number besides."""
    poses, trans = sway(frames, 36.0)
    arrays = {
        "smpl_loss": 0.25,
        "smpl_poses": poses.reshape(frames, 72),
        "smpl_scaling": np.array([scaling], np.float32),
        "smpl_trans": (trans + np.array([0, 0.9, 0], np.float32)) * scaling,
    }
    arrays.update(changed)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps({name: value for name, value in arrays.items() if value is not None}))
    return path


def test_a_clip_has_the_genre_and_the_exact_beats_that_its_name_tells(tmp_path: Path) -> None:
    write(tmp_path / "motions" / f"{NAME}.pkl")
    clips, skipped = load_clips(tmp_path)
    assert skipped == []
    clip = clips[0]
    assert (clip.genre, len(clip), clip.travel_trusted) == ("krump", 120, True)
    assert clip.beat_frames is not None
    np.testing.assert_allclose(clip.beat_frames, np.arange(0, 120, 18), atol=1e-4)
    poses, trans = sway(240, 36.0)
    np.testing.assert_allclose(
        clip.root_m[:, [0, 2]] - clip.root_m[0, [0, 2]], (trans - trans[0])[::2, [0, 2]], atol=1e-5
    )
    np.testing.assert_allclose(np.abs(np.sum(clip.quats * quats_of(poses)[::2], axis=-1)), 1, atol=1e-5)
    joints, _ = kinematics.forward(clip.root_m, clip.quats)
    assert abs(joints[..., 1].min()) < 0.05


@pytest.mark.parametrize(
    ("name", "bpm"),
    [("gBR_sBM_cAll_d04_mBR0_ch01", 80), ("gHO_sFM_cAll_d20_mHO5_ch10", 135), ("gJB_sBM_cAll_d08_mJB5_ch08", 130)],
)
def test_the_digit_of_the_music_is_its_tempo(name: str, bpm: float) -> None:
    told = aist_name(name)
    assert told is not None
    assert told.bpm == bpm
    assert aist_name(name[:-5]) is None


def test_what_we_write_is_read_as_the_same_motion(tmp_path: Path) -> None:
    poses, trans = sway(120, 30.0)
    motion = Motion(60, trans.astype(np.float64), quats_of(poses).astype(np.float64))
    write_aist(tmp_path / "take.pkl", motion)
    captured = captured_of(tmp_path / "take.pkl")
    expected, _ = kinematics.forward(motion.root_m, motion.quats)
    found, _ = kinematics.forward(captured.root_m, captured.quats)
    assert np.abs(found - expected).max() < 1e-5


def test_published_splits_and_the_list_of_bad_clips_are_heeded(tmp_path: Path) -> None:
    names = [f"gKR_sBM_cAll_d28_mKR{n}_ch01" for n in range(5)]
    for name in names:
        write(tmp_path / "motions" / f"{name}.pkl", 120)
    (tmp_path / "ignore_list.txt").write_text(names[0] + "\n", encoding="utf-8")
    (tmp_path / "splits").mkdir()
    for split, name in zip(("train", "val", "test"), names[1:], strict=False):
        (tmp_path / "splits" / f"crossmodal_{split}.txt").write_text(name + "\n", encoding="utf-8")
    clips, skipped = load_clips(tmp_path)
    assert [clip.split for clip in clips] == ["train", "val", "test"]
    assert [one.name for one in skipped] == [f"motions_{names[0]}.pkl", f"motions_{names[4]}.pkl"]
    assert "ignore_list" in skipped[0].why
    assert "no list" in skipped[1].why


def test_recordings_are_found_by_clip_or_by_music_and_missed_by_name(tmp_path: Path) -> None:
    for music in (2, 3, 4):
        write(tmp_path / "data" / "motions" / f"gKR_sBM_cAll_d28_mKR{music}_ch01.pkl", 120)
    (tmp_path / "data" / "wavs").mkdir()
    (tmp_path / "data" / "wavs" / "gKR_sBM_cAll_d28_mKR2_ch01.wav").touch()
    (tmp_path / "songs").mkdir()
    (tmp_path / "songs" / "mKR3.mp3").touch()
    listing = list_clips(tmp_path / "data", Wishes(music=tmp_path / "songs"))
    clips = [clip for clip in read_clips(listing) if isinstance(clip, Clip)]
    assert [clip.music.path.name if clip.music else "" for clip in clips] == [
        "gKR_sBM_cAll_d28_mKR2_ch01.wav",
        "mKR3.mp3",
        "",
    ]
    assert [len(clip.warnings) for clip in clips] == [0, 0, 1]
    assert "mKR4" in clips[2].warnings[0]


def test_bad_files_are_left_out_with_the_reason(tmp_path: Path) -> None:
    def named(number: int, genre: str = "KR") -> Path:
        return tmp_path / f"g{genre}_sBM_cAll_d28_mKR{number % 6}_ch{number:02}.pkl"

    write(named(0))
    poses = sway(240, 36.0)[0].reshape(240, 72)
    write(named(1), smpl_poses=poses[:, :60])
    write(named(2), smpl_poses=poses * np.nan)
    write(named(12), smpl_trans=np.full((240, 3), np.inf, np.float32))
    write(named(3), smpl_trans=np.zeros((7, 3), np.float32))
    write(named(4), smpl_scaling=None)
    write(named(5), scaling=0.0)
    write(named(6), 4)
    write(named(7), 0)
    write(named(8, "XX"))
    named(9).write_bytes(b"")
    named(10).write_bytes(b"\x80\x04rubbish")
    write(named(11), smpl_poses=np.zeros((240, 72), np.float32), smpl_trans=np.zeros((240, 3), np.float32))
    clips, skipped = load_clips(tmp_path)
    assert [clip.name for clip in clips] == [named(0).name]
    why = {int(one.name[-6:-4]): one.why for one in skipped}
    words = {
        1: "smpl_poses have shape (240, 60)", 2: "not finite", 3: "smpl_trans has shape", 4: "holds no smpl_scaling",
        5: "above 0", 6: "shorter", 7: "no frames", 8: "unknown genre gXX", 9: "broken", 10: "broken",
        11: "nobody moves", 12: "not finite",
    }  # fmt: skip
    assert why.keys() == words.keys()
    for number, word in words.items():
        assert word in why[number], why[number]


class _Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("harm",)


class _HiddenHarm:
    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return eval, ("print('harm')",)


@pytest.mark.parametrize(
    "harm", [_Harm(), _HiddenHarm(), [np.zeros(3), _Harm()], {"smpl_trans": np.dtype(object), "x": _Harm()}]
)
def test_a_hostile_pickle_is_one_sentence_and_nothing_is_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], harm: object
) -> None:
    path = write(tmp_path / f"{NAME}.pkl", smpl_poses=harm)
    with pytest.raises(DataError, match=r"builtins\.(print|eval)\), and others may do harm, so it was not opened$"):
        captured_of(path)
    assert capsys.readouterr().out == ""


def test_arrays_of_objects_and_of_a_false_size_are_refused(tmp_path: Path) -> None:
    for harm in (np.array([{}, 1], object), np.zeros(2, "S3"), np.zeros(2, "f4,i4")):
        (tmp_path / "a.pkl").write_bytes(pickle.dumps({"smpl_poses": harm}))
        with pytest.raises(DataError):
            read_arrays(tmp_path / "a.pkl")
    honest = pickle.dumps({"a": np.zeros(100, np.float32)})
    (tmp_path / "a.pkl").write_bytes(honest.replace(b"Kd\x85", b"K\x7f\x85"))
    with pytest.raises(DataError, match="another size"):
        read_arrays(tmp_path / "a.pkl")


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_pickles_of_every_protocol_and_of_both_numpys_are_read(tmp_path: Path, protocol: int) -> None:
    arrays = {
        "rows": np.arange(6, dtype=np.float32).reshape(2, 3),
        "columns": np.asfortranarray(np.arange(6, dtype=">f8").reshape(2, 3)),
        "number": np.float64(2.5),
        "plain": 7,
        "text": "left out",
    }
    data = pickle.dumps(arrays, protocol)
    for core in (b"numpy.core.", b"numpy._core."):
        other = data.replace(b"numpy._core.", b"numpy.core.") if core == b"numpy.core." else data
        if protocol >= 4 and other != data:
            continue  # names are stored with their length there
        (tmp_path / "a.pkl").write_bytes(other)
        read = read_arrays(tmp_path / "a.pkl")
        assert set(read) == {"rows", "columns", "number", "plain"}
        np.testing.assert_array_equal(read["rows"], arrays["rows"])
        np.testing.assert_array_equal(read["columns"], arrays["columns"])
        assert read["number"] == 2.5


@pytest.mark.parametrize("name", ["gBR_sBM_cAll_d04_mBR2_ch08", "gJS_sBM_cAll_d03_mJS2_ch07"])
def test_original_files_agree_with_the_same_dances_as_they_were_prepared_by_others(name: str) -> None:
    raw = SHARED / "raw_samples" / "aist"
    if not (raw / f"{name}.pkl").is_file():
        pytest.skip("the original files of AIST++ do not lie beside this repository")
    clip = next(clip for clip in load_clips(raw)[0] if clip.name == f"{name}.pkl")
    with np.load(SHARED / "dance" / f"aist_original_{name}.npz") as other:
        theirs, _ = kinematics.forward(other["trans"], quaternion.from_axis_angle(other["poses"]))
        beats = other["beat_frames"]
    ours, _ = kinematics.forward(clip.root_m, clip.quats)
    apart = (ours - theirs).reshape(-1, 3)
    # They left the rest pelvis out, and their floor is a few millimetres from ours.
    np.testing.assert_allclose(apart.mean(axis=0), [0, 0, 0.028], atol=0.006)
    assert np.abs(apart - apart.mean(axis=0)).max() < 1e-4
    assert clip.beat_frames is not None
    np.testing.assert_allclose(clip.beat_frames[: len(beats)], beats, atol=1e-3)
