"""One numpy record in shared memory, written by one process and read by others without ever waiting.

A sequence counter (seqlock) is odd while the record is being written. A reader copies the record and takes the copy
only if the counter was even and has not moved; after a few tries it stays with its last good copy. A writer that dies
in the middle therefore costs its readers nothing but news, and the next writer sets the counter right.
"""

import sys
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any

import numpy as np
import numpy.typing as npt

READ_TRIES = 8

_HEADER_BYTES = 64  # signature and sequence, on a cache line of their own
_attaching = threading.Lock()  # `_attach` switches registering off for the whole process


class SharedRecord:
    """A record of one structured dtype. One thread writes, one thread of each process reads."""

    _record: npt.NDArray[Any] | None = None

    def __init__(self, dtype: np.dtype[Any], name: str | None = None) -> None:
        """Create the segment, or attach to the one called `name`. Raises FileNotFoundError when there is none, and
        ValueError when it was laid out by another version."""
        self._creator = name is None
        size = _HEADER_BYTES + dtype.itemsize
        self._memory = _create(size) if name is None else _attach(name)
        signature = zlib.crc32(repr(dtype.descr).encode())
        header: npt.NDArray[np.uint64] = np.ndarray((2,), np.uint64, self._memory.buf)
        if self._creator:
            header[:] = signature, 0
        elif int(header[0]) != signature:
            del header
            self._memory.close()
            raise ValueError(f"the shared memory {name} was laid out by another version of the program")
        self._header: npt.NDArray[np.uint64] | None = header
        self._record = np.ndarray((), dtype, self._memory.buf, _HEADER_BYTES)
        self._bytes: npt.NDArray[np.uint8] | None = np.ndarray(
            (dtype.itemsize,), np.uint8, self._memory.buf, _HEADER_BYTES
        )
        self._copy = np.zeros(dtype.itemsize, np.uint8)
        self._good = np.zeros(dtype.itemsize, np.uint8)
        self._dtype = dtype
        self._good_sequence = -1
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """What another process attaches to."""
        return self._memory.name

    @contextmanager
    def writing(self) -> Iterator[npt.NDArray[Any]]:
        """The record, for writing: `with record.writing() as fields: fields["x"] = 1`."""
        if self._header is None or self._record is None:
            raise ValueError("the shared memory has been closed")
        odd = int(self._header[1]) | 1
        self._header[1] = odd
        self._fence()
        yield self._record
        self._fence()
        self._header[1] = odd + 1

    def read(self) -> tuple[np.void, bool]:
        """The newest whole copy of the record, and whether it is newer than that of the last call. It is valid until
        the next call; zeros while nothing has been written."""
        is_new = self._refresh()
        return self._good.view(self._dtype)[0], is_new

    def _refresh(self) -> bool:
        if self._header is None or self._bytes is None:
            return False
        for _ in range(READ_TRIES):
            before = int(self._header[1])
            if before == self._good_sequence:
                return False
            if before % 2 == 0:
                self._fence()
                np.copyto(self._copy, self._bytes)
                self._fence()
                if int(self._header[1]) == before:
                    self._good, self._copy = self._copy, self._good
                    self._good_sequence = before
                    return True
        return False

    def close(self) -> None:
        """Let go of the segment; its creator also removes it. Copies that were read stay valid."""
        if self._record is None:
            return
        self._header = self._record = self._bytes = None
        self._memory.close()
        if self._creator:
            self._memory.unlink()

    def __del__(self) -> None:
        # SharedMemory lets go of itself, too, but complains while arrays still look into it.
        self.close()

    def _fence(self) -> None:
        """Two turns of a lock order the loads and stores before and after, on processors that would reorder them."""
        for _ in range(2):
            with self._lock:
                pass


def _create(size: int) -> SharedMemory:
    with _attaching:
        return SharedMemory(create=True, size=size)


def _attach(name: str) -> SharedMemory:
    """Attach without registering: before Python 3.13 whoever attaches is also taken for an owner, so that the segment
    would be removed, with a warning of a leak, as soon as one of the processes ends."""
    if sys.version_info >= (3, 13):
        return SharedMemory(name=name, track=False)
    with _attaching:
        register = resource_tracker.register
        try:
            resource_tracker.register = lambda *_: None
            return SharedMemory(name=name)
        finally:
            resource_tracker.register = register
