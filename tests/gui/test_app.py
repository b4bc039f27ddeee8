"""The app as a process of its own, beside what a surface sees of a show."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.app_state import state_file
from megadance_live.remote.board import StatusBoard
from megadance_live.remote.pose_ring import PoseRing
from megadance_live.remote.rendezvous import Rendezvous, publish
from megadance_live.remote.scope import ScopeRecord
from megadance_live.remote.server import ShowServer
from megadance_live.remote.snapshot import Snapshot
from megadance_live.remote.stage_view import StageView
from megadance_live.remote.wire import Welcome

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_S = 60.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals end processes differently there")


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Starts the app; every one is gone afterwards."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    running: list[subprocess.Popen[str]] = []

    def start(*options: str) -> "subprocess.Popen[str]":
        app = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "gui", *options],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(app)
        return app

    tmp_path.chmod(0o700)
    yield start
    for app in running:
        app.kill()
        app.communicate()


@pytest.fixture
def served(opened: object) -> Iterator[ShowServer]:
    """A show of this process, as far as an app can tell."""
    view, board, scope, ghost = StageView(), StatusBoard(), ScopeRecord(), PoseRing()
    welcome = Welcome(view.names, board.name, scope.name, ghost.name)
    server = ShowServer(welcome, Snapshot, lambda _: None)
    server.start()
    path = publish(Rendezvous(os.getpid(), server.address, server.key))
    yield server
    server.close()
    path.unlink(missing_ok=True)
    for memory in (view, board, scope, ghost):
        memory.close()


def connected(server: ShowServer) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not server.surfaces:
        assert time.monotonic() < deadline, "the app never came"
        time.sleep(0.02)


def said_on_stderr(app: "subprocess.Popen[str]") -> list[str]:
    """Without what Qt's screenless platform says about itself."""
    _, errors = app.communicate(timeout=PATIENCE_S)
    return [line for line in errors.splitlines() if line and "propagateSizeHints" not in line]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_it_in_order_and_without_a_word(
    opened: Callable[..., "subprocess.Popen[str]"], served: ShowServer, number: signal.Signals
) -> None:
    app = opened("--geometry", "1300x740")
    connected(served)
    app.send_signal(number)
    assert said_on_stderr(app) == []
    assert app.returncode == 0
    assert '"width": 1300' in state_file().read_text()


def test_one_that_the_show_opened_goes_when_the_show_says_farewell(
    opened: Callable[..., "subprocess.Popen[str]"], served: ShowServer
) -> None:
    app = opened("--show", str(os.getpid()))
    connected(served)
    served.close()
    assert said_on_stderr(app) == []
    assert app.returncode == 0


def test_an_option_that_makes_no_sense_is_a_sentence(opened: Callable[..., "subprocess.Popen[str]"]) -> None:
    app = opened("--geometry", "large")
    said = said_on_stderr(app)
    assert app.returncode == 2
    assert "'large' is not of the form WIDTHxHEIGHT" in said[-1]
