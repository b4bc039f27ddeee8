"""Opens the app beside a show, in a process of its own, and opens it again when it crashes."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Literal

import psutil

AppState = Literal["open", "closed", "failed"]

POLL_S = 0.1
CRASHES = 3
"""An app that crashes more often than this within a minute stays closed."""
WITHIN_S = 60.0
_BEHIND: int = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 10)
"""The dance and its way out come first: where there is no graphics card, drawing would take every core it can have.
For the same reason Mesa's drawing in software (LP_NUM_THREADS) gets half of the cores."""
END_S = 5.0
"""How long an app that is told to end may take."""


class AppKeeper:
    """`state` says how it stands: "closed" when the performer has closed it, "failed" when it cannot be kept open.

    `command` starts an app; `connected` says whether a surface has reached the show. An app that ends with an error
    before any has cannot open a window here, and is not tried again.
    """

    def __init__(self, command: Sequence[str], connected: Callable[[], bool]) -> None:
        """Starts the app at once: its window is there while the show is still being set up. Until it has reached the
        show it may be as quick as that, for nobody dances yet."""
        self._command = list(command)
        self._connected = connected
        self._was_connected = False
        self._crashes_s: list[float] = []
        self._ending = threading.Event()
        self._process = open_app(self._command, behind=False)
        self._behind = False
        self.state: AppState = "open"
        self.exit_code: int | None = None
        self._thread = threading.Thread(target=self._keep, name="app-keeper", daemon=True)
        self._thread.start()

    @property
    def never_opened(self) -> bool:
        """It has failed before it could reach the show: there is no screen, or no Qt."""
        return self.state == "failed" and not self._was_connected

    def stop(self, *, failed: bool = False) -> None:
        """End the app. One that has reached the show knows by now that it has ended, and closes by itself; where the
        show has `failed` it stays, so that the performer can read why."""
        self._ending.set()
        self._thread.join()
        if failed and self._was_connected:
            return
        if not self._was_connected:
            self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _keep(self) -> None:
        while not self._ending.wait(POLL_S):
            self._was_connected = self._was_connected or self._connected()
            code = self._process.poll()
            if code is None:
                if self._was_connected and not self._behind:
                    self._behind = True
                    stand_behind(self._process.pid)
                continue
            self.exit_code = code
            if code == 0:
                self.state = "closed"
                return
            now_s = time.monotonic()
            self._crashes_s = [then_s for then_s in self._crashes_s if then_s > now_s - WITHIN_S] + [now_s]
            if not self._was_connected or len(self._crashes_s) > CRASHES:
                self.state = "failed"
                return
            try:
                self._process = open_app(self._command)
            except OSError:  # no memory, no processes left
                self.state = "failed"
                return


def app_command(pid: int, *options: str) -> list[str]:
    """What starts an app for the show of that process."""
    return [sys.executable, "-m", "gui", "--show", str(pid), *options]


def open_app(command: Sequence[str], *, behind: bool = True) -> "subprocess.Popen[bytes]":
    """Start an app that uses little, and stands `behind` the show from the start, or is to do so later."""
    environment = {**os.environ}
    environment.setdefault("LP_NUM_THREADS", str(max(1, (os.cpu_count() or 2) // 2)))
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment)
    if behind:
        stand_behind(process.pid)
    return process


def stand_behind(pid: int) -> None:
    """Lower the priority of an app, with all of its threads."""
    with suppress(psutil.Error, OSError):
        process = psutil.Process(pid)
        process.nice(_BEHIND)
        if sys.platform == "linux":  # where each thread has one of its own
            for thread in process.threads():
                os.setpriority(os.PRIO_PROCESS, thread.id, _BEHIND)
