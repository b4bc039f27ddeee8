"""A person at the window: clicks, presses keys, and looks whether it has happened."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.assemble import build_window
from gui.widgets.buttons import Button
from megadance_live.core.control import Control
from megadance_live.core.errors import MegaDanceError
from megadance_live.remote.client import ShowClient
from megadance_live.remote.snapshot import Snapshot
from tests.patience import until

W = TypeVar("W", bound=QWidget)
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LOOK_MS = 10


class Player:
    """The real window over a show that runs; Qt's own timers drive it, as in the app."""

    def __init__(self, client: ShowClient) -> None:
        self.client = client
        self.window = build_window(client)
        self.window.resize(1280, 720)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.until(lambda: self.snapshot.engine.phase == "dancing" and self.snapshot.engine.control is not None)
        self.until(lambda: all(self.find(Button, name).isEnabled() for name in ("freeze", "mirror")))

    def leave(self) -> None:
        """The window goes, the show goes on."""
        self.window.leave_now()
        self.window.deleteLater()

    def until(self, condition: Callable[[], object]) -> None:
        """Look again and again, while the window lives."""

        def looked() -> object:
            QTest.qWait(LOOK_MS)
            return condition()

        until(looked, lambda: f"it did not happen; the show: {self.snapshot}")

    def find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        assert found is not None, f"there is no {name}"
        return found

    def click(self, name: str, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.mouseClick(self.find(QWidget, name), Qt.MouseButton.LeftButton, modifiers)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def pad(self, expert: str) -> Button:
        return self.find(Button, f"pad_{expert}")

    @property
    def snapshot(self) -> Snapshot:
        return self.client.view().snapshot

    @property
    def control(self) -> Control:
        control = self.snapshot.engine.control
        if control is None:
            raise MegaDanceError("There is no engine yet.")
        return control
