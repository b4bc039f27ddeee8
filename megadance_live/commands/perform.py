"""A show from its start to its end, watched in a terminal, with or without the app."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from megadance_live.commands.display import display, say
from megadance_live.core.errors import MegaDanceError
from megadance_live.show.app_keeper import AppKeeper
from megadance_live.show.show import Show

REDRAW_S = 0.1
SAME_SIGNAL_S = 0.05
"""Launchers such as `timeout` send a signal to the program and to its group: what comes twice so fast came once."""
INTERRUPTED = 130
ENDING = (signal.SIGINT, signal.SIGTERM)
APP_ENDED = {"closed": "The app is closed", "failed": "The app keeps crashing (the log may say why)"}
HANGING_UP = (signal.SIGHUP,) if sys.platform != "win32" else ()
"""A terminal that is closed says so more than once."""


def perform(show: Show, *, seconds: float | None = None, app: AppKeeper | None = None) -> None:
    """Run the show until it ends, `seconds` of dancing are over, a surface asks for its end, or somebody interrupts.

    Raises MegaDanceError when the show could not go on, a take could not be finished, or no window could be opened for
    the `app`.
    """
    with _interruptible(show) as interruption:
        show.start()
        try:
            _watch(show, seconds, interruption, app)
        finally:
            interruption.note()
            ended_s = show.status().now_s
            if show.status().engine.take:
                say("Finishing the take ...")
            state = show.stop()
            if app is not None:
                app.stop(failed=bool(state.failure))
    for take in state.takes:
        say(f"Take: {take}")
    if app is not None and app.never_opened:
        raise MegaDanceError(
            "No window can be opened here (the log may say why); `megadance-live run` performs without one."
        )
    late_notice = state.notice if state.noticed_s >= ended_s else ""  # a take that could not be finished
    if state.failure or late_notice:
        raise MegaDanceError(state.failure or late_notice)


@dataclass
class _Interruption:
    """Noted by a signal handler, which may come while its own thread holds any lock: so this has none, unlike an Event.
    `at_s` is None before it."""

    at_s: float | None = None

    def note(self) -> None:
        if self.at_s is None:
            self.at_s = time.monotonic()

    def is_old(self) -> bool:
        """Did it come before this moment's signal?"""
        return self.at_s is not None and time.monotonic() - self.at_s > SAME_SIGNAL_S


def _watch(show: Show, seconds: float | None, interruption: _Interruption, app: AppKeeper | None) -> None:
    """Show the status until the end has come."""
    danced_since_s: float | None = None
    told = False
    with display() as shown:
        while interruption.at_s is None:
            time.sleep(REDRAW_S)
            status = show.status()
            shown.update(status)
            if status.engine.over or show.asked_to_end.is_set():
                return
            if app is not None:
                if app.never_opened:
                    return
                if app.state != "open" and not told:
                    told = True
                    say(f"{APP_ENDED[app.state]}; the show goes on. Open it again with: megadance-live app")
            if danced_since_s is None and status.engine.phase == "dancing":
                danced_since_s = status.now_s
            if seconds is not None and danced_since_s is not None and status.now_s - danced_since_s >= seconds:
                return


@contextmanager
def _interruptible(show: Show) -> Iterator[_Interruption]:
    """The first Ctrl-C (or SIGTERM, or a terminal that is closed) is noted, a second Ctrl-C or SIGTERM ends the
    program on the spot."""
    interruption = _Interruption()

    def interrupt(number: int, frame: FrameType | None) -> None:
        if interruption.is_old() and number in ENDING:
            takes = show.abandon()
            hint = f"Interrupted; finish the take with: megadance-live recover {takes}\n" if takes else "Interrupted.\n"
            os.write(sys.stderr.fileno(), hint.encode())
            os._exit(INTERRUPTED)
        interruption.note()

    before = {number: signal.signal(number, interrupt) for number in (*ENDING, *HANGING_UP)}
    try:
        yield interruption
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
