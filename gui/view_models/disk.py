"""How much more can be recorded."""

from collections.abc import Sequence
from statistics import median

from gui.view_models.figures import size
from gui.view_models.safety import low_disk
from megadance_live.remote.snapshot import TakeView

OPEN_BYTES_PER_S = 60 * 500 + 48_000 * 2 * 4
"""A take that is being recorded: poses, 60 a second, and raw stereo sound."""
FINISHED_BYTES_PER_S = 250_000
"""A finished one in the usual formats; what the takes of this folder really need goes before it."""
TELLING_S = 5.0
"""Shorter takes say little about what a second needs."""


def bytes_per_s(takes: Sequence[TakeView]) -> float:
    """What a second of recording needs, while it is recorded and when it is finished: for a moment both are there."""
    needed = [
        take.size_bytes / take.length_s
        for take in takes
        if take.finished and take.size_bytes > 0 and take.length_s >= TELLING_S
    ]
    return OPEN_BYTES_PER_S + (median(needed) if needed else FINISHED_BYTES_PER_S)


def room_in_words(free_bytes: int, takes: Sequence[TakeView]) -> str:
    """What is left and how long a recording it holds; "" where nobody has measured it."""
    if free_bytes <= 0:
        return ""
    hours = free_bytes / bytes_per_s(takes) / 3600
    if hours >= 2:
        fits = f"about {hours:.0f} hours"
    else:
        fits = f"about {hours * 60:.0f} minutes" if hours * 60 >= 2 else "no more than a minute"
    return f"Disk: {size(free_bytes)} left, {fits} of recording."


def disk_warning(free_bytes: int) -> str:
    """What to do when little is left, else ""."""
    if not low_disk(free_bytes):
        return ""
    return "LOW DISK: delete what you do not need, or set another folder for takes in the preset, before you record."
