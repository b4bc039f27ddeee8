"""Names, whole-or-nothing writing, and the mark that a take is still being recorded."""

import errno
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PARTIAL_SUFFIX = ".take.partial"
"""A folder of this name holds a take that is running or was cut off."""

LOCK_FILE = "lock"
PATIENCE_S = 0.1
"""Whoever only asks whether a take is being written holds its lock for much less."""
_HELD = (errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK)
_NUMBERED = re.compile(r"take-(\d+)")


def safe_name(name: str) -> str:
    """`name` with whatever a file system might refuse replaced by '-'; at most 100 characters."""
    kept = re.sub(r"[^\w .()+-]+", "-", name)[:100].strip(" .")
    return kept or "take"


def _taken(folder: Path, name: str) -> bool:
    return (folder / name).exists() or (folder / (name + PARTIAL_SUFFIX)).exists()


def free_name(folder: Path, name: str) -> str:
    """`name`, or `name-2`, `name-3` ... where takes of that name exist already."""
    candidate, n = name, 1
    while _taken(folder, candidate):
        n += 1
        candidate = f"{name}-{n}"
    return candidate


def next_name(folder: Path) -> str:
    """take-001, or one more than the highest number in the folder."""
    numbers = [int(m.group(1)) for entry in folder.iterdir() if (m := _NUMBERED.match(entry.name))]
    return f"take-{max(numbers, default=0) + 1:03d}"


def claim(folder: Path, name: str | None, suffix: str = "") -> Path:
    """Make the folder of a new take and return it; None numbers the take, and adds `suffix`. An existing take is never
    touched.

    Raises OSError where nothing can be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        chosen = next_name(folder) + suffix if name is None else free_name(folder, safe_name(name))
        partial = folder / (chosen + PARTIAL_SUFFIX)
        try:
            partial.mkdir()
        except FileExistsError:
            continue  # another recorder was quicker
        return partial


def temporary_of(path: Path) -> Path:
    """Where a file is written before it takes its place."""
    return path.with_name(path.name + ".tmp")


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`; it takes its place once the block has ended well, else nothing is left."""
    temporary = temporary_of(path)
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


class TakeLock:
    """Held while a take is recorded or finished; the system lets go of it when the process dies."""

    def __init__(self, partial: Path, patience_s: float = PATIENCE_S) -> None:
        """Raises BlockingIOError where another process holds it for longer than `patience_s`, other OSErrors where the
        folder cannot be written."""
        self._file = (partial / LOCK_FILE).open("ab")
        deadline_s = time.monotonic() + patience_s
        while not self._taken(last=time.monotonic() >= deadline_s):
            time.sleep(PATIENCE_S / 10)

    def _taken(self, *, last: bool) -> bool:
        """True once it is held, False if it should be tried again; raises BlockingIOError at the `last` try."""
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD:
                if not last:
                    return False
                self._file.close()
                raise BlockingIOError(*error.args) from error
            # Some network drives know no locks: the take goes without.
        return True

    def release(self) -> None:
        self._file.close()


def is_being_written(partial: Path) -> bool:
    """Whether some process records or finishes that take now. Raises OSError where that cannot be asked."""
    if not (partial / LOCK_FILE).exists():
        return False
    try:
        TakeLock(partial, patience_s=0).release()
    except BlockingIOError:
        return True
    return False
