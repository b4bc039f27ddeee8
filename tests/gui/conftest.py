"""What every test of the app may count on: a screen of some kind, and nothing left behind by the test before."""

import gc
import os
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from gui.plain_import import use_plain_import

if sys.platform == "linux" and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

use_plain_import()  # as the app does: tests with a show behind the window have threads that unpickle

PATIENCE_S = 5.0
QT_FIXTURES = {"qtbot", "qapp"}


@pytest.fixture(autouse=True)
def nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test after which a thread, a running QTimer or a window is still there."""
    before = set(threading.enumerate())
    with_qt = bool(QT_FIXTURES & set(request.fixturenames))
    if with_qt:
        request.getfixturevalue("qapp")
    windows_before = _windows() if with_qt else set()
    timers_before = _timers() if with_qt else set()
    yield
    deadline = time.monotonic() + PATIENCE_S
    while _left(before) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not _left(before), f"threads were left: {_left(before)}"
    if with_qt:
        _let_go()
        assert not (left := _windows() - windows_before), f"windows were left: {left}"
        assert not (left := _timers() - timers_before), f"timers were left running: {left}"


def _left(before: set[threading.Thread]) -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.is_alive()} - before


def _let_go() -> None:
    """What is to be deleted is deleted now."""
    from PySide6.QtCore import QCoreApplication, QEvent

    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QCoreApplication.processEvents()


def _windows() -> set[str]:
    """Those that can be seen: Qt and pytest-qt keep hidden ones of their own."""
    from PySide6.QtWidgets import QApplication

    return {f"{widget!r}" for widget in QApplication.topLevelWidgets() if widget.isVisible()}


def _timers() -> set[str]:
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    return {
        f"{each!r} of {each.parent()!r}"
        for each in gc.get_objects()
        if issubclass(type(each), QTimer) and isValid(each) and each.isActive()  # isinstance would wake lazy objects
    }
