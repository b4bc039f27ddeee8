"""A surface's end of the connection to a running show."""

import queue
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Client
from typing import Any

from megadance_live import __version__
from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.core.errors import RemoteError
from megadance_live.core.output_frame import OutputFrame
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.remote.pose_ring import PoseRing, SeenPose
from megadance_live.remote.rendezvous import Rendezvous
from megadance_live.remote.requests import Request, Say
from megadance_live.remote.scope import Scope, ScopeRecord
from megadance_live.remote.snapshot import Snapshot
from megadance_live.remote.stage_view import StageView
from megadance_live.remote.wire import Changed, Farewell, Welcome

WAITING_REQUESTS = 256
POLL_S = 0.1
WELCOME_S = 5.0
LEAVE_S = 1.0
"""How long a show that hangs may keep a surface from leaving."""


@dataclass(frozen=True)
class View:
    """Everything that a surface can know at host time `now_s`. `connected` False: the show has ended (`ended` True) or
    has gone without a word; the rest is then as it was last seen. `frame` is what receivers are shown."""

    now_s: float = 0.0
    connected: bool = False
    ended: bool = False
    snapshot: Snapshot = field(default_factory=Snapshot)
    status: Status = field(default_factory=Status)
    frame: OutputFrame | None = None
    scope: Scope = field(default_factory=Scope)


class ShowClient:
    """Used by one thread; two more wait on the connection, so that nothing here ever does."""

    def __init__(self, rendezvous: Rendezvous) -> None:
        """Connect. Raises RemoteError, one sentence, if the show cannot be reached."""
        try:
            self._connection = Client(rendezvous.address)
            self._connection.send_bytes(bytes.fromhex(rendezvous.key))
            welcome = self._connection.recv() if self._connection.poll(WELCOME_S) else None
        except (OSError, EOFError, ValueError) as error:
            raise RemoteError(f"The show of process {rendezvous.pid} cannot be reached ({error}).") from error
        if welcome is None:
            self._connection.close()
            raise RemoteError(f"The show of process {rendezvous.pid} does not answer.")
        if not isinstance(welcome, Welcome) or welcome.version != __version__:
            self._connection.close()
            raise RemoteError("The running show is of another version of MegaDance Live; end it and start it again.")
        try:
            self._view = StageView(welcome.view)
            self._board = StatusBoard(welcome.board)
            self._scope = ScopeRecord(welcome.scope)
            self._ghost = PoseRing(welcome.ghost)
        except (OSError, ValueError) as error:
            self._connection.close()
            raise RemoteError(f"The show of process {rendezvous.pid} has just ended ({error}).") from error
        self._snapshot = Snapshot()
        self._connected = True
        self._ended = False
        self._requests: queue.Queue[Request | None] = queue.Queue(WAITING_REQUESTS)
        self._threads = [
            threading.Thread(target=target, name=name, daemon=True)
            for name, target in (("show-reader", self._read), ("show-writer", self._write))
        ]
        for thread in self._threads:
            thread.start()

    def view(self) -> View:
        """How things stand now."""
        return View(
            time.monotonic(),
            self._connected,
            self._ended,
            self._snapshot,
            self._board.read(),
            self._view.read(),
            self._scope.read(),
        )

    def pose_at(self, time_s: float) -> SeenPose | None:
        """What receivers are shown at a host time of the last second; None before the first frame."""
        return self._view.poses.at(time_s)

    def ghost_at(self, time_s: float) -> SeenPose | None:
        """The armed expert's dance, None while nobody is armed."""
        return self._ghost.at(time_s)

    def say(self, name: CommandName, value: CommandValue = None) -> None:
        """Give a command now."""
        self.ask(Say(Command(name, value), time.monotonic()))

    def ask(self, request: Request) -> None:
        """Send a request; one that a show which hangs does not take is lost."""
        with suppress(queue.Full):
            self._requests.put_nowait(request)

    def close(self) -> None:
        """Let go of the show, which goes on."""
        self._connected = False
        with suppress(queue.Full):
            self._requests.put_nowait(None)
        for thread in self._threads:
            thread.join(LEAVE_S)
        self._connection.close()
        for memory in (self._view, self._board, self._scope, self._ghost):
            memory.close()

    def _read(self) -> None:
        with suppress(OSError, EOFError):
            while self._connected:
                if self._connection.poll(POLL_S):
                    self._take(self._connection.recv())
        self._connected = False

    def _take(self, message: Any) -> None:
        match message:
            case Changed():
                self._snapshot = replace(self._snapshot, **message.fields)
            case Farewell():
                self._ended = True

    def _write(self) -> None:
        with suppress(OSError):
            while (request := self._requests.get()) is not None:
                self._connection.send(request)
