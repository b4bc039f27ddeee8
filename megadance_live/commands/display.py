"""Where the status of a show is shown: one live line in a terminal, else a line now and then."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import typer

from megadance_live.commands.status_line import status_line
from megadance_live.show.show import ShowStatus

PLAIN_EVERY_S = 5.0


class Display(Protocol):
    """Takes the latest status."""

    def update(self, status: ShowStatus) -> None: ...


@contextmanager
def display() -> Iterator[Display]:
    """A display that fits the place where the output goes."""
    if not sys.stdout.isatty():
        yield PlainDisplay()
        return
    from rich.live import Live
    from rich.text import Text

    with Live(auto_refresh=False) as live:

        class LiveDisplay:
            def update(self, status: ShowStatus) -> None:
                live.update(Text(status_line(status)), refresh=True)

        yield LiveDisplay()


class PlainDisplay:
    """Prints a line every few seconds, and whenever the engine has something to say."""

    def __init__(self) -> None:
        self._printed_s = float("-inf")
        self._said: tuple[str, str] | None = None

    def update(self, status: ShowStatus) -> None:
        says = (status.engine.phase, status.engine.notice)
        if says != self._said or status.now_s - self._printed_s >= PLAIN_EVERY_S:
            self._said, self._printed_s = says, status.now_s
            typer.echo(status_line(status))
