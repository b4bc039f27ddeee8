"""Numpy archives of others, read with one clear sentence for each thing that may be wrong with them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import DataError


@contextmanager
def archive(path: Path) -> Iterator["Archive"]:
    """An npz, its arrays read when asked for. Pickled objects are never read."""
    with path.open("rb") as file:
        try:
            loaded = np.load(file, allow_pickle=False)
        except (ValueError, EOFError, BadZipFile) as error:
            raise DataError("it is not an npz archive") from error
        if not isinstance(loaded, np.lib.npyio.NpzFile):
            raise DataError("it is not an npz archive")
        with loaded:
            yield Archive(loaded)


class Archive:
    """Arrays by name."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def __contains__(self, name: str) -> bool:
        return name in self._file.files

    def numbers(self, name: str) -> npt.NDArray[np.float64]:
        """An array of numbers. Raises DataError where it is missing, or holds anything else."""
        if name not in self:
            raise DataError(f"it holds no {name}")
        try:
            return np.asarray(self._file[name], np.float64)
        except (ValueError, TypeError, BadZipFile, EOFError) as error:
            raise DataError(f"its {name} are not numbers that can be read") from error

    def number(self, name: str) -> float:
        """A single number."""
        numbers = self.numbers(name)
        if numbers.size != 1:
            raise DataError(f"its {name} is not one number")
        return float(numbers.reshape(-1)[0])
