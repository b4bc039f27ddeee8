"""A file that only grows, by whole records."""

import errno
import os
from pathlib import Path


class AppendFile:
    """Every record goes straight to the system, so that nothing is lost when the process is killed.

    A record that does not fit is taken back, so that the file always ends with a whole one.
    """

    def __init__(self, path: Path) -> None:
        """Makes the file, which must not exist; raises OSError."""
        self._file = path.open("xb", buffering=0)
        self._size = 0

    @property
    def size(self) -> int:
        """Bytes stored."""
        return self._size

    def append(self, record: bytes) -> None:
        """Raises OSError where it does not fit whole."""
        rest = memoryview(record)
        try:
            while rest:
                written = self._file.write(rest)
                if not written:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                rest = rest[written:]
        except OSError:
            self._file.truncate(self._size)
            raise
        self._size += len(record)

    def sync(self) -> None:
        """Have the system write it to the disk itself; raises OSError."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
