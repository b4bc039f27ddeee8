"""Waiting for what other threads and processes do."""

import time
from collections.abc import Callable

DEADLINE_S = 90.0
"""A machine that is busy with other things takes its time."""


def until(condition: Callable[[], object], says: Callable[[], object] = lambda: "it did not happen") -> None:
    """Look again and again; `says` tells what was the matter when it did not come to pass."""
    deadline_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline_s, says()
        time.sleep(0.01)
