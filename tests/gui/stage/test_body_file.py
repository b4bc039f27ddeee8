"""Bodies of the user's own, as the app reads them."""

import json
from pathlib import Path

import numpy as np
import pytest

from gui.stage.body_file import FORMAT, VERSION, bake_command, load_body
from gui.stage.mannequin import COARSE_M, mannequin
from megadance_live.core.errors import ConfigError


def write_body(folder: Path, **changes: np.ndarray) -> Path:
    mesh = mannequin(COARSE_M)
    arrays = {
        "vertices_m": mesh.vertices_m,
        "faces": mesh.faces.astype(np.int32),
        "joints": mesh.joints.astype(np.uint8),
        "weights": mesh.weights,
        "offsets_m": mesh.offsets_m,
    }
    folder.mkdir(exist_ok=True)
    np.savez(folder / "body.npz", **{**arrays, **changes})
    (folder / "body.json").write_text(json.dumps({"format": FORMAT, "version": VERSION}))
    return folder


def test_a_body_that_was_written_is_read(tmp_path: Path) -> None:
    mesh, body = mannequin(COARSE_M), load_body(write_body(tmp_path))
    assert np.array_equal(body.vertices_m, mesh.vertices_m)
    assert np.array_equal(body.faces, mesh.faces)
    assert np.einsum("ij,ij->i", body.normals, mesh.normals).mean() > 0.97
    assert (body.paint[:, 3] == 0).all()


@pytest.mark.parametrize(
    "changes",
    [
        {"vertices_m": np.zeros((3, 2), np.float32)},
        {"vertices_m": np.zeros((0, 3), np.float32)},
        {"offsets_m": np.zeros((55, 3), np.float32)},
        {"offsets_m": np.full((24, 3), np.nan, np.float32)},
        {"faces": np.array([[0, 1, 10**7]])},
        {"faces": np.zeros((0, 3), np.int32)},
        {"faces": np.zeros((4, 3), np.float32)},
        {"weights": np.zeros((7414, 4), np.float32)},
    ],
)
def test_a_damaged_body_is_told_in_one_sentence(tmp_path: Path, changes: dict[str, np.ndarray]) -> None:
    with pytest.raises(ConfigError, match="is damaged; make it again"):
        load_body(write_body(tmp_path, **changes))


def test_files_that_are_no_bodies_are_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="There is no body in"):
        load_body(tmp_path)
    folder = write_body(tmp_path / "body")
    whole = (folder / "body.npz").read_bytes()
    for content in (b"", b"text", whole[:500]):
        (folder / "body.npz").write_bytes(content)
        with pytest.raises(ConfigError, match="cannot be read"):
            load_body(folder)
    (folder / "body.npz").write_bytes(whole)
    (folder / "body.json").write_text("{")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_body(folder)
    for about in ({"format": FORMAT, "version": VERSION + 1}, {}, []):
        (folder / "body.json").write_text(json.dumps(about))
        with pytest.raises(ConfigError, match="another version"):
            load_body(folder)


def test_the_command_that_makes_a_body_names_what_was_chosen() -> None:
    command = bake_command(Path("models"), "female", (0.5, -1.0))
    assert command[-5:] == ["--smpl", "models", "--gender", "female", "--betas=0.5,-1"]
    assert not any("betas" in part for part in bake_command(Path("models")))
