"""Bodies made of SMPL models, checked against smplx itself."""

import contextlib
import io
import json
import os
import pickle
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from typer.testing import CliRunner

from gui.stage.body_file import bake_command, load_body
from gui.stage.skinning import Rig, skin
from megadance_live.cli import app
from megadance_live.core import quaternion
from megadance_live.core.errors import ConfigError
from models import body as baking
from tests.models.smpl_sample import made_up_model, write_npz, write_official_pickle, write_pickle

BETAS = (0.5, -1.0, 2.0)


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    return write_npz(tmp_path / "SMPL_NEUTRAL.npz", made_up_model())


def smplx_vertices(betas: tuple[float, ...], axis_angles: np.ndarray, pelvis_m: np.ndarray) -> np.ndarray:
    """[n, 3] from smplx's own forward pass, moved so that the pelvis is there."""
    smplx = pytest.importorskip("smplx", reason="smplx is not installed")
    from smplx.utils import Struct

    with contextlib.redirect_stdout(io.StringIO()):
        smpl = smplx.SMPL(
            "", data_struct=Struct(**made_up_model()), num_betas=10, dtype=torch.float64, create_body_pose=True,
            vertex_ids=dict.fromkeys(smplx.vertex_ids.vertex_ids["smplh"], 0),
        )  # fmt: skip
    shape = torch.zeros(1, 10, dtype=torch.float64)
    shape[0, : len(betas)] = torch.tensor(betas)
    angles = torch.tensor(axis_angles, dtype=torch.float64).reshape(1, -1)
    with torch.no_grad():
        out = smpl(betas=shape, global_orient=angles[:, :3], body_pose=angles[:, 3:])
    vertices = out.vertices[0].numpy()
    return vertices - out.joints[0, 0].numpy() + pelvis_m


def test_a_baked_body_is_skinned_as_smplx_does_it(tmp_path: Path, model_file: Path) -> None:
    folder = tmp_path / "body"
    baking.write(baking.bake(model_file, "neutral", BETAS), folder, "neutral", BETAS)
    mesh = load_body(folder)
    angles = np.random.default_rng(3).normal(0, 0.5, (24, 3)).astype(np.float32)
    posed = Rig(mesh.offsets_m, mesh.floor_m).pose(np.zeros(3, np.float32), quaternion.from_axis_angle(angles))
    ours = skin(mesh, posed)
    theirs = smplx_vertices(BETAS, angles, posed.joints_m[0])
    assert np.abs(ours - theirs).max() < 1e-4


def test_betas_change_the_body(model_file: Path) -> None:
    plain, shaped = baking.bake(model_file, "neutral", ()), baking.bake(model_file, "neutral", BETAS)
    assert np.abs(plain.vertices_m - shaped.vertices_m).max() > 0.01
    assert baking.body_name("neutral", ()) == "smpl-neutral"
    assert baking.body_name("female", BETAS) != baking.body_name("female", (1.0,))


def test_a_pickle_gives_the_same_body_as_an_npz(tmp_path: Path, model_file: Path) -> None:
    pickled = write_pickle(tmp_path / "SMPL_MALE.pkl", made_up_model())
    one, other = baking.bake(model_file, "neutral", BETAS), baking.bake(pickled, "male", BETAS)
    for name in vars(one):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_the_objects_in_official_pickles_are_read_without_their_libraries(
    tmp_path: Path, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_official_pickle(tmp_path / "basicmodel_f_lbs_10_207_0_v1.1.0.pkl", made_up_model())
    for name in ("chumpy", "scipy"):
        monkeypatch.setitem(sys.modules, name, None)
    assert np.array_equal(
        baking.bake(tmp_path, "female", BETAS).vertices_m, baking.bake(model_file, "neutral", BETAS).vertices_m
    )


class _Evil:
    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self.mark),)


def test_nothing_in_a_pickle_is_run(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    path = tmp_path / "SMPL_NEUTRAL.pkl"
    path.write_bytes(pickle.dumps({"v_template": _Evil(mark)}))
    with pytest.raises(ConfigError, match="is no SMPL model"):
        baking.bake(path, "neutral", ())
    assert not mark.exists()


def test_wrong_files_are_told_in_one_sentence(tmp_path: Path) -> None:
    model = made_up_model()
    lacking = {key: value for key, value in model.items() if key != "weights"}
    bad = {
        "text.pkl": b"no pickle at all",
        "cut.npz": write_npz(tmp_path / "whole.npz", model).read_bytes()[:900],
        "empty.pkl": b"",
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
    write_npz(tmp_path / "lacking.npz", lacking)
    write_npz(tmp_path / "more_joints.npz", {**model, "J_regressor": np.zeros((55, 144))})
    write_npz(tmp_path / "misfit.npz", {**model, "weights": model["weights"][:10]})
    write_npz(tmp_path / "nan.npz", {**model, "v_template": model["v_template"] * np.nan})
    write_pickle(tmp_path / "list.pkl", [1, 2])
    for name in (*bad, "lacking.npz", "more_joints.npz", "misfit.npz", "nan.npz", "list.pkl"):
        with pytest.raises(ConfigError) as raised:
            baking.bake(tmp_path / name, "neutral", ())
        assert name in str(raised.value)
        assert str(raised.value).endswith(".")


def test_what_was_given_wrong_is_said(tmp_path: Path, model_file: Path) -> None:
    with pytest.raises(ConfigError, match="should hold SMPL_MALE"):
        baking.bake(tmp_path, "male", ())
    with pytest.raises(ConfigError, match="There is no SMPL model at"):
        baking.bake(tmp_path / "nowhere", "male", ())
    with pytest.raises(ConfigError, match="has 10 shape coefficients, but 11"):
        baking.bake(model_file, "neutral", (0.1,) * 11)
    with pytest.raises(ConfigError, match="lie between"):
        baking.bake(model_file, "neutral", (float("nan"),))


def test_without_smplx_the_user_is_told_what_to_install(model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smplx", None)
    with pytest.raises(ConfigError, match=r"megadance-live\[smpl\]"):
        baking.bake(model_file, "neutral", ())


def test_the_command_writes_a_body_and_prints_its_folder(tmp_path: Path, model_file: Path) -> None:
    done = CliRunner().invoke(app, [*bake_command(model_file, "neutral", BETAS)[3:], "--out", str(tmp_path / "mine")])
    assert done.exit_code == 0
    assert done.stdout.strip() == str((tmp_path / "mine").resolve())
    assert json.loads((tmp_path / "mine" / "body.json").read_text())["betas"] == list(BETAS)
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == ["body.json", "body.npz"]
    assert len(load_body(tmp_path / "mine").vertices_m) == 144


def test_coefficients_that_are_no_numbers_are_told(model_file: Path) -> None:
    done = CliRunner().invoke(app, ["body", "--smpl", str(model_file), "--betas", "tall"])
    assert isinstance(done.exception, ConfigError)
    assert "give numbers with commas between" in str(done.exception)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, model_file: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ConfigError, match="choose another with --out"):
        baking.write(baking.bake(model_file, "neutral", ()), tmp_path / "file" / "body", "neutral", ())
