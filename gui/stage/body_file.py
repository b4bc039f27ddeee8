"""A body of the user's own, as `megadance-live body` has written it."""

import json
import sys
import zipfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from gui.stage.body_mesh import INFLUENCES, BodyMesh, smooth_normals
from megadance_live.core.errors import ConfigError
from megadance_live.core.skeleton import JOINT_COUNT

FORMAT: Final = "megadance-live body"
VERSION: Final = 1
_COLOUR = (0.27, 0.265, 0.26, 0.0)
_MOST_VERTICES = 400_000
_AGAIN = 'make it again with "megadance-live body".'


def bake_command(model: Path, gender: str = "neutral", betas: tuple[float, ...] = ()) -> list[str]:
    """The program and its arguments that make a body of an SMPL model; it prints the folder that it has written."""
    command = [sys.executable, "-m", "megadance_live.cli", "body", "--smpl", str(model), "--gender", gender]
    return [*command, f"--betas={','.join(format(beta, 'g') for beta in betas)}"] if betas else command


def load_body(folder: Path) -> BodyMesh:
    """Raises ConfigError, one sentence, if there is no body in the folder or it is broken."""
    try:
        about = json.loads((folder / "body.json").read_text("utf-8"))
        with (folder / "body.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in ("vertices_m", "faces", "joints", "weights", "offsets_m")}
    except FileNotFoundError as error:
        raise ConfigError(f'There is no body in "{folder}"; make one with "megadance-live body".') from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ConfigError(f'The body in "{folder}" cannot be read; {_AGAIN}') from error
    if not isinstance(about, dict) or about.get("format") != FORMAT or about.get("version") != VERSION:
        raise ConfigError(f'The body in "{folder}" is of another version; {_AGAIN}')
    if not _is_whole(arrays):
        raise ConfigError(f'The body in "{folder}" is damaged; {_AGAIN}')
    vertices = arrays["vertices_m"].astype(np.float32)
    faces = arrays["faces"].astype(np.uint32)
    return BodyMesh(
        vertices,
        smooth_normals(vertices, faces),
        faces,
        arrays["joints"].astype(np.uint32),
        arrays["weights"].astype(np.float32),
        np.tile(np.array([_COLOUR], np.float32), (len(vertices), 1)),
        arrays["offsets_m"].astype(np.float32),
    )


def _is_whole(arrays: dict[str, np.ndarray[Any, Any]]) -> bool:
    """Does everything fit together?"""
    vertices, faces = arrays["vertices_m"], arrays["faces"]
    count = len(vertices) if vertices.ndim == 2 else 0
    shapes = {
        "vertices_m": (count, 3),
        "faces": (len(faces) if faces.ndim else 0, 3),
        "joints": (count, INFLUENCES),
        "weights": (count, INFLUENCES),
        "offsets_m": (JOINT_COUNT, 3),
    }
    if not 3 <= count <= _MOST_VERTICES or any(arrays[name].shape != shape for name, shape in shapes.items()):
        return False
    for name, values in arrays.items():
        kinds = "iu" if name in ("faces", "joints") else "f"
        if values.dtype.kind not in kinds or not np.isfinite(values).all():
            return False
    return (
        len(faces) > 0
        and 0 <= int(faces.min()) <= int(faces.max()) < count
        and 0 <= int(arrays["joints"].min()) <= int(arrays["joints"].max()) < JOINT_COUNT
        and bool(np.allclose(arrays["weights"].sum(axis=1), 1.0, atol=1e-3))
    )
