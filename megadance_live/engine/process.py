"""One run of the engine, as the show sees it: a child process, or a thread where everything shares one process.

Nothing here imports audio, music or models: that happens inside the child.
"""

import contextlib
import faulthandler
import logging
import multiprocessing
import queue
import signal
import threading
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import Any, Protocol

from megadance_live.engine.messages import Link, Order, Report
from megadance_live.engine.outlet import Outlet
from megadance_live.engine.setup import EngineSetup

WAITING_MESSAGES = 256
"""Commands that wait for an engine that does not listen; more are dropped, for it is about to be restarted."""

MakeOutlet = Callable[[], Outlet]
"""Attaches to the show's shared memory; called in the engine, so it must be picklable."""


class EngineBody(Protocol):
    """What an engine runs in: a process or a thread."""

    def start(self) -> None: ...

    def is_alive(self) -> bool: ...

    def join(self, timeout: float | None = None) -> None: ...


def engine_main(setup: EngineSetup, link: Link, make_outlet: MakeOutlet) -> None:
    """Body of an engine. The pipe closes when it has ended."""
    from megadance_live.engine.runner import EngineRunner

    try:
        EngineRunner(setup, link, make_outlet()).run()
    finally:
        link.close()


def child_main(setup: EngineSetup, link: Link, make_outlet: MakeOutlet) -> None:
    """Body of the engine process. What it prints belongs into a log: the show leads descriptor 2 there."""
    _leave_signals_to_the_show()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    faulthandler.enable()
    engine_main(setup, link, make_outlet)


class EngineHandle:
    """Started when made. `say` and `kill` may be called from any thread and never wait; the rest belongs to one."""

    def __init__(
        self,
        setup: EngineSetup,
        make_outlet: MakeOutlet,
        *,
        in_thread: bool = False,
        body: Callable[[EngineSetup, Link, MakeOutlet], None] = child_main,
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._link, theirs = context.Pipe()
        self._process: BaseProcess | None = None
        self._body: EngineBody
        if in_thread:
            self._body = threading.Thread(target=engine_main, args=(setup, theirs, make_outlet), name="engine")
        else:
            self._process = context.Process(target=body, args=(setup, theirs, make_outlet), name="engine")
            self._body = self._process
        self._body.start()
        if not in_thread:
            theirs.close()  # so that the pipe ends with the child
        self._to_say: queue.Queue[Order | None] = queue.Queue(WAITING_MESSAGES)
        threading.Thread(target=self._pump, name="engine-commands", daemon=True).start()

    @property
    def alive(self) -> bool:
        return self._body.is_alive()

    @property
    def pid(self) -> int | None:
        """Of a child process; None for a thread."""
        return None if self._process is None else self._process.pid

    @property
    def exit_code(self) -> int | None:
        """Of a child process that has ended; negative: the signal that ended it."""
        return None if self._process is None else self._process.exitcode

    def say(self, message: Order) -> bool:
        """Hand a message over; False if the engine does not listen any more."""
        try:
            self._to_say.put_nowait(message)
        except queue.Full:
            return False
        return True

    def reports(self, timeout_s: float) -> list[Report]:
        """What has come up, waiting at most `timeout_s` for the first. Empty when nothing came, or the engine ended."""
        waiting: list[connection.Connection[Any, Any] | int] = [self._link]
        if self._process is not None:
            waiting.append(self._process.sentinel)
        connection.wait(waiting, timeout_s)
        came: list[Report] = []
        with contextlib.suppress(EOFError, OSError):
            while self._link.poll():
                came.append(self._link.recv())
        return came

    def kill(self) -> None:
        """End a child process at once; may be called from any thread. A thread cannot be ended."""
        if self._process is not None:
            self._process.kill()

    def join(self, timeout_s: float) -> bool:
        """Wait for the engine to end; True if it has."""
        self._body.join(timeout_s)
        return not self._body.is_alive()

    def release(self) -> None:
        """Close the pipe, once no more is wanted of the engine; one that still runs in a thread then ends itself."""
        self._link.close()
        with contextlib.suppress(queue.Full):
            self._to_say.put_nowait(None)

    def _pump(self) -> None:
        """Sends from a thread of its own: a pipe to an engine that stalls fills up, and would hold up its writer."""
        while (message := self._to_say.get()) is not None:
            try:
                self._link.send(message)
            except (OSError, ValueError):
                return


def _leave_signals_to_the_show() -> None:
    """Ctrl-C, and the end of a terminal, reach every process in it; the show answers and says `Stop`."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name):  # Windows has fewer
            signal.signal(getattr(signal, name), signal.SIG_IGN)
