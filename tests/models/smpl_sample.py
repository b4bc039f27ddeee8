"""A small made-up model in SMPL's format: a tube around every bone of the built-in skeleton."""

import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from megadance_live.core.skeleton import JOINT_COUNT, PARENTS, REST_OFFSETS_M

RING = 6


def made_up_model(seed: int = 5) -> dict[str, np.ndarray]:
    """The arrays of a model file. The pelvis is not at the origin, as in SMPL's own; legs are a tenth longer."""
    random = np.random.default_rng(seed)
    joints = np.zeros((JOINT_COUNT, 3))
    joints[0] = [0.0, -0.22, 0.03]
    for joint in range(1, JOINT_COUNT):
        joints[joint] = joints[PARENTS[joint]] + REST_OFFSETS_M[joint] * (1.1 if joint in (4, 5, 7, 8) else 1.0)
    angles = np.arange(RING) * 2 * np.pi / RING
    ring = 0.05 * np.stack([np.cos(angles), np.zeros(RING), np.sin(angles)], axis=1)
    vertices = (joints[:, None] + ring).reshape(-1, 3)
    count = len(vertices)
    faces = [(joint * RING + i, joint * RING + (i + 1) % RING, PARENTS[joint] * RING + i)
             for joint in range(1, JOINT_COUNT) for i in range(RING)]  # fmt: skip
    weights = np.zeros((count, JOINT_COUNT))
    for vertex in range(count):
        joint = vertex // RING
        near = [joint, max(PARENTS[joint], 0)]
        weights[vertex, near] += random.uniform(0.2, 1.0, 2)
    weights /= weights.sum(axis=1, keepdims=True)
    regressor = np.kron(np.eye(JOINT_COUNT), np.full((1, RING), 1 / RING))
    return {
        "v_template": vertices,
        "shapedirs": random.normal(0, 0.01, (count, 3, 10)),
        "posedirs": np.zeros((count, 3, 207)),
        "J_regressor": regressor,
        "weights": weights,
        "kintree_table": np.array([[2**32 - 1, *PARENTS[1:]], range(JOINT_COUNT)]),
        "f": np.array(faces, np.uint32),
    }


def write_npz(path: Path, model: dict[str, np.ndarray]) -> Path:
    np.savez(path, **model)
    return path


def write_pickle(path: Path, model: dict[str, Any]) -> Path:
    path.write_bytes(pickle.dumps(model, protocol=2))
    return path


def write_official_pickle(path: Path, model: dict[str, np.ndarray]) -> Path:
    """As the official files are: shapes wrapped by chumpy, the regressor a sparse matrix of scipy."""
    kinds = {}
    for module, kind in (("chumpy.ch", "Ch"), ("scipy.sparse.csc", "csc_matrix")):
        kinds[kind] = type(kind, (), {"__module__": module})
    wrapped, sparse = kinds["Ch"](), kinds["csc_matrix"]()
    wrapped.__dict__.update(x=model["shapedirs"])
    columns, rows = np.nonzero(model["J_regressor"].T)
    sparse.__dict__.update(
        _shape=model["J_regressor"].shape,
        data=model["J_regressor"][rows, columns],
        indices=rows.astype(np.int32),
        indptr=np.searchsorted(columns, np.arange(model["J_regressor"].shape[1] + 1)).astype(np.int32),
    )
    with pytest.MonkeyPatch.context() as patch:
        for kind in kinds.values():
            module = ModuleType(kind.__module__)
            setattr(module, kind.__name__, kind)
            patch.setitem(sys.modules, kind.__module__, module)
            patch.setitem(sys.modules, kind.__module__.split(".")[0], ModuleType("package"))
        return write_pickle(path, {**model, "shapedirs": wrapped, "J_regressor": sparse})
