"""The motion files: their tables to the letter, and where the joints end up when others read them."""

import pickletools
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from megadance_live.config.preset import TakeFormat
from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import JOINT_NAMES, PARENTS, REST_OFFSETS_M, REST_PELVIS_M
from megadance_live.output.take.aist import write_aist
from megadance_live.output.take.amass import write_amass
from megadance_live.output.take.bvh import continuous, euler_zxy, write_bvh
from megadance_live.output.take.formats import ALL_FORMATS, BY_FIDELITY, FORMATS, USUAL_FORMATS
from megadance_live.output.take.track import Motion
from tests.output.take.takes import load_aist, load_bvh, matrix_of, smpl_joints, swaying_quats, wild_motion

Z_UP = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])


def rest_joints() -> np.ndarray:
    rest = np.zeros((24, 3))
    rest[0] = REST_PELVIS_M
    for joint in range(1, 24):
        rest[joint] = rest[PARENTS[joint]] + REST_OFFSETS_M[joint]
    return rest


def our_joints(motion: Motion) -> np.ndarray:
    return np.asarray(forward(motion.root_m, motion.quats)[0])


def test_amass_follows_its_table(tmp_path: Path) -> None:
    write_amass(tmp_path / "a.npz", wild_motion(20, fps=60))
    with np.load(tmp_path / "a.npz") as file:  # no pickle allowed: no object arrays
        shapes = {key: file[key].shape for key in file.files}
        kinds = {key: file[key].dtype.kind for key in file.files}
        assert file["gender"].dtype.kind == "U"
        assert str(file["gender"]) == "neutral"
        assert file["mocap_framerate"] == 60.0
        assert file["mocap_frame_rate"] == 60.0
        assert not file["betas"].any()
        assert not file["poses"][:, 66:].any()
    assert shapes == {
        "poses": (20, 156),
        "trans": (20, 3),
        "betas": (16,),
        "gender": (),
        "dmpls": (20, 8),
        "mocap_framerate": (),
        "mocap_frame_rate": (),
    }
    assert {kinds[key] for key in shapes if key != "gender"} == {"f"}


def test_amass_puts_the_z_up_body_exactly_where_ours_stands(tmp_path: Path) -> None:
    motion = wild_motion(40)
    write_amass(tmp_path / "a.npz", motion)
    with np.load(tmp_path / "a.npz") as file:
        poses, trans = file["poses"], file["trans"]
    # 22 joints of the SMPL+H body; the hands follow from the wrists, so all 24 of ours can be compared.
    flat = np.concatenate([poses[:, :66], np.zeros((len(poses), 6))], axis=1)
    joints = smpl_joints(flat, trans, rest_joints(), PARENTS)
    assert np.abs(joints - our_joints(motion) @ Z_UP.T).max() < 1e-6


def test_amass_stands_upright_along_z(tmp_path: Path) -> None:
    standing = Motion(30, np.array([[0.0, 0.955, 0.0]]), np.tile([0.0, 0, 0, 1], (1, 24, 1)))
    write_amass(tmp_path / "a.npz", standing)
    with np.load(tmp_path / "a.npz") as file:
        assert file["poses"][0, :3] == pytest.approx([np.pi / 2, 0, 0])
        assert file["trans"][0] == pytest.approx([0, 0.223, 0.955 - 0.028], abs=1e-7)


def test_aist_follows_its_table(tmp_path: Path) -> None:
    write_aist(tmp_path / "a.pkl", wild_motion(20, fps=60))
    read = load_aist(tmp_path / "a.pkl")
    assert {key: (type(v), v.shape, v.dtype) for key, v in read.items()} == {
        "smpl_poses": (np.ndarray, (20, 72), np.float32),
        "smpl_scaling": (np.ndarray, (1,), np.float32),
        "smpl_trans": (np.ndarray, (20, 3), np.float32),
    }
    assert all(v.flags.writeable and v.flags.c_contiguous for v in read.values())


