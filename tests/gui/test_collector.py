"""Garbage of the app is collected in the window's thread, and nowhere else."""

import gc
import threading
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui import collector
from gui.collector import collect_if_due, collect_in_this_thread


class Knot:
    """Refers to itself, so that only a collection ends it; notes in which thread that was."""

    ended_in: str = ""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        Knot.ended_in = threading.current_thread().name


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    Knot.ended_in = ""
    yield
    gc.enable()


def knots(count: int) -> "weakref.ref[Knot]":
    last = weakref.ref(Knot())
    for _ in range(count):
        last = weakref.ref(Knot())
    return last


def test_other_threads_leave_garbage_to_the_window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "LOOK_MS", 1)
    gc.collect()
    parent = QObject()
    restore = collect_in_this_thread(parent)
    busy = threading.Thread(target=knots, args=(3 * gc.get_threshold()[0],), name="busy")
    busy.start()
    busy.join()
    assert Knot.ended_in == ""
    qtbot.waitUntil(lambda: Knot.ended_in != "", timeout=20_000)
    assert Knot.ended_in == threading.main_thread().name
    restore()
    assert gc.isenabled()


def test_the_oldest_generation_that_is_due_is_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", collected.append)
    monkeypatch.setattr(gc, "get_count", lambda: (900, 11, 3))
    assert collect_if_due((700, 10, 10)) == 1
    monkeypatch.setattr(gc, "get_count", lambda: (900, 11, 11))
    assert collect_if_due((700, 10, 10)) == 2
    monkeypatch.setattr(gc, "get_count", lambda: (700, 0, 0))
    assert collect_if_due((700, 10, 10)) is None
    assert collected == [1, 2]
