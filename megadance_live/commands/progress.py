"""How far a long command is, on stderr: a bar where there is a terminal, a line a minute where there is none."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

EVERY_S = 60.0


class Bar(Protocol):
    """Call it with what has been done since the last call; `total` and `what` are changed where given."""

    def __call__(self, done: float, *, total: float | None = None, what: str | None = None) -> None: ...


@contextmanager
def progress(what: str, total: float) -> Iterator[Bar]:
    """A bar over `total`."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        # A line is not broken where no screen is.
        yield Lines(what, total, lambda line: console.print(line, soft_wrap=True, highlight=False, markup=False))
        return
    percent = TextColumn("{task.percentage:>3.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn())
    with Progress(*columns, console=console) as bars:
        task = bars.add_task(what, total=total or None)

        def advance(done: float, *, total: float | None = None, what: str | None = None) -> None:
            bars.update(task, advance=done, total=total, description=what)

        yield advance


class Lines:
    """A Bar that says a line where EVERY_S have gone by, so that a log tells that something happens, and how long it
    will."""

    def __init__(
        self, what: str, total: float, say: Callable[[str], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._what, self._total, self._say, self._now = what, total, say, now
        self._done = 0.0
        self._begun_s = self._said_s = now()

    def __call__(self, done: float, *, total: float | None = None, what: str | None = None) -> None:
        self._done += done
        self._total = self._total if total is None else total
        self._what = self._what if what is None else what
        now_s = self._now()
        if now_s - self._said_s < EVERY_S:
            return
        self._said_s = now_s
        share = min(self._done / self._total, 1.0) if self._total else 0.0
        left_s = (now_s - self._begun_s) * (1.0 / share - 1.0) if share else 0.0
        left = f", {max(1, round(left_s / 60.0))} min left" if 0.0 < share < 1.0 else ""
        self._say(f"{self._what}: {share:.0%}{left}")
