"""Pickles of plain arrays that every numpy can read, and that can do no harm when they are read."""

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.output.take.files import atomic

Arrays = dict[str, npt.NDArray[Any]]
_PROTOCOL = 4
_KNOWN = {("numpy", "ndarray"): np.ndarray, ("builtins", "bytearray"): bytearray}


class _PlainPickler(pickle.Pickler):
    """Arrays as calls of `numpy.ndarray`, a name that every numpy has.

    numpy's own way names a private module that moved between numpy 1 and 2, so that one cannot read the other's.
    """

    def reducer_override(self, obj: Any) -> Any:
        if isinstance(obj, np.ndarray):
            return np.ndarray, (obj.shape, obj.dtype.str, bytearray(obj.tobytes()))
        return NotImplemented


class _PlainUnpickler(pickle.Unpickler):
    """Knows what `_PlainPickler` names, and nothing else: any other name in a file would be called."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return _KNOWN[module, name]
        except KeyError as error:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed here") from error


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write the pickle in one go; raises OSError. The same arrays give the same bytes."""
    with atomic(path) as temporary, temporary.open("wb") as file:
        _PlainPickler(file, _PROTOCOL).dump(arrays)


def read_arrays(path: Path) -> Arrays:
    """What `write_arrays` wrote. Raises OSError, or anything that a broken pickle may raise."""
    with path.open("rb") as file:
        return dict(_PlainUnpickler(file).load())
