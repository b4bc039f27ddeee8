"""Pickles of numpy arrays, read without numpy or anything else being called from the file.

A pickle is a program: it names functions, and reading it calls them. Here every name that pickles of arrays use, of
whatever version of numpy, is answered by a stand-in that only puts bytes aside; all other names are refused.
"""

import io
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import DataError

_KINDS = "fiub"


class _Refused(Exception):
    """A name that no pickle of arrays has."""


class _Dtype:
    """Stands in for numpy.dtype: a code like f4, and the byte order that its state brings."""

    def __init__(self, code: Any = "", *_: Any) -> None:
        self._code = str(code)
        self._order = ""

    def __setstate__(self, state: Any) -> None:
        self._order = str(state[1]) if str(state[1]) in "<>" else ""

    def plain(self) -> np.dtype[Any]:
        dtype = np.dtype(self._order + self._code.lstrip("|="))
        if dtype.kind not in _KINDS:
            raise pickle.UnpicklingError(f"an array of {dtype}")
        return dtype


class _Array:
    """Stands in for numpy.ndarray, whether it is called with its bytes or given them as its state."""

    def __init__(self, shape: Any = (), dtype: Any = None, data: Any = b"") -> None:
        self._set(shape, dtype, data, "C")

    def __setstate__(self, state: Any) -> None:
        _, shape, dtype, by_column, data = state
        self._set(shape, dtype, data, "F" if by_column else "C")

    def _set(self, shape: Any, dtype: Any, data: Any, order: str) -> None:
        self._shape, self._dtype, self._order = tuple(shape), dtype, order
        self._data = data.encode("latin-1") if isinstance(data, str) else data

    def plain(self) -> npt.NDArray[Any]:
        kind = self._dtype.plain() if isinstance(self._dtype, _Dtype) else _Dtype(self._dtype).plain()
        if math.prod(self._shape) * kind.itemsize != len(self._data):
            raise pickle.UnpicklingError("an array of another size than it says")
        flat = np.frombuffer(self._data, kind)
        return flat.reshape(self._shape, order="F" if self._order == "F" else "C")


def _reconstruct(*_: Any) -> _Array:
    return _Array()


def _scalar(dtype: Any, data: Any = b"") -> _Array:
    return _Array((), dtype, data)


def _frombuffer(data: Any, dtype: Any, shape: Any, order: Any = "C") -> _Array:
    array = _Array()
    array._set(shape, dtype, bytes(data) if isinstance(data, bytes | bytearray) else b"", str(order))
    return array


def _encode(text: Any, *_: Any) -> bytes:
    return str(text).encode("latin-1")


def _bytes(data: Any = b"", *_: Any) -> bytes:
    return bytes(data) if isinstance(data, bytes | bytearray) else b""


_STAND_INS: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Dtype,
    ("_codecs", "encode"): _encode,
    ("builtins", "bytearray"): _bytes,
    ("builtins", "bytes"): _bytes,
    **{
        (f"numpy.{core}.{module}", name): stand_in
        for core in ("core", "_core")
        for module, name, stand_in in (
            ("multiarray", "_reconstruct", _reconstruct),
            ("multiarray", "scalar", _scalar),
            ("numeric", "_frombuffer", _frombuffer),
        )
    },
}


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        try:
            return _STAND_INS[module, name]
        except KeyError as error:
            raise _Refused(f"{module}.{name}") from error


def read_arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays and plain numbers of a pickled dict, by name; whatever else it holds is left out.

    Raises OSError, and DataError for a file that is broken or asks for anything but arrays.
    """
    data = path.read_bytes()
    try:
        loaded = _Unpickler(io.BytesIO(data), encoding="latin-1").load()
    except _Refused as error:
        raise DataError(
            f"it is not a pickle of plain arrays ({error}), and others may do harm, so it was not opened"
        ) from error
    except Exception as error:  # a broken pickle may raise anything
        raise DataError("it is broken, or not a pickle") from error
    if not isinstance(loaded, dict):
        raise DataError("it does not hold arrays by name")
    try:
        return {str(name): plain for name, value in loaded.items() if (plain := _plain(value)) is not None}
    except (pickle.UnpicklingError, ValueError, TypeError) as error:
        raise DataError(f"it holds {error}") from error


def _plain(value: Any) -> npt.NDArray[Any] | None:
    if isinstance(value, _Array):
        return value.plain()
    return np.asarray(value) if isinstance(value, bool | int | float) else None
