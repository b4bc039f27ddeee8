"""A show and its surfaces: what is told, what is asked, who is let in, and who may die."""

import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Client
from pathlib import Path

import pytest

from megadance_live.core.command import Command
from megadance_live.core.errors import RemoteError
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.remote.client import ShowClient
from megadance_live.remote.pose_ring import PoseRing
from megadance_live.remote.rendezvous import Rendezvous, answers, publish, rendezvous_folder, running_shows
from megadance_live.remote.requests import EndShow, Request, Say
from megadance_live.remote.scope import ScopeRecord
from megadance_live.remote.server import ShowServer
from megadance_live.remote.snapshot import EngineView, Snapshot
from megadance_live.remote.stage_view import StageView
from megadance_live.remote.wire import Welcome

DEADLINE_S = 20.0


class FakeShow:
    """The server's side, without a show."""

    def __init__(self) -> None:
        self.view, self.board, self.scope, self.ghost = StageView(), StatusBoard(), ScopeRecord(), PoseRing()
        self.now = Snapshot()
        self.asked: queue.Queue[Request] = queue.Queue()
        welcome = Welcome(self.view.names, self.board.name, self.scope.name, self.ghost.name)
        self.server = ShowServer(welcome, lambda: self.now, self.asked.put)
        self.server.start()
        self.rendezvous = Rendezvous(1, self.server.address, self.server.key)

    def close(self) -> None:
        self.server.close()
        for memory in (self.view, self.board, self.scope, self.ghost):
            memory.close()


@pytest.fixture
def show() -> Iterator[FakeShow]:
    before = threading.active_count()
    opened = FakeShow()
    yield opened
    opened.close()
    until(lambda: threading.active_count() == before)


def until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline_s, "it did not happen"
        time.sleep(0.005)


def test_a_surface_sees_how_things_stand_and_what_changes(show: FakeShow) -> None:
    show.now = Snapshot(engine=EngineView(phase="dancing", experts=("house",)))
    client = ShowClient(show.rendezvous)
    until(lambda: client.view().snapshot.engine.phase == "dancing")
    show.now = replace(show.now, pattern="t_pose")
    until(lambda: client.view().snapshot.pattern == "t_pose")
    assert client.view().snapshot == show.now
    show.board.write(Status(level=0.5, written_s=1.0))
    assert client.view().status.level == 0.5
    client.close()


def test_what_a_surface_asks_arrives_with_its_time(show: FakeShow) -> None:
    client = ShowClient(show.rendezvous)
    before_s = time.monotonic()
    client.say("expert", "house")
    client.ask(EndShow())
    said = show.asked.get(timeout=DEADLINE_S)
    assert isinstance(said, Say)
    assert said.command == Command("expert", "house")
    assert before_s <= said.host_time_s <= time.monotonic()
    assert show.asked.get(timeout=DEADLINE_S) == EndShow()
    client.close()


def test_a_surface_knows_whether_the_show_has_ended_or_has_gone(show: FakeShow) -> None:
    client = ShowClient(show.rendezvous)
    assert client.view().connected
    show.server.close()
    until(lambda: not client.view().connected)
    assert client.view().ended
    client.close()


def test_a_surface_that_goes_disturbs_no_other(show: FakeShow) -> None:
    first, second = ShowClient(show.rendezvous), ShowClient(show.rendezvous)
    until(lambda: show.server.surfaces == 2)
    first.close()
    show.now = replace(show.now, scene="drop")
    until(lambda: second.view().snapshot.scene == "drop")
    until(lambda: show.server.surfaces == 1)
    second.close()


def test_a_surface_that_reads_or_says_nothing_holds_up_nobody(show: FakeShow) -> None:
    deaf = Client(show.rendezvous.address)
    deaf.send_bytes(bytes.fromhex(show.rendezvous.key))
    mute = Client(show.rendezvous.address)
    client = ShowClient(show.rendezvous)
    for number in range(60):
        show.now = replace(show.now, monitor=(secrets.token_bytes(60_000),), scene=str(number))
        until(lambda number=number: client.view().snapshot.scene == str(number))  # type: ignore[misc]
    deaf.close()
    mute.close()
    client.close()


def test_nobody_is_let_in_without_the_key(show: FakeShow) -> None:
    with pytest.raises(RemoteError, match="cannot be reached"):
        ShowClient(replace(show.rendezvous, key="00" * 32))
    client = ShowClient(show.rendezvous)
    assert client.view().connected
    client.close()


def test_a_show_of_another_version_is_refused() -> None:
    show = FakeShow()
    show.server._welcome = replace(show.server._welcome, version="0.0.0")
    with pytest.raises(RemoteError, match="another version"):
        ShowClient(show.rendezvous)
    show.close()


def test_running_shows_are_found_and_dead_ones_forgotten(
    a_home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("psutil.pid_exists", lambda pid: pid != 2)
    path = publish(Rendezvous(3, "somewhere", "00"))
    publish(Rendezvous(2, "elsewhere", "00"))
    (rendezvous_folder() / "4.show.json").write_text("{broken")
    assert [each.pid for each in running_shows()] == [3]
    assert path.stat().st_mode & 0o777 == 0o600
    assert not (rendezvous_folder() / "2.show.json").exists()
    assert a_home_of_its_own in path.parents


def test_a_number_that_went_to_another_process_is_no_running_show(show: FakeShow, tmp_path: Path) -> None:
    assert answers(show.rendezvous)
    assert not answers(replace(show.rendezvous, address=str(tmp_path / "nobody")))
    assert not answers(replace(show.rendezvous, address="?"))
    client = ShowClient(show.rendezvous)
    assert client.view().connected
    client.close()
