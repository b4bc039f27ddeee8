"""Finds a running show and stays with it; while there is none, the window goes on."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from megadance_live.core.command import CommandName, CommandValue
from megadance_live.core.errors import RemoteError
from megadance_live.remote.client import ShowClient, View
from megadance_live.remote.pose_ring import SeenPose
from megadance_live.remote.rendezvous import Rendezvous, running_shows
from megadance_live.remote.requests import Request
from megadance_live.remote.snapshot import Snapshot

RETRY_S = 0.1


class Connection:
    """A ShowPort for one thread. Another one looks for shows whenever there is none, because shaking hands may take
    its time. What was seen last stays to be seen after a show has gone."""

    def __init__(
        self,
        pid: int | None = None,
        find: Callable[[], tuple[Rendezvous, ...]] = running_shows,
        connect: Callable[[Rendezvous], ShowClient] = ShowClient,
    ) -> None:
        """Prefers the show of process `pid`, and takes no other before that has been seen."""
        self._pid = pid
        self._find = find
        self._connect = connect
        self._client: ShowClient | None = None
        self._found: ShowClient | None = None
        self._left: Rendezvous | None = None
        self._at: Rendezvous | None = None
        self._trouble = ""
        self._wanted = threading.Event()
        self._wanted.set()
        self._closing = threading.Event()
        self._handing = threading.Lock()
        self._seeker = threading.Thread(target=self._seek, name="show-seeker", daemon=True)
        self._seeker.start()

    def view(self) -> View:
        """How things stand now; before the first show, why there is none in `snapshot.trouble`."""
        if self._found is not None:
            self._take()
        if self._client is None:
            return View(time.monotonic(), snapshot=Snapshot(trouble=self._trouble))
        view = self._client.view()
        with self._handing:
            if not view.connected and not self._wanted.is_set() and self._found is None:
                self._left = self._at if view.ended else None
                self._pid = None
                self._wanted.set()
        return view

    def pose_at(self, time_s: float) -> SeenPose | None:
        return self._client.pose_at(time_s) if self._client is not None else None

    def ghost_at(self, time_s: float) -> SeenPose | None:
        return self._client.ghost_at(time_s) if self._client is not None else None

    def say(self, name: CommandName, value: CommandValue = None) -> None:
        if self._client is not None:
            self._client.say(name, value)

    def ask(self, request: Request) -> None:
        if self._client is not None:
            self._client.ask(request)

    def close(self) -> None:
        """Let go of the show, which goes on."""
        self._closing.set()
        self._wanted.set()
        self._seeker.join(1.0)
        for client in (self._client, self._found):
            if client is not None:
                client.close()
        self._client = self._found = None

    def _take(self) -> None:
        """The show that the other thread has found, instead of the one that has gone."""
        old, self._client, self._found = self._client, self._found, None
        if old is not None:
            old.close()

    def _seek(self) -> None:
        while not self._closing.is_set():
            self._wanted.wait()
            client = self._look()
            if client is None:
                self._closing.wait(RETRY_S)
            elif self._closing.is_set():
                client.close()
            else:
                with self._handing:
                    self._wanted.clear()
                    self._found = client

    def _look(self) -> ShowClient | None:
        """A show that lets us in."""
        shows: tuple[Rendezvous, ...] = ()
        trouble = ""
        with suppress(OSError):
            shows = self._find()
        for rendezvous in shows:
            if rendezvous == self._left or self._pid not in (None, rendezvous.pid):
                continue
            try:
                client = self._connect(rendezvous)
            except RemoteError as error:
                trouble = str(error)
                continue
            self._at = rendezvous
            return client
        self._trouble = trouble
        return None
