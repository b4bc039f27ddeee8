"""Reads the SMPL model files that users bring: npz, or the pickles that are handed out.

Nothing in a pickle is run: only arrays are let through. The official ones hold objects of chumpy, a library that no
longer installs, and of scipy; both are read without them.
"""

import pickle
import zipfile
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import ConfigError

Gender = Literal["neutral", "male", "female"]
JOINTS = 24
KEYS = ("v_template", "shapedirs", "posedirs", "J_regressor", "weights", "kintree_table", "f")
_OFFICIAL = {"neutral": "neutral", "male": "m", "female": "f"}
_NUMPY = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy.core.multiarray", "scalar"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "scalar"),
    ("numpy._core.numeric", "_frombuffer"),
    ("numpy.core.numeric", "_frombuffer"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
}


class _Kept:
    """Stands for an object of a library that is not here: its attributes, as they were stored."""

    def __init__(self, *values: Any) -> None:
        self.values = values

    def __setstate__(self, state: Any) -> None:
        self.__dict__.update(state if isinstance(state, dict) else {})


class _Sparse(_Kept):
    """A scipy matrix, stored by columns."""


class _Arrays(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _NUMPY:
            return super().find_class(module, name)
        if module.startswith("scipy.sparse") and name == "csc_matrix":
            return _Sparse
        if module.split(".")[0] == "chumpy":
            return _Kept
        if (module, name) in (("_codecs", "encode"), ("copy_reg", "_reconstructor"), ("copyreg", "_reconstructor")):
            return super().find_class(module, name)
        if (module, name) in (("builtins", "object"), ("__builtin__", "object")):
            return object
        raise pickle.UnpicklingError(f"{module}.{name} does not belong into a model file")


def find_model(place: Path, gender: Gender) -> Path:
    """The model file in a folder, by the names that smplx or the SMPL site gave it; a file is taken as it is. Raises
    ConfigError."""
    if place.is_file():
        return place
    if not place.is_dir():
        raise ConfigError(f'There is no SMPL model at "{place}"; give the file, or the folder that you unpacked.')
    heads = (f"smpl_{gender}", f"basicmodel_{_OFFICIAL[gender]}_")
    found = sorted(
        path
        for folder in (place, place / "smpl", place / "models", place / "smpl" / "models")
        if folder.is_dir()
        for path in folder.iterdir()
        if path.suffix.lower() in (".pkl", ".npz") and path.name.lower().startswith(heads)
    )
    if not found:
        raise ConfigError(
            f'There is no {gender} SMPL model in "{place}"; it should hold SMPL_{gender.upper()}.pkl or .npz.'
        )
    return found[-1]


def read_model(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of a model by the KEYS. Raises ConfigError if it is none."""
    try:
        with path.open("rb") as file:
            if path.suffix.lower() == ".npz":
                with np.load(file, allow_pickle=False) as stored:
                    raw: Any = {key: stored[key] for key in KEYS if key in stored}
            else:
                raw = _Arrays(file, encoding="latin1").load()
    except FileNotFoundError as error:
        raise ConfigError(f'There is no file "{path}".') from error
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, pickle.UnpicklingError) as error:
        raise ConfigError(f'"{path}" is no SMPL model ({error}).') from error
    except Exception as error:  # a broken pickle can fail in any way
        raise ConfigError(f'"{path}" is no SMPL model that can be read; download it again.') from error
    missing = [key for key in KEYS if key not in raw] if isinstance(raw, dict) else list(KEYS)
    if missing:
        raise ConfigError(f'"{path}" is no SMPL model: it lacks {", ".join(missing)}.')
    model = {key: _array(raw[key], path) for key in KEYS}
    _check(model, path)
    return model


def _array(value: Any, path: Path) -> npt.NDArray[Any]:
    if isinstance(value, _Sparse):
        return _dense(value)
    if isinstance(value, _Kept):
        value = getattr(value, "x", None)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
        raise ConfigError(
            f'"{path}" holds objects of chumpy that cannot be read; clean it with the tools of smplx first.'
        )
    return value


def _dense(sparse: _Sparse) -> npt.NDArray[Any]:
    kept = sparse.__dict__
    rows, columns = kept.get("_shape") or kept["shape"]
    dense = np.zeros((rows, columns))
    place = np.repeat(np.arange(columns), np.diff(kept["indptr"]))
    np.add.at(dense, (kept["indices"], place), kept["data"])
    return dense


def _check(model: dict[str, npt.NDArray[Any]], path: Path) -> None:
    """Raises ConfigError unless everything fits together."""
    count = len(model["v_template"])
    if model["J_regressor"].shape[0] != JOINTS:
        raise ConfigError(
            f'"{path}" has {model["J_regressor"].shape[0]} joints; only SMPL itself, with 24, can be drawn.'
        )
    shapes = {
        "v_template": (count, 3),
        "J_regressor": (JOINTS, count),
        "weights": (count, JOINTS),
        "kintree_table": (2, JOINTS),
    }
    fits = all(model[key].shape == shape for key, shape in shapes.items())
    fits = fits and model["shapedirs"].ndim == 3 and model["shapedirs"].shape[:2] == (count, 3)
    fits = (
        fits and model["f"].ndim == 2 and model["f"].shape[1] == 3 and 0 <= model["f"].min() <= model["f"].max() < count
    )
    finite = all(np.isfinite(model[key]).all() for key in KEYS)
    if not fits or not finite:
        raise ConfigError(f'"{path}" is a damaged SMPL model; download it again.')
