"""The end of the log file, read again whenever it has grown."""

import os
from pathlib import Path

LINES = 200
_BYTES = 64_000


class LogTail:
    """`lines` are the last ones, `trouble` says why there are none. Call `read` only while they are looked at."""

    def __init__(self) -> None:
        self.lines: tuple[str, ...] = ()
        self.trouble = ""
        self.revision = 0
        self._seen: tuple[Path, int, int] | None = None

    def read(self, path: Path) -> None:
        """Look whether there is something new. The empty path: no show has said yet where its log is."""
        if path == Path():
            self._tell((), "No show has said yet where its log is.")
            return
        try:
            status = path.stat()
            seen = (path, status.st_size, status.st_mtime_ns)
            if seen == self._seen:
                return
            with path.open("rb") as file:
                file.seek(max(status.st_size - _BYTES, 0), os.SEEK_SET)
                text = file.read().decode("utf-8", "replace")
        except OSError as error:
            self._tell((), f"The log cannot be read ({error.strerror}): {path}")
            self._seen = None
            return
        lines = text.splitlines()[1 if status.st_size > _BYTES else 0 :]
        self._seen = seen
        self._tell(tuple(lines[-LINES:]), "")

    def _tell(self, lines: tuple[str, ...], trouble: str) -> None:
        if (lines, trouble) != (self.lines, self.trouble):
            self.lines, self.trouble = lines, trouble
            self.revision += 1
