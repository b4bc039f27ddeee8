"""The show's end of its surfaces: lets them in, tells them what has changed, hears what they ask."""

import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

from megadance_live.remote.requests import Request
from megadance_live.remote.snapshot import Snapshot
from megadance_live.remote.wire import Changed, Farewell, Welcome

TELL_S = 0.05
"""How often surfaces are told what has changed."""
LEAVE_S = 1.0


class ShowServer:
    """Runs in threads of its own between `start` and `close`.

    `snapshot` says how things stand, `asked` is called with every request; both in threads of the server, and never by
    two at a time. A surface that hangs or dies costs nobody else anything.
    """

    def __init__(self, welcome: Welcome, snapshot: Callable[[], Snapshot], asked: Callable[[Request], None]) -> None:
        self._welcome = welcome
        self._snapshot = snapshot
        self._asked = asked
        self._key = secrets.token_bytes(32)
        self._listener = Listener(authkey=self._key)
        self._ending = threading.Event()
        self._asking = threading.Lock()
        self._telling = threading.Lock()
        self._surfaces: list[tuple[Connection[Any, Any], threading.Thread]] = []
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
        return sum(thread.is_alive() for _, thread in self._surfaces)

    def start(self) -> None:
        """Let surfaces in."""
        self._acceptor.start()

    def close(self) -> None:
        """Say farewell and end."""
        self._ending.set()
        if self._acceptor.is_alive():
            with suppress(OSError, AuthenticationError, EOFError):
                Client(self._listener.address, authkey=self._key).close()  # `accept` waits for somebody
            self._acceptor.join()
        self._listener.close()
        for _, thread in self._surfaces:
            thread.join(LEAVE_S)
        for connection, _ in self._surfaces:
            connection.close()

    def _accept(self) -> None:
        while not self._ending.is_set():
            try:
                connection = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                self._ending.wait(TELL_S)  # somebody without the key, or who went away at once
                continue
            if self._ending.is_set():
                connection.close()
                return
            self._surfaces = [surface for surface in self._surfaces if surface[1].is_alive()]
            teller = threading.Thread(target=self._tell, args=(connection,), name="surface-out", daemon=True)
            self._surfaces.append((connection, teller))
            teller.start()
            threading.Thread(target=self._hear, args=(connection,), name="surface-in", daemon=True).start()

    def _tell(self, connection: "Connection[Any, Any]") -> None:
        told: Snapshot | None = None
        with suppress(OSError):
            connection.send(self._welcome)
            while not self._ending.wait(TELL_S if told is not None else 0.0):
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

    def _hear(self, connection: "Connection[Any, Any]") -> None:
        with suppress(OSError, EOFError):
            while True:
                request = connection.recv()
                with self._asking:
                    self._asked(request)