def test_aist_names_nothing_that_moved_between_versions_of_numpy(tmp_path: Path) -> None:
    write_aist(tmp_path / "a.pkl", wild_motion(4))
    data = (tmp_path / "a.pkl").read_bytes()
    words = {arg for op, arg, _ in pickletools.genops(data) if op.name == "SHORT_BINUNICODE"}
    assert words - {"smpl_poses", "smpl_scaling", "smpl_trans"} == {"numpy", "ndarray", "<f4", "builtins", "bytearray"}
    assert data[:2] == b"\x80\x04"


def test_aist_puts_the_body_where_ours_stands(tmp_path: Path) -> None:
    motion = wild_motion(40, fps=60)
    write_aist(tmp_path / "a.pkl", motion)
    read = load_aist(tmp_path / "a.pkl")
    trans = read["smpl_trans"] / read["smpl_scaling"]
    joints = smpl_joints(read["smpl_poses"].astype(np.float64), trans, rest_joints(), PARENTS)
    assert np.abs(joints - our_joints(motion)).max() < 1e-5
    turned = matrix_of(read["smpl_poses"].astype(np.float64).reshape(-1, 24, 3))
    x, y, z, w = np.moveaxis(motion.quats, -1, 0)
    assert np.abs(turned[..., 0, 0] - (1 - 2 * (y * y + z * z))).max() < 1e-4
    assert np.abs(turned[..., 1, 0] - 2 * (x * y + z * w)).max() < 1e-4


def test_bvh_gives_our_joints_back(tmp_path: Path) -> None:
    motion = wild_motion(40)
    write_bvh(tmp_path / "a.bvh", motion)
    bvh = load_bvh(tmp_path / "a.bvh")
    assert sorted(bvh.names) == sorted(JOINT_NAMES)
    assert bvh.frame_s == pytest.approx(1 / 30, abs=1e-10)
    order = [JOINT_NAMES.index(name) for name in bvh.names]
    assert np.abs(bvh.joints_cm / 100 - our_joints(motion)[:, order]).max() < 1e-4


def test_bvh_text_is_as_its_readers_expect(tmp_path: Path) -> None:
    write_bvh(tmp_path / "a.bvh", wild_motion(5, fps=60))
    lines = (tmp_path / "a.bvh").read_text(encoding="ascii").splitlines()
    assert lines[:5] == [
        "HIERARCHY",
        "ROOT pelvis",
        "{",
        "\tOFFSET 0.0000 0.0000 0.0000",
        "\tCHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation",
    ]
    assert sum("CHANNELS 3 Zrotation Xrotation Yrotation" in line for line in lines) == 23
    assert sum("End Site" in line for line in lines) == 5
    assert lines[lines.index("MOTION") + 1 :][:2] == ["Frames: 5", "Frame Time: 0.0166666667"]
    assert {len(line.split()) for line in lines[lines.index("MOTION") + 3 :]} == {6 + 23 * 3}


def test_bvh_angles_do_not_jump() -> None:
    """A body that somersaults about X passes the singular quarter turn twice a turn, while it spins about Y."""
    turn = np.linspace(0, 6 * np.pi, 400)
    quats = np.zeros((400, 1, 4))
    quats[:, 0, 0], quats[:, 0, 3] = np.sin(turn / 2), np.cos(turn / 2)
    angles = continuous(euler_zxy(quats))
    assert np.abs(np.diff(angles, axis=0)).max() < 0.1
    dance = np.stack([swaying_quats(t / 60) for t in range(120)]).astype(np.float64)
    assert np.abs(np.diff(continuous(euler_zxy(dance)), axis=0)).max() < 0.5


def test_a_preset_can_ask_for_every_format() -> None:
    assert get_args(TakeFormat) == ALL_FORMATS
    assert set(BY_FIDELITY) == set(ALL_FORMATS)
    assert set(USUAL_FORMATS) < set(ALL_FORMATS)


@pytest.mark.parametrize("name", ALL_FORMATS)
def test_the_same_motion_gives_the_same_bytes(tmp_path: Path, name: str) -> None:
    FORMATS[name].write(tmp_path / "a", wild_motion(30))
    FORMATS[name].write(tmp_path / "b", wild_motion(30))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
