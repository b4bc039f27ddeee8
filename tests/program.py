"""`megadance-live` as a user starts it: processes of its own, in a folder of its own."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from megadance_live.remote.client import ShowClient
from megadance_live.remote.rendezvous import Rendezvous
from tests.patience import until

REPOSITORY = Path(__file__).resolve().parents[1]
NAME = "megadance-live"


def folders(home: Path) -> dict[str, str]:
    """Environment variables by which settings and state lie beneath `home`."""
    return {"XDG_CONFIG_HOME": str(home / "config"), "XDG_STATE_HOME": str(home / "state")}


class Program:
    """Started when made; whoever makes it closes it, which ends all the processes that it has started."""

    def __init__(self, home: Path, *arguments: object, **environment: str) -> None:
        """It works in `home`, where others may, too. `environment` changes that of the tests."""
        self.home = home
        number = len(list(home.glob("stdout.*.txt")))
        self._out, self._err = home / f"stdout.{number}.txt", home / f"stderr.{number}.txt"
        surroundings = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(REPOSITORY), **folders(home)}
        with self._out.open("w") as out, self._err.open("w") as err:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "megadance_live.cli", *map(str, arguments)],
                cwd=home,
                env={**surroundings, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def said(self) -> str:
        return self._out.read_text()

    @property
    def complained(self) -> str:
        return self._err.read_text()

    @property
    def log(self) -> str:
        """Of all the programs of this home."""
        log = self.home / "state" / NAME / "log" / f"{NAME}.log"
        return log.read_text() if log.exists() else ""

    def rendezvous(self) -> list[Rendezvous]:
        """Of the shows of this home."""
        found = (self.home / "state" / NAME / "running").glob("*.show.json")
        return [Rendezvous(**json.loads(path.read_text())) for path in found]

    def client(self) -> ShowClient:
        """A surface of the show, which has begun by then."""
        until(lambda: self.rendezvous() or self.process.poll() is not None, self._account)
        found = self.rendezvous()
        assert found, self._account()
        return ShowClient(found[0])

    def ended(self) -> int:
        """Its exit status, once it has ended by itself."""
        until(lambda: self.process.poll() is not None, self._account)
        return int(self.process.returncode)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(20)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _account(self) -> str:
        return f"{self.said}\n{self.complained}\n{self.log[-2000:]}"
