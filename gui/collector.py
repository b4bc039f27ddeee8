"""Cyclic garbage, collected in the window's thread alone.

Python collects in whichever thread happens to allocate, and the threads of the connection allocate much. What they find
may belong to Qt, whose objects must be destroyed in the thread that made them: elsewhere that corrupts the heap, and
the program ends minutes later in a place that has nothing to do with it.
"""

import gc
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

LOOK_MS = 200


def collect_in_this_thread(parent: QObject) -> Callable[[], None]:
    """Do so while `parent` lives, whose thread this must be. What lets Python collect by itself again is returned."""
    gc.disable()
    thresholds = gc.get_threshold()
    timer = QTimer(parent, interval=LOOK_MS)
    timer.timeout.connect(lambda: collect_if_due(thresholds))
    timer.start()

    def restore() -> None:
        timer.stop()
        gc.enable()

    return restore


def collect_if_due(thresholds: tuple[int, int, int]) -> int | None:
    """Collect the oldest generation that Python itself would collect now; returns which, None for none."""
    counts = gc.get_count()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return generation
    return None
