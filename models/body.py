"""Makes a body that the app can draw out of an SMPL model of the user's own (Loper et al., SIGGRAPH Asia 2015).

The app never loads torch; what it needs is worked out once and written down: the shaped surface at rest, its faces,
the four strongest joints of every vertex, and where the joints are.
"""

import contextlib
import hashlib
import io
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from megadance_live.core.errors import ConfigError
from megadance_live.core.skeleton import PARENTS
from models.smpl_file import Gender, find_model, read_model

FORMAT = "megadance-live body"
VERSION = 1
INFLUENCES = 4
LARGEST_BETA = 10.0


@dataclass(frozen=True)
class Body:
    """At rest, the pelvis at the origin, SMPL axes."""

    vertices_m: npt.NDArray[np.float32]  # [n, 3]
    faces: npt.NDArray[np.int32]  # [m, 3]
    joints: npt.NDArray[np.uint8]  # [n, 4]
    weights: npt.NDArray[np.float32]  # [n, 4]
    offsets_m: npt.NDArray[np.float32]  # [24, 3] in the parent's frame


def body_name(gender: Gender, betas: Sequence[float]) -> str:
    """Of its folder."""
    shape = hashlib.sha256(",".join(f"{beta:.6f}" for beta in betas).encode()).hexdigest()[:8]
    return f"smpl-{gender}-{shape}" if any(betas) else f"smpl-{gender}"


def bake(place: Path, gender: Gender, betas: Sequence[float]) -> Body:
    """The body of a model file, or of the one in a folder, with shape coefficients. Raises ConfigError."""
    if not all(np.isfinite(beta) and abs(beta) <= LARGEST_BETA for beta in betas):
        raise ConfigError(f"Shape coefficients lie between -{LARGEST_BETA:g} and {LARGEST_BETA:g}.")
    path = find_model(place, gender)
    model = read_model(path)
    known = model["shapedirs"].shape[2]
    if len(betas) > known:
        raise ConfigError(f'"{path}" has {known} shape coefficients, but {len(betas)} were given.')
    vertices, joints = _shaped(model, gender, betas)
    offsets = joints.copy()
    offsets[1:] -= joints[list(PARENTS[1:])]
    offsets[0] = 0
    order = np.argsort(-model["weights"], axis=1, kind="stable")[:, :INFLUENCES]
    strongest = np.take_along_axis(model["weights"], order, axis=1)
    total = strongest.sum(axis=1, keepdims=True)
    if (total <= 0).any():
        raise ConfigError(f'"{path}" is a damaged SMPL model; download it again.')
    return Body(
        (vertices - joints[0]).astype(np.float32),
        model["f"].astype(np.int32),
        order.astype(np.uint8),
        (strongest / total).astype(np.float32),
        offsets.astype(np.float32),
    )


def _shaped(
    model: dict[str, npt.NDArray[Any]], gender: Gender, betas: Sequence[float]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Vertices [n, 3] and joints [24, 3] at rest, through smplx."""
    try:
        import smplx
        from smplx.utils import Struct
    except ImportError as error:
        raise ConfigError('SMPL models are read with smplx; install it: pip install "megadance-live[smpl]".') from error

    count = max(len(betas), 1)
    with contextlib.redirect_stdout(io.StringIO()):  # it prints a remark on the number of coefficients
        smpl = smplx.SMPL("", data_struct=Struct(**model), gender=gender, num_betas=count, dtype=torch.float64)
    shape = torch.zeros((1, smpl.num_betas), dtype=torch.float64)
    shape[0, : len(betas)] = torch.tensor(list(betas), dtype=torch.float64)
    with torch.no_grad():
        vertices = smpl.forward_shape(betas=shape).v_shaped[0]
        joints = smpl.J_regressor @ vertices
    return vertices.numpy(), joints.numpy()


def write(body: Body, folder: Path, gender: Gender, betas: Sequence[float]) -> None:
    """Into a folder, which is made. Raises ConfigError if it cannot be written."""
    about = {
        "format": FORMAT,
        "version": VERSION,
        "model": "smpl",
        "gender": gender,
        "betas": list(betas),
        "vertices": len(body.vertices_m),
        "faces": len(body.faces),
    }
    arrays = io.BytesIO()
    np.savez_compressed(arrays, **vars(body))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in (
            ("body.npz", arrays.getvalue()),
            ("body.json", json.dumps(about, indent=1).encode() + b"\n"),
        ):
            fresh = folder / f".{name}.new"
            fresh.write_bytes(data)
            os.replace(fresh, folder / name)
    except OSError as error:
        raise ConfigError(
            f'"{folder}" cannot be written ({error.strerror or error}); choose another with --out.'
        ) from error
