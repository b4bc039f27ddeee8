"""A body that is made by a process of its own, because what makes it is slow and large."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from megadance_live.core.errors import ConfigError

_BEHIND: int = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 10)
"""The dance comes first."""
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows would open a console."""
_END_S = 3.0


class Baking:
    """One command that prints the folder that it has made."""

    def __init__(self, command: Sequence[str]) -> None:
        """Begin. Raises ConfigError where no process can be started."""
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
                creationflags=_NO_WINDOW if sys.platform == "win32" else 0,
            )
        except OSError as error:
            raise ConfigError(f"The body cannot be made here: {error.strerror or error}.") from error
        with suppress(psutil.Error, OSError):
            psutil.Process(self._child.pid).nice(_BEHIND)

    def poll(self) -> Path | None:
        """The folder, None while it is being made. Raises ConfigError, one sentence, where that has failed."""
        if self._child.poll() is None:
            return None
        told, complaint = self._child.communicate()
        lines, complaints = told.strip().splitlines(), complaint.strip().splitlines()
        if self._child.returncode == 0 and lines:
            return Path(lines[-1])
        one_sentence = self._child.returncode == 1 and len(complaints) == 1
        raise ConfigError(complaints[0] if one_sentence else 'The body was not made; "megadance-live body" says why.')

    def close(self) -> None:
        """End it, if it still runs."""
        if self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.communicate(timeout=_END_S)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.communicate()
        for pipe in (self._child.stdout, self._child.stderr):
            if pipe is not None:
                pipe.close()
