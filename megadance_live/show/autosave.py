"""What a show leaves behind if it is cut off: its document as it was a moment ago, and the mark that it did not end."""

import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from platformdirs import user_state_path

from megadance_live.config.folders import APP_NAME
from megadance_live.config.save import write
from megadance_live.core.errors import ConfigError

AUTOSAVE_S = 1.0
"""How often it is looked whether anything has changed."""
FILE = "autosave.toml"
MARK = "running.json"
CRASHED, UNSAVED = "crashed", "unsaved"
"""What is put aside is called autosave.crashed.toml or autosave.unsaved.toml."""
SAME_START_S = 1.0
"""Two processes of one number that began further apart are not the same."""


def autosave_folder() -> Path:
    """Where the autosave of this user lies."""
    return user_state_path(APP_NAME, appauthor=False)


@dataclass(frozen=True)
class Left:
    """What the last show has left: the text of its autosave ("" for none), and whether it was cut off. `alone` False:
    another show runs now, whose autosave it is."""

    text: str = ""
    cut_off: bool = False
    alone: bool = True


class Autosave:
    """One show's use of the folder, from `claim` to `close`.

    Nothing here raises: `trouble` is a sentence on why nothing is kept, or something could not be; else "".
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.trouble = ""
        self._folder = folder or autosave_folder()
        self._held = False
        self._written = ""
        self._text: Callable[[], str] | None = None
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="autosave", daemon=True)

    @property
    def file(self) -> Path:
        return self._folder / FILE

    def claim(self) -> Left:
        """Mark that a show is running, and say what the last one has left."""
        running, cut_off = self._last()
        if running:
            self.trouble = "Another show is running on this computer; this one is not autosaved."
            return Left(self._read(), alone=False)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            mark = {"pid": os.getpid(), "started_s": psutil.Process().create_time()}
            write(self._folder / MARK, json.dumps(mark))
            self._held = True
        except (OSError, ConfigError) as error:
            self._fail(error)
        return Left(self._read(), cut_off)

    def put_aside(self, reason: str) -> Path | None:
        """Keep what the last show has left; None where there is nothing, or it cannot be."""
        aside = self._aside(reason)
        try:
            self.file.replace(aside)
        except OSError:
            return None
        return aside

    def leave(self, reason: str, text: str) -> None:
        """Keep a text that is no longer performed."""
        if self._held:
            self._try(self._aside(reason), text)

    def start(self, text: Callable[[], str]) -> None:
        """Write what `text` says whenever it says something else; it is called in a thread of its own."""
        if self._held:
            self._text = text
            self._thread.start()

    def close(self) -> None:
        """Write a last time, and take the mark away: the show has ended as it should."""
        if self._thread.is_alive():
            self._ending.set()
            self._thread.join()
            self._write()
        if self._held:
            self._held = False
            with suppress(OSError):
                (self._folder / MARK).unlink(missing_ok=True)

    def _keep(self) -> None:
        self._write()
        while not self._ending.wait(AUTOSAVE_S):
            self._write()

    def _write(self) -> None:
        text = self._text() if self._text is not None else ""
        if text == self._written:
            return
        if self._try(self.file, text):
            self._written = text

    def _try(self, path: Path, text: str) -> bool:
        try:
            write(path, text)
        except ConfigError as error:
            self._fail(error)
            return False
        self.trouble = ""
        return True

    def _aside(self, reason: str) -> Path:
        return self._folder / f"autosave.{reason}.toml"

    def _fail(self, error: Exception) -> None:
        self.trouble = f"The show goes on without autosave: {str(error).rstrip('.')}."

    def _read(self) -> str:
        try:
            return self.file.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def _last(self) -> tuple[bool, bool]:
        """Whether the show of the mark runs now, and whether it was cut off."""
        try:
            mark = json.loads((self._folder / MARK).read_text(encoding="utf-8"))
            started_s = psutil.Process(int(mark["pid"])).create_time()
            running = abs(started_s - float(mark["started_s"])) < SAME_START_S
        except FileNotFoundError:
            return False, False
        except (OSError, ValueError, TypeError, LookupError, psutil.Error):
            return False, True
        return running, not running
