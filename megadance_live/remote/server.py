"""The show's end of its surfaces: lets them in, tells them what has changed, hears what they ask."""

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from megadance_live.remote.requests import Request
from megadance_live.remote.snapshot import Snapshot
from megadance_live.remote.wire import Changed, Farewell, Welcome

TELL_S = 0.05
"""How often surfaces are told what has changed."""
LEAVE_S = 1.0
"""How long a surface that hangs may keep others waiting."""
KEY_BYTES = 32


class ShowServer:
    """Runs in threads of its own between `start` and `close`.

    `snapshot` says how things stand, `asked` is called with every request; both in threads of the server, and never by
    two at a time. A surface that hangs or dies costs nobody else anything.
    """

    def __init__(self, welcome: Welcome, snapshot: Callable[[], Snapshot], asked: Callable[[Request], None]) -> None:
        self._welcome = welcome
        self._snapshot = snapshot
        self._asked = asked
        self._key = secrets.token_bytes(KEY_BYTES)
        self._listener = Listener()
        self._ending = threading.Event()
        self._asking = threading.Lock()
        self._telling = threading.Lock()
        self._surfaces: list[_Surface] = []
        self._acceptor = threading.Thread(target=self._accept, name="surfaces", daemon=True)

    @property
    def address(self) -> str:
        return str(self._listener.address)

    @property
    def key(self) -> str:
        """In hex."""
        return self._key.hex()

    @property
    def surfaces(self) -> int:
        """How many are connected."""
        return sum(surface.connected for surface in self._surfaces)

    def start(self) -> None:
        """Let surfaces in."""
        self._acceptor.start()

    def close(self) -> None:
        """Say farewell and end."""
        self._ending.set()
        if self._acceptor.is_alive():
            with suppress(OSError, EOFError):
                Client(self._listener.address).close()  # `accept` waits for somebody
            self._acceptor.join(LEAVE_S)
        self._listener.close()
        for surface in self._surfaces:
            surface.close()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                connection = self._listener.accept()
            except (OSError, EOFError):
                self._ending.wait(TELL_S)  # somebody who went away at once
                continue
            if self._ending.is_set():
                connection.close()
                return
            self._surfaces = [surface for surface in self._surfaces if not surface.gone.is_set()]
            surface = _Surface(connection, self._tell, self._hear)
            self._surfaces.append(surface)
            surface.start()

    def _tell(self, surface: "_Surface") -> None:
        connection = surface.connection
        told: Snapshot | None = None
        with suppress(OSError, EOFError):
            if not self._has_key(connection):
                surface.gone.set()
                connection.close()
                return
            surface.let_in.set()
            connection.send(self._welcome)
            while not self._ending.wait(TELL_S if told is not None else 0.0) and not surface.gone.is_set():
                with self._telling:
                    now = self._snapshot()
                changed = {
                    field.name: getattr(now, field.name)
                    for field in fields(Snapshot)
                    if told is None or getattr(told, field.name) != getattr(now, field.name)
                }
                if changed:
                    connection.send(Changed(changed))
                told = now
            connection.send(Farewell())
        surface.gone.set()

    def _has_key(self, connection: "Connection[Any, Any]") -> bool:
        """Nothing that comes is unpickled before the key has been shown."""
        return connection.poll(LEAVE_S) and secrets.compare_digest(connection.recv_bytes(KEY_BYTES), self._key)

    def _hear(self, surface: "_Surface") -> None:
        with suppress(OSError, EOFError):
            while not surface.let_in.wait(TELL_S):
                if surface.gone.is_set():
                    return
            while not self._ending.is_set() and not surface.gone.is_set():
                if surface.connection.poll(TELL_S):
                    request = surface.connection.recv()
                    with self._asking:
                        self._asked(request)
        surface.gone.set()


class _Surface:
    """A connected surface and the two threads that serve it."""

    def __init__(
        self,
        connection: "Connection[Any, Any]",
        tell: Callable[["_Surface"], None],
        hear: Callable[["_Surface"], None],
    ) -> None:
        self.connection = connection
        self.let_in = threading.Event()
        self.gone = threading.Event()
        self._threads = [
            threading.Thread(target=target, args=(self,), name=name, daemon=True)
            for name, target in (("surface-out", tell), ("surface-in", hear))
        ]

    @property
    def connected(self) -> bool:
        return self.let_in.is_set() and not self.gone.is_set()

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        for thread in self._threads:
            thread.join(LEAVE_S)
        self.connection.close()
