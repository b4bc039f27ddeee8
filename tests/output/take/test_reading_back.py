"""Every format gives back the dance that was written into it."""

import json
import pickle
import struct
from pathlib import Path

import numpy as np
import pytest

from megadance_live.core.errors import TakeError
from megadance_live.core.kinematics import forward
from megadance_live.output.take.edge import to_edge
from megadance_live.output.take.formats import ALL_FORMATS, FORMATS, read_motion
from megadance_live.output.take.proxy_mesh import bone_mesh, rest_joints_m
from megadance_live.output.take.track import Motion
from tests.output.take.takes import load_aist, wild_motion

HANDS = (22, 23)


def written(folder: Path, name: str, motion: Motion) -> Path:
    path = folder / f"take{FORMATS[name].suffix}"
    FORMATS[name].write(path, motion)
    return path


@pytest.mark.parametrize("name", ALL_FORMATS)
@pytest.mark.parametrize("count", [1, 40])
def test_a_motion_comes_back_as_it_was(tmp_path: Path, name: str, count: int) -> None:
    fps = FORMATS[name].fps
    wild = wild_motion(40, fps)
    motion = Motion(fps, wild.root_m[-count:], wild.quats[-count:])
    read = read_motion(written(tmp_path, name, motion), name)
    assert (read.fps, len(read)) == (fps, count)
    assert np.abs(read.root_m - motion.root_m).max() < 1e-5
    alike = np.abs(np.sum(read.quats * motion.quats, axis=-1))
    kept = [joint for joint in range(24) if name != "amass" or joint not in HANDS]
    assert alike[:, kept].min() > 1 - 1e-6
    assert np.abs(forward(read.root_m, read.quats)[0] - forward(motion.root_m, motion.quats)[0]).max() < 1e-4


@pytest.mark.parametrize("name", ALL_FORMATS)
def test_a_broken_file_is_a_sentence(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, wild_motion(40, FORMATS[name].fps))
    whole = path.read_bytes()
    for broken in (b"", b"nonsense", whole[: len(whole) // 2], whole[:-100]):
        path.write_bytes(broken)
        with pytest.raises(TakeError, match=r"cannot be read"):
            read_motion(path, name)
    path.unlink()
    with pytest.raises(TakeError, match="No such file"):
        read_motion(path, name)


def test_numbers_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    motion = wild_motion(20, 60)
    motion.root_m[3, 1] = np.nan
    with pytest.raises(TakeError, match="not finite"):
        read_motion(written(tmp_path, "aist", motion), "aist")


class _Harm:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("harm",))


def test_a_pickle_of_somebody_else_cannot_run_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "take.pkl").write_bytes(pickle.dumps({"smpl_poses": _Harm()}))
    with pytest.raises(TakeError, match="is not allowed here"):
        read_motion(tmp_path / "take.pkl", "aist")
    assert capsys.readouterr().out == ""


def test_the_bvh_and_the_glb_of_another_program_are_refused(tmp_path: Path) -> None:
    bvh = written(tmp_path, "bvh", wild_motion(5))
    bvh.write_text(bvh.read_text(encoding="ascii").replace("ROOT pelvis", "ROOT Hips"), encoding="ascii")
    with pytest.raises(TakeError, match="another skeleton"):
        read_motion(bvh, "bvh")
    glb = written(tmp_path, "glb", wild_motion(5))
    glb.write_bytes(glb.read_bytes().replace(b'"pelvis"', b'"Pelvis"'))
    with pytest.raises(TakeError, match="another skeleton"):
        read_motion(glb, "glb")


def test_edge_follows_its_table_and_puts_the_joints_where_they_stand(tmp_path: Path) -> None:
    motion = wild_motion(20)
    read = load_aist(written(tmp_path, "edge", motion))
    assert {key: (v.shape, v.dtype) for key, v in read.items()} == {
        "smpl_poses": ((20, 72), np.float32),
        "smpl_trans": ((20, 3), np.float32),
        "full_pose": ((20, 24, 3), np.float32),
    }
    x, y, z = np.moveaxis(np.asarray(forward(motion.root_m, motion.quats)[0]), -1, 0)
    assert np.abs(read["full_pose"] - np.stack([x, -z, y], axis=-1)).max() < 1e-5
    assert np.array_equal(read["full_pose"][:, 0], read["smpl_trans"])


def test_edge_stands_along_z() -> None:
    standing = Motion(30, np.array([[0.0, 0.955, 0.0]]), np.tile([0.0, 0, 0, 1], (1, 24, 1)))
    edge = to_edge(standing)
    assert edge["smpl_poses"][0, :3] == pytest.approx([np.pi / 2, 0, 0])
    assert edge["full_pose"][0, [10, 11], 2] == pytest.approx([0.0, 0.0], abs=1e-6)


def test_glb_obeys_the_rules_of_its_container(tmp_path: Path) -> None:
    data = written(tmp_path, "glb", wild_motion(7)).read_bytes()
    magic, version, size = struct.unpack_from("<4s2I", data)
    assert (magic, version, size) == (b"glTF", 2, len(data))
    length, kind = struct.unpack_from("<I4s", data, 12)
    assert (kind, length % 4) == (b"JSON", 0)
    document = json.loads(data[20 : 20 + length])
    binary, kind = struct.unpack_from("<I4s", data, 20 + length)
    assert (kind, binary % 4, 28 + length + binary) == (b"BIN\0", 0, len(data))
    assert document["buffers"][0]["byteLength"] <= binary < document["buffers"][0]["byteLength"] + 4
    assert all(view["byteOffset"] % 4 == 0 for view in document["bufferViews"])
    assert document["skins"][0]["joints"] == list(range(24))
    time = document["accessors"][document["animations"][0]["samplers"][0]["input"]]
    assert (time["min"], time["max"]) == ([0.0], pytest.approx([0.2]))


def test_the_proxy_is_closed_and_seen_from_outside() -> None:
    mesh = bone_mesh()
    triangles = mesh.vertices_m.reshape(-1, 8, 3, 3)
    middles = triangles.mean(axis=(1, 2))
    outward = triangles.mean(axis=2) - middles[:, None]
    normals = mesh.normals.reshape(-1, 8, 3, 3)[:, :, 0]
    assert (np.sum(outward * normals, axis=-1) > 0).all()
    assert len(mesh.vertices_m) == len(mesh.joints) == 28 * 24
    assert mesh.vertices_m[:, 1].min() > -0.01
    assert rest_joints_m()[[10, 11], 1] == pytest.approx([0.0, 0.0], abs=1e-6)
