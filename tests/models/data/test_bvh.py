from pathlib import Path

import numpy as np
import pytest

from megadance_live.core import kinematics
from megadance_live.core.errors import DataError
from megadance_live.core.skeleton import JOINT_NAMES
from megadance_live.output.take.bvh import write_bvh
from megadance_live.output.take.track import Motion
from models.data.clips import Clip
from models.data.sources.bone_names import smpl_joints
from models.data.sources.bvh import captured_of
from models.data.sources.bvh_file import read_bvh
from models.data.sources.folders import load_clips
from tests.models.data.skeletons import CMU, MIXAMO, Joint, laid_down, prefixed, swings, unreal, write
from tests.models.made_up import quats_of, sway
from tests.output.take.takes import load_bvh

BONES = (
    ("LeftUpLeg", "LeftLeg", "left_hip", "left_knee"), ("LeftLeg", "LeftFoot", "left_knee", "left_ankle"),
    ("LeftFoot", "LeftToeBase", "left_ankle", "left_foot"), ("LeftArm", "LeftForeArm", "left_shoulder", "left_elbow"),
    ("LeftForeArm", "LeftHand", "left_elbow", "left_wrist"), ("RightUpLeg", "RightLeg", "right_hip", "right_knee"),
    ("RightLeg", "RightFoot", "right_knee", "right_ankle"),
    ("RightArm", "RightForeArm", "right_shoulder", "right_elbow"),
    ("RightForeArm", "RightHand", "right_elbow", "right_wrist"),
)  # fmt: skip


def directions(joints: np.ndarray, start: int, end: int) -> np.ndarray:
    bone = joints[:, end] - joints[:, start]
    return bone / np.linalg.norm(bone, axis=-1, keepdims=True)


def root_path(frames: int, height: float = 0.0) -> np.ndarray:
    t = np.arange(frames) / 30
    return np.stack([40 * np.sin(t), height + 2 * np.sin(5 * t), 30 * t], axis=1)


def test_the_bvh_that_we_write_is_read_as_the_same_motion(tmp_path: Path) -> None:
    poses, trans = sway(90, 15.0)
    motion = Motion(30, trans.astype(np.float64), quats_of(poses).astype(np.float64))
    write_bvh(tmp_path / "take.bvh", motion)
    captured, said = captured_of(tmp_path / "take.bvh")
    expected, _ = kinematics.forward(motion.root_m, motion.quats)
    found, _ = kinematics.forward(captured.root_m, captured.quats)
    assert captured.fps == 30
    assert said == []
    assert np.abs(found - expected).max() < 1e-5


@pytest.mark.parametrize("skeleton", [MIXAMO, CMU], ids=["Mixamo", "CMU"])
@pytest.mark.parametrize("order", ["ZXY", "XYZ"])
def test_every_limb_points_where_it_points_in_the_file(tmp_path: Path, skeleton: tuple[Joint, ...], order: str) -> None:
    path = write(tmp_path / "a.bvh", skeleton, swings(skeleton, 40), root_path(40), order=order)
    told = load_bvh(path)
    captured, _ = captured_of(path)
    danced, _ = kinematics.forward(captured.root_m, captured.quats)
    for start, end, smpl_start, smpl_end in BONES:
        there = directions(told.joints_cm, told.names.index(start), told.names.index(end))
        here = directions(danced, JOINT_NAMES.index(smpl_start), JOINT_NAMES.index(smpl_end))
        assert np.abs(there - here).max() < 1e-3, (start, end)
    # The back and the head follow too, though they have other joints.
    there = directions(told.joints_cm, told.names.index("Hips"), told.names.index("Head"))
    here = directions(danced, 0, JOINT_NAMES.index("head"))
    assert np.degrees(np.arccos(np.sum(there * here, axis=-1))).max() < 20


def test_a_pelvis_travels_in_proportion_to_its_legs(tmp_path: Path) -> None:
    path = write(tmp_path / "a.bvh", MIXAMO, 0 * swings(MIXAMO, 40), root_path(40))
    captured, _ = captured_of(path)
    expected = np.linalg.norm(np.diff(root_path(40), axis=0), axis=1).sum() * 0.808 / 83.05
    assert np.linalg.norm(np.diff(captured.root_m, axis=0), axis=1).sum() == pytest.approx(expected, rel=0.01)


