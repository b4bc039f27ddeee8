"""Says things up the pipe without holding up the dance: from a thread of its own."""

import queue
import threading
from collections.abc import Callable

from megadance_live.engine.messages import Link, Report


class Reporter:
    """Reports go up in the order in which they were given. `broken` turns True when nobody listens any more."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self.broken = False
        self._queue: queue.SimpleQueue[Report | Callable[[], Report] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="engine-reports", daemon=True)
        self._thread.start()

    @property
    def idle(self) -> bool:
        """Everything that was given has been taken up by the thread."""
        return self._queue.empty()

    def say(self, report: Report | Callable[[], Report]) -> None:
        """Send it, or what it makes when called in the thread."""
        self._queue.put(report)

    def close(self) -> None:
        """Wait until everything is said."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (report := self._queue.get()) is not None:
            if self.broken:
                continue
            try:
                self._link.send(report() if callable(report) else report)
            except (OSError, ValueError):
                self.broken = True
