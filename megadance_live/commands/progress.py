"""Progress bars, on stderr, where there is a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Bar(Protocol):
    """Call it with what has been done since the last call; `total` and `what` are changed where given."""

    def __call__(self, done: float, *, total: float | None = None, what: str | None = None) -> None: ...


@contextmanager
def progress(what: str, total: float) -> Iterator[Bar]:
    """A bar over `total`."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    percent = TextColumn("{task.percentage:>3.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), percent, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task(what, total=total or None)

        def advance(done: float, *, total: float | None = None, what: str | None = None) -> None:
            bars.update(task, advance=done, total=total, description=what)

        yield advance