@pytest.mark.parametrize(
    "skeleton",
    [prefixed(MIXAMO, "mixamorig:"), prefixed(MIXAMO, "Character1_"), unreal()],
    ids=["mixamorig", "Character1", "Unreal"],
)
def test_the_same_dance_under_other_names_is_the_same(tmp_path: Path, skeleton: tuple[Joint, ...]) -> None:
    angles = swings(MIXAMO, 20)
    plain, _ = captured_of(write(tmp_path / "a.bvh", MIXAMO, angles, root_path(20)))
    other, _ = captured_of(write(tmp_path / "b.bvh", skeleton, angles, root_path(20)))
    np.testing.assert_allclose(other.quats, plain.quats, atol=1e-9)


def test_a_file_with_z_up_stands_upright_and_says_so(tmp_path: Path) -> None:
    skeleton = laid_down(MIXAMO)
    path = write(tmp_path / "a.bvh", skeleton, swings(skeleton, 40, 10.0), np.zeros((40, 3)))
    captured, said = captured_of(path)
    danced, _ = kinematics.forward(captured.root_m, captured.quats)
    assert (danced[:, JOINT_NAMES.index("head"), 1] - danced[:, 0, 1] > 0.4).all()
    assert any("along Z" in text for text in said)


def test_units_are_guessed_and_told_where_they_are_unusual(tmp_path: Path) -> None:
    metres = tuple((name, parent, tuple(v / 100 for v in offset)) for name, parent, offset in MIXAMO)
    for skeleton, word in ((MIXAMO, None), (metres, None), (CMU, "units of CMU")):
        path = write(tmp_path / "a.bvh", skeleton, swings(skeleton, 5), np.zeros((5, 3)))  # type: ignore[arg-type]
        captured, said = captured_of(path)
        assert any(word in text for text in said) if word else not said
        danced, _ = kinematics.forward(captured.root_m, captured.quats)
        assert 1.2 < np.ptp(danced[..., 1]) < 2.2


@pytest.mark.parametrize(
    ("written", "fps"), [("0.0333333", 30), ("0.0333", 30), ("0.00833", 120), ("0.016667", 60), ("0.0333667", 29.97)]
)
def test_frame_times_of_few_digits_mean_whole_rates(tmp_path: Path, written: str, fps: float) -> None:
    path = write(tmp_path / "a.bvh", MIXAMO, swings(MIXAMO, 4), np.zeros((4, 3)), frame_time=written)
    assert read_bvh(path).fps == pytest.approx(fps, abs=1e-3)
    assert (read_bvh(path).fps == round(fps)) == (fps == round(fps))


def test_other_names_for_joints_are_understood() -> None:
    smpl = ["m_avg_root", "m_avg_Pelvis", "m_avg_L_Hip", "m_avg_L_Knee", "m_avg_L_Ankle", "m_avg_L_Foot"]
    smpl += ["m_avg_R_Hip", "m_avg_R_Knee", "m_avg_R_Ankle", "m_avg_R_Foot", "m_avg_Spine1", "m_avg_Neck"]
    smpl += ["m_avg_L_Collar", "m_avg_L_Shoulder", "m_avg_L_Elbow", "m_avg_L_Wrist", "m_avg_L_Hand"]
    smpl += ["m_avg_R_Collar", "m_avg_R_Shoulder", "m_avg_R_Elbow", "m_avg_R_Wrist", "m_avg_R_Hand", "m_avg_Head"]
    parents = [-1, 0, 1, 2, 3, 4, 1, 6, 7, 8, 1, 10, 10, 12, 13, 14, 15, 10, 17, 18, 19, 20, 11]
    found = smpl_joints(smpl, parents)
    assert (found["pelvis"], found["left_ankle"], found["left_foot"], found["left_hand"]) == (1, 4, 5, 16)
    assert (found["left_collar"], found["left_shoulder"], found["head"], found["spine3"]) == (12, 13, 22, 10)


