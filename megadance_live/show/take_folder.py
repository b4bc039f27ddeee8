"""What a folder of takes holds, from the sidecars alone."""

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from megadance_live.core.errors import TakeError
from megadance_live.output.take.files import PARTIAL_SUFFIX, is_being_written
from megadance_live.output.take.finished import open_take
from megadance_live.output.take.spool import META_FILE, read_info, spooled_length_s
from megadance_live.remote.snapshot import TakeView

SETTLED_S = 15.0
"""Between the last pose of a take and the process that finishes it nobody holds it."""


@dataclass(frozen=True)
class _Read:
    """`changed_ns` is when the folder of the take was changed last; `take` None: it is none."""

    changed_ns: int
    take: TakeView | None
    begun_s: float = 0.0


class TakeFolder:
    """Reads a folder again and again, and of each take only what has changed since."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known: dict[str, _Read] = {}
        self.unsettled = False
        """There are takes that are not finished: they may change although the folder does not."""

    def changed_ns(self) -> int:
        """Another number whenever a take has come or gone; 0 where there is no folder."""
        try:
            return self.path.stat().st_mtime_ns
        except OSError:
            return 0

    def forget(self, take: str) -> None:
        """Read it anew next time."""
        self._known.pop(take, None)

    def read(self) -> tuple[TakeView, ...]:
        """Newest first. What cannot be read, or is no take, is passed over."""
        found: dict[str, _Read] = {}
        self.unsettled = False
        for folder in self._folders():
            with suppress(OSError):
                found[folder.name] = self._read(folder)
        self._known = found
        takes = [(read.begun_s, read.take) for read in found.values() if read.take is not None]
        return tuple(take for _, take in sorted(takes, key=lambda entry: (entry[0], entry[1].name), reverse=True))

    def _folders(self) -> list[Path]:
        try:
            return [entry for entry in self.path.iterdir() if entry.is_dir()]
        except OSError:
            return []

    def _read(self, folder: Path) -> _Read:
        changed_ns = folder.stat().st_mtime_ns
        if folder.name.endswith(PARTIAL_SUFFIX):
            self.unsettled = True
            return _interrupted(folder, changed_ns)
        known = self._known.get(folder.name)
        return known if known is not None and known.changed_ns == changed_ns else _finished(folder, changed_ns)


def _finished(folder: Path, changed_ns: int) -> _Read:
    take = open_take(folder)
    if take is None:
        return _Read(changed_ns, None)
    described = take.described or {}
    started, markers = described.get("started"), described.get("markers")
    view = TakeView(
        name=folder.name,
        folder=folder,
        length_s=take.length_s,
        size_bytes=_size_bytes(folder),
        started=started if isinstance(started, str) else "",
        markers=len(markers) if isinstance(markers, list) else 0,
        formats=take.formats,
    )
    return _Read(changed_ns, view, _begun_s(view.started, changed_ns))


def _interrupted(folder: Path, changed_ns: int) -> _Read:
    """A take that is being written, or was until a moment ago and is about to be finished, is none yet."""
    try:
        info = read_info(folder / META_FILE)
    except TakeError:
        return _Read(changed_ns, None)
    if is_being_written(folder) or time.time() - _touched_s(folder) < SETTLED_S:
        return _Read(changed_ns, None)
    length_s = 0.0
    with suppress(FileNotFoundError):
        length_s = spooled_length_s(folder)
    view = TakeView(
        name=folder.name.removesuffix(PARTIAL_SUFFIX),
        folder=folder,
        length_s=length_s,
        size_bytes=_size_bytes(folder),
        started=info.started,
        finished=False,
    )
    return _Read(changed_ns, view, _begun_s(view.started, changed_ns))


def _touched_s(folder: Path) -> float:
    """When anything in it was written last, in wall-clock time."""
    return max((entry.stat().st_mtime for entry in folder.iterdir()), default=0.0)


def _size_bytes(folder: Path) -> int:
    return sum(entry.stat().st_size for entry in folder.iterdir() if entry.is_file())


def _begun_s(started: str, changed_ns: int) -> float:
    """By the stamp of the take; a rendering has none, and came when its folder did."""
    try:
        return datetime.fromisoformat(started).timestamp()
    except ValueError:
        return changed_ns / 1e9
