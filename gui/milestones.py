"""How far the app has come since it was started: each step is logged once, with the host time of its end."""

import logging
import time
from typing import Final, Literal

Milestone = Literal["window painted", "deck built", "show connected", "stage opened", "dance painted"]

PATTERN: Final = r"milestone: (?P<name>[a-z ]+) at (?P<host_time_s>[0-9.]+) s"
"""Finds them in the log."""

log = logging.getLogger(__name__)

_reached: set[Milestone] = set()


def reach(milestone: Milestone) -> None:
    """Note that it has been reached; from the second time on nothing happens."""
    if milestone not in _reached:
        _reached.add(milestone)
        log.info("milestone: %s at %.3f s", milestone, time.monotonic())
