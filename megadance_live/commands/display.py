"""Where the status of a show is shown: one live line in a terminal, else a line now and then.

A terminal may be closed, a pipe break and a disk fill up: the show then goes on without being watched.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Protocol, TextIO

import typer

from megadance_live.commands.status_line import status_line
from megadance_live.show.show import ShowStatus

PLAIN_EVERY_S = 5.0
PLAIN_AT_MOST_EVERY_S = 1.0


class Display(Protocol):
    """Takes the latest status."""

    def update(self, status: ShowStatus) -> None: ...


def say(text: str, err: bool = False) -> None:
    """Print a line, if anybody listens."""
    _shown(lambda: typer.echo(text, err=err), sys.stderr if err else sys.stdout)


@contextmanager
def display() -> Iterator[Display]:
    """A display that fits the place where the output goes."""
    if not sys.stdout.isatty():
        yield PlainDisplay()
        return
    from rich.live import Live
    from rich.text import Text

    live = Live(auto_refresh=False)
    screen = sys.stdout
    _shown(live.start, screen)

    class LiveDisplay:
        def update(self, status: ShowStatus) -> None:
            _shown(lambda: live.update(Text(status_line(status)), refresh=True), screen)

    try:
        yield LiveDisplay()
    finally:
        _shown(live.stop, screen)


def _shown(write: Callable[[], None], stream: TextIO) -> None:
    """Write; what `stream` does not take goes nowhere, with all that follows."""
    try:
        write()
    except OSError:
        with suppress(OSError, ValueError), open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), stream.fileno())


class PlainDisplay:
    """Prints a line every few seconds, and (once a second at most) when the engine has something new to say or another
    expert speaks."""

    def __init__(self) -> None:
        self._printed_s = float("-inf")
        self._said: tuple[str, str, str] | None = None

    def update(self, status: ShowStatus) -> None:
        control = status.engine.control
        says = (status.engine.phase, status.engine.notice, control.expert if control is not None else "")
        silent_s = status.now_s - self._printed_s
        if silent_s >= (PLAIN_EVERY_S if says == self._said else PLAIN_AT_MOST_EVERY_S):
            self._said, self._printed_s = says, status.now_s
            say(status_line(status))
