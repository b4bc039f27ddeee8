"""Over a real server of a show, but without the show."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from gui.connection import Connection
from megadance_live.core.command import Command
from megadance_live.core.errors import RemoteError
from megadance_live.remote.board import StatusBoard
from megadance_live.remote.client import ShowClient, View
from megadance_live.remote.pose_ring import PoseRing
from megadance_live.remote.rendezvous import Rendezvous
from megadance_live.remote.requests import EndShow, Request, Say
from megadance_live.remote.scope import ScopeRecord
from megadance_live.remote.server import ShowServer
from megadance_live.remote.snapshot import EngineView, Snapshot
from megadance_live.remote.stage_view import StageView
from megadance_live.remote.wire import Welcome

PATIENCE_S = 10.0


class Served:
    """What a surface sees of a show."""

    def __init__(self, pid: int) -> None:
        self._memory = (StageView(), StatusBoard(), ScopeRecord(), PoseRing())
        view, board, scope, ghost = self._memory
        self.asked: list[Request] = []
        self._server = ShowServer(
            Welcome(view.names, board.name, scope.name, ghost.name),
            lambda: Snapshot(engine=EngineView(dancer=f"dancer of {pid}")),
            self.asked.append,
        )
        self._server.start()
        self.rendezvous = Rendezvous(pid, self._server.address, self._server.key)

    def close(self) -> None:
        self._server.close()
        for memory in self._memory:
            memory.close()


class Stage:
    """Shows that come and go, and the connection that looks for them."""

    def __init__(self, cleanup: ExitStack) -> None:
        self._cleanup = cleanup
        self.shows: tuple[Rendezvous, ...] = ()

    def begin(self, pid: int) -> Served:
        show = Served(pid)
        self._cleanup.callback(show.close)
        self.shows = (show.rendezvous, *self.shows)
        return show

    def connect(self, pid: int | None = None, connect: Callable[[Rendezvous], ShowClient] = ShowClient) -> Connection:
        connection = Connection(pid, lambda: self.shows, connect)
        self._cleanup.callback(connection.close)
        return connection


@pytest.fixture
def stage() -> Iterator[Stage]:
    with ExitStack() as cleanup:
        yield Stage(cleanup)


def wait_for(connection: Connection, true: Callable[[View], bool]) -> View:
    deadline = time.monotonic() + PATIENCE_S
    while not true(view := connection.view()):
        assert time.monotonic() < deadline, f"it never came true: {view}"
        time.sleep(0.005)
    return view


def told(view: View) -> bool:
    return view.connected and bool(view.snapshot.engine.dancer)


def test_before_a_show_there_is_an_empty_view_and_commands_go_nowhere(stage: Stage) -> None:
    connection = stage.connect()
    connection.say("tap")
    connection.ask(EndShow())
    assert connection.pose_at(0.0) is None
    assert connection.ghost_at(0.0) is None
    assert not connection.view().connected


def test_a_show_that_comes_later_is_found_and_hears(stage: Stage) -> None:
    connection = stage.connect()
    assert not connection.view().connected
    show = stage.begin(11)
    assert wait_for(connection, told).snapshot.engine.dancer == "dancer of 11"
    connection.say("tap")
    deadline = time.monotonic() + PATIENCE_S
    while not show.asked and time.monotonic() < deadline:
        time.sleep(0.005)
    assert isinstance(show.asked[0], Say)
    assert show.asked[0].command == Command("tap")


def test_it_waits_for_the_show_that_it_was_opened_for(stage: Stage) -> None:
    stage.begin(11)
    connection = stage.connect(22)
    stage.begin(22)
    stage.begin(33)
    assert wait_for(connection, told).snapshot.engine.dancer == "dancer of 22"


def test_after_a_farewell_it_stays_with_what_it_saw_and_finds_the_next_show(stage: Stage) -> None:
    first = stage.begin(11)
    connection = stage.connect(11)
    wait_for(connection, told)
    first.close()
    left = wait_for(connection, lambda view: view.ended and not view.connected)
    assert left.snapshot.engine.dancer == "dancer of 11"
    stage.begin(22)
    assert wait_for(connection, told).snapshot.engine.dancer == "dancer of 22"


def test_why_a_show_cannot_be_reached_is_said(stage: Stage) -> None:
    def refuse(rendezvous: Rendezvous) -> ShowClient:
        raise RemoteError("The running show is of another version.")

    stage.shows = (Rendezvous(11, "nowhere", "00"),)
    connection = stage.connect(connect=refuse)
    wait_for(connection, lambda view: view.snapshot.trouble == "The running show is of another version.")
    stage.shows = ()
    wait_for(connection, lambda view: view.snapshot.trouble == "")


def test_a_handshake_that_takes_its_time_holds_nobody_up(stage: Stage) -> None:
    asked, answer = threading.Event(), threading.Event()

    def slow(rendezvous: Rendezvous) -> ShowClient:
        asked.set()
        answer.wait(PATIENCE_S)
        return ShowClient(rendezvous)

    stage.begin(11)
    connection = stage.connect(connect=slow)
    assert asked.wait(PATIENCE_S)
    assert not connection.view().connected
    answer.set()
    wait_for(connection, told)
