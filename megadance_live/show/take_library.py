"""The takes of a show: which there are, how much more fits on the disk, and their export in the background."""

import shutil
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from megadance_live.remote.snapshot import TakesView
from megadance_live.show.take_exports import TakeExports
from megadance_live.show.take_folder import TakeFolder

WATCH_S = 1.0
FREE_S = 3.0
FREE_STEP_BYTES = 10_000_000
"""What is left is told in such steps, so that surfaces are not told anew with every block that is recorded."""


class TakeLibrary:
    """Any thread may call; the disk is touched by threads of the library's own. Nothing here raises."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._view = TakesView(folder=folder)
        self._touched: set[str] = set()
        self._wake = threading.Event()
        self._ending = False
        self._exports = TakeExports(self._worked_on)
        self._watcher = threading.Thread(target=self._watch, name="takes", daemon=True)

    def start(self) -> None:
        """Begin to watch the folder."""
        self._watcher.start()
        self._exports.start()

    def view(self) -> TakesView:
        """What was there when it was looked last."""
        return replace(self._view, exports=self._exports.view())

    def look(self) -> None:
        """Read the folder again, soon."""
        self._wake.set()

    def move(self, folder: Path) -> None:
        """Takes lie in another folder from now on."""
        self._folder = folder
        self._wake.set()

    def export(self, take: str, formats: Sequence[str]) -> None:
        """Write the finished take of that name in more formats; how it goes stands in the view."""
        self._exports.export(self._folder / Path(take).name, formats)

    def recover(self) -> None:
        """Finish the takes that were cut off; each stands in the view as an export without formats."""
        for take in self._view.takes:
            if not take.finished:
                self._exports.finish(take.folder, take.name)

    def close(self) -> None:
        """End every export; a take is then as it was before."""
        self._exports.close()
        self._ending = True
        self._wake.set()
        if self._watcher.is_alive():
            self._watcher.join()

    def _worked_on(self, folder: Path) -> None:
        """In the thread of the exports."""
        self._touched.add(folder.name)
        self._wake.set()

    def _watch(self) -> None:
        takes = TakeFolder(self._folder)
        changed_ns, free_s, asked = -1, 0.0, True
        while not self._ending:
            if self._folder != takes.path:
                takes = TakeFolder(self._folder)
            while self._touched:
                takes.forget(self._touched.pop())
            now_ns = takes.changed_ns()
            if asked or takes.unsettled or now_ns != changed_ns:
                changed_ns = now_ns
                self._view = replace(self._view, folder=takes.path, takes=takes.read())
            if asked or time.monotonic() >= free_s:
                self._view = replace(self._view, free_bytes=_free_bytes(takes.path))
                free_s = time.monotonic() + FREE_S
            asked = self._wake.wait(WATCH_S)
            self._wake.clear()


def _free_bytes(folder: Path) -> int:
    """On the disk of the folder, or of where it will be made; 0 where that cannot be asked."""
    for place in (folder, *folder.absolute().parents):
        try:
            return shutil.disk_usage(place).free // FREE_STEP_BYTES * FREE_STEP_BYTES
        except FileNotFoundError:
            continue
        except OSError:
            return 0
    return 0