@pytest.mark.parametrize(
    ("pelvis", "limbs"),
    [
        ("Hips", "{side}UpLeg {side}Leg {side}Foot {side}ToeBase {side}Shoulder {side}Arm {side}ForeArm {side}Hand"),
        ("Hips", "{side}Hip {side}Knee {side}Ankle {side}Toe {side}Collar {side}Shoulder {side}Elbow {side}Wrist"),
        ("J_Bip_C_Hips", "J_Bip_{s}_UpperLeg J_Bip_{s}_LowerLeg J_Bip_{s}_Foot J_Bip_{s}_ToeBase"
         " J_Bip_{s}_Shoulder J_Bip_{s}_UpperArm J_Bip_{s}_LowerArm J_Bip_{s}_Hand"),
        ("root", "{l}_up_leg {l}_low_leg {l}_foot {l}_toes {l}_shoulder {l}_up_arm {l}_low_arm {l}_hand"),
        ("Bip01 Pelvis", "Bip01 {s} Thigh|Bip01 {s} Calf|Bip01 {s} Foot|Bip01 {s} Toe0"
         "|Bip01 {s} Clavicle|Bip01 {s} UpperArm|Bip01 {s} Forearm|Bip01 {s} Hand"),
    ],
    ids=["Mixamo", "Xsens", "VRM", "mocopi", "3ds Max"],
)  # fmt: skip
def test_limbs_are_known_by_many_names(pelvis: str, limbs: str) -> None:
    names, parents = [pelvis, "Spine", "Head"], [-1, 0, 1]
    for side in ("Left", "Right"):
        words = limbs.format(side=side, s=side[0], l=side[0].lower())
        start = len(names)
        names += words.split("|") if "|" in words else words.split()
        parents += [0, start, start + 1, start + 2, 1, start + 4, start + 5, start + 6]
    found = smpl_joints(names, parents)
    for number, joint in enumerate(("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist")):
        assert (found[f"left_{joint}"], found[f"right_{joint}"]) == (3 + number, 11 + number), joint
    assert (found["pelvis"], found["spine3"], found["head"]) == (0, 1, 2)


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("HIERARCHY", "ANIMALS", "not a BVH"),
        ("ROOT Hips", "ROOT Boat", "no joints called like pelvis"),
        ("LeftForeArm", "Tentacle", "left_elbow"),
        ("OFFSET 0 98 0", "OFFSET 0 up 0", "not understood"),
        ("CHANNELS 3", "CHANNELS 4", "not understood"),
        ("Frames: 60", "Frames: 70", "ends early, after 60 of 70"),
        ("Frames: 60", "Frames: many", "number of frames"),
        ("Frame Time: 0.0333333", "Frame Time: 0", "frame time"),
        ("Frame Time: 0.0333333", "Frame Time: 0.5", "2 frames per second"),
        ("MOTION", "MOTION?", "number of frames"),
    ],
)
def test_broken_files_are_left_out_with_the_reason(tmp_path: Path, before: str, after: str, word: str) -> None:
    good = write(tmp_path / "krump" / "good.bvh", MIXAMO, swings(MIXAMO, 60), root_path(60))
    bad = tmp_path / "krump" / "bad.bvh"
    bad.write_text(good.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")
    clips, skipped = load_clips(tmp_path)
    assert [clip.name for clip in clips] == ["krump_good.bvh"]
    assert [one.name for one in skipped] == ["krump_bad.bvh"]
    assert word in skipped[0].why


def test_a_folder_of_bvh_becomes_clips_on_the_floor(tmp_path: Path) -> None:
    write(tmp_path / "Krump" / "a_01.bvh", MIXAMO, swings(MIXAMO, 240), root_path(240, 500.0), frame_time="0.008333")
    clips, skipped = load_clips(tmp_path)
    assert skipped == []
    clip = clips[0]
    assert isinstance(clip, Clip)
    assert (clip.genre, clip.split, len(clip), clip.beat_frames) == ("krump", "train", 60, None)
    joints, _ = kinematics.forward(clip.root_m, clip.quats)
    assert abs(np.percentile(joints[:, [10, 11], 1].min(axis=1), 5)) < 0.06
    assert np.abs(np.linalg.norm(clip.quats, axis=-1) - 1).max() < 1e-5


def test_a_pose_at_rest_before_the_first_frame_is_no_frame(tmp_path: Path) -> None:
    angles = swings(MIXAMO, 20)
    plain = read_bvh(write(tmp_path / "a.bvh", MIXAMO, angles, root_path(20)))
    angles = np.concatenate([np.zeros((1, *angles.shape[1:])), angles])
    rested = read_bvh(write(tmp_path / "b.bvh", MIXAMO, angles, np.pad(root_path(20), ((1, 0), (0, 0)))))
    np.testing.assert_array_equal(rested.positions, plain.positions)


@pytest.mark.parametrize("word", ["nan", "inf"])
def test_numbers_that_are_not_finite_are_refused(tmp_path: Path, word: str) -> None:
    path = write(tmp_path / "a.bvh", MIXAMO, swings(MIXAMO, 20), root_path(20))
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[-3] = " ".join([word, *lines[-3].split()[1:]])
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataError, match="not finite"):
        read_bvh(path)


def test_a_skeleton_without_joints_is_refused() -> None:
    with pytest.raises(DataError, match="no joints called like pelvis"):
        smpl_joints(["Tail", "Fin"], [-1, 0])
