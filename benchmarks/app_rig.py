"""A virtual screen, and the whole of `megadance-live` on it: for pictures and for measuring the app as users start it.

Nothing of the user's is touched: presets, takes, log and window are those of a folder that is removed afterwards.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from gui.milestones import PATTERN
from megadance_live.core.errors import MegaDanceError

REPOSITORY = Path(__file__).resolve().parents[1]
POLL_S = 0.02
PATIENCE_S = 60.0
END_S = 60.0


class RigError(MegaDanceError):
    """The machine lacks something, or the app did not do what it must."""


def needed(program: str, package: str) -> str:
    """Path of a program of this machine. Raises RigError, one sentence, if there is none."""
    path = shutil.which(program)
    if path is None:
        raise RigError(f"{program} is not installed; on Debian and Ubuntu: apt-get install {package}")
    return path


@contextmanager
def virtual_screen(width: int, height: int, *, managed: bool = False) -> Iterator[str]:
    """A screen of that size that nobody sees, in DISPLAY meanwhile; `managed`: with a window manager (openbox).

    Raises RigError.
    """
    server = needed("Xvfb", "xvfb")
    manager = needed("openbox", "openbox") if managed else ""
    read, write = os.pipe()
    command = [server, "-displayfd", str(write), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset"]
    screen = subprocess.Popen(command, pass_fds=(write,), stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    before = os.environ.get("DISPLAY")
    window_manager: subprocess.Popen[bytes] | None = None
    try:
        with os.fdopen(read) as answer:
            number = answer.readline().strip()
        if not number:
            raise RigError("Xvfb does not start; run it by hand to see why.")
        os.environ["DISPLAY"] = f":{number}"
        if manager:
            window_manager = subprocess.Popen(
                [manager], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        yield f":{number}"
    finally:
        if before is None:
            os.environ.pop("DISPLAY", None)
        else:
            os.environ["DISPLAY"] = before
        for process in (window_manager, screen):
            if process is not None:
                process.terminate()
                process.wait()


@dataclass(frozen=True)
class Processes:
    """Of a show with its app."""

    show: psutil.Process
    engine: psutil.Process | None
    app: psutil.Process | None

    def named(self) -> dict[str, psutil.Process]:
        """Those that there are."""
        found = {"show": self.show, "engine": self.engine, "app": self.app}
        return {name: process for name, process in found.items() if process is not None}


class RunningShow:
    """`megadance-live app --new`, from `begun_s` on (host time), with everything it writes in `home`."""

    def __init__(self, home: Path, *options: str, app: bool = True) -> None:
        """Without `app` the show runs alone, as `megadance-live run`."""
        self.home = home
        self.environment = {**os.environ, **homes(home)}
        self._out = (home / "stdout.txt").open("wb")
        self._err = (home / "stderr.txt").open("wb")
        command = ["app", "--new"] if app else ["run"]
        self.begun_s = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "megadance_live.cli", *command, *options],
            cwd=home,
            env={**self.environment, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=self._err,
        )

    @property
    def log(self) -> str:
        """What has been logged so far."""
        path = self.home / "state" / "megadance-live" / "log" / "megadance-live.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def stderr(self) -> str:
        """What the user would have read as an error."""
        return (self.home / "stderr.txt").read_text(encoding="utf-8", errors="replace")

    def milestones_s(self) -> dict[str, float]:
        """How long the app took to each milestone that it has reached."""
        return {m["name"]: float(m["host_time_s"]) - self.begun_s for m in re.finditer(PATTERN, self.log)}

    def reach(self, milestone: str, patience_s: float = PATIENCE_S) -> float:
        """Wait for a milestone; how long it took since the start. Raises RigError if it does not come."""
        self.wait_for(lambda: milestone in self.milestones_s(), f"'{milestone}'", patience_s)
        return self.milestones_s()[milestone]

    def wait_for(self, done: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
        """Until it is `done`. Raises RigError if that does not come, or the show ends first."""
        deadline = time.monotonic() + patience_s
        while not done():
            if self.process.poll() is not None:
                raise RigError(f"The show ended before {what} came: {self.stderr.strip() or self.log[-2000:]}")
            if time.monotonic() > deadline:
                raise RigError(f"{what} did not come within {patience_s:.0f} s; the log ends: {self.log[-2000:]}")
            time.sleep(POLL_S)

    def processes(self) -> Processes:
        """Those that run now."""
        show = psutil.Process(self.process.pid)
        engine = app = None
        for child in show.children():
            words = child.cmdline()
            if "gui" in words:
                app = child
            elif any("spawn_main" in word for word in words):
                engine = child
        return Processes(show, engine, app)

    def stop(self) -> int:
        """End it as Ctrl-C does; the exit code."""
        self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.kill()
            return self.process.wait()

    def kill(self) -> None:
        """End it, and whatever it has left."""
        if self.process.poll() is None:
            for child in psutil.Process(self.process.pid).children(recursive=True):
                child.kill()
            self.process.kill()
            self.process.wait()
        self._out.close()
        self._err.close()


@contextmanager
def running_show(*options: str, app: bool = True, first_steps: bool = False, preset: str = "") -> Iterator[RunningShow]:
    """A show that is ended afterwards. `preset` is written to only.toml, for options that name it."""
    with tempfile.TemporaryDirectory(prefix="megadance-live-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "only.toml").write_text(preset, encoding="utf-8")
        if not first_steps:
            state = home / "state" / "megadance-live"
            state.mkdir(parents=True)
            (state / "app.json").write_text('{"first_steps": false}', encoding="utf-8")
        show = RunningShow(home, *options, app=app)
        try:
            yield show
            if show.process.poll() is None:
                show.stop()
        finally:
            show.kill()


def homes(home: Path) -> dict[str, str]:
    """Environment in which everything of the user's lies in that folder."""
    names = ("state", "config", "data")
    return {f"XDG_{name.upper()}_HOME": str(home / name) for name in names}


def size(text: str) -> tuple[int, int]:
    """Of the form 1920x1080."""
    found = re.fullmatch(r"(\d+)x(\d+)", text.lower())
    if found is None:
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form WIDTHxHEIGHT, for instance 1920x1080")
    return int(found[1]), int(found[2])


def load_average() -> tuple[float, ...]:
    """Of the last 1, 5 and 15 minutes."""
    return tuple(round(x, 2) for x in psutil.getloadavg())


def told(main: Callable[[], None]) -> None:
    """Run a benchmark; what the user can mend is one sentence. One that is ended takes its screen and show with it."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        main()
    except MegaDanceError as error:
        sys.exit(str(error))
