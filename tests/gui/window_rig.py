"""The window as a person uses it, over a show that only remembers what it was told."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui.app_state import AppState
from gui.assemble import build_window
from gui.widgets.buttons import Button
from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.core.output_frame import AppState as Sent
from megadance_live.remote.client import View
from tests.gui.fake_port import FakePort

W = TypeVar("W", bound=QWidget)
_NONE = Qt.KeyboardModifier.NoModifier


class Rig:
    def __init__(self, remembered: AppState | None = None) -> None:
        self.port = FakePort()
        self.kept: list[AppState] = []
        self.window = build_window(self.port, remembered, stage=False)
        self.window.on_closed = self.kept.append
        self.window.resize(1280, 720)
        self.window.show()
        self.window.activateWindow()
        QTest.qWaitForWindowActive(self.window)
        self.tick()

    def find(self, kind: type[W], name: str) -> W:
        found = self.window.findChild(kind, name)
        assert found is not None, f"there is no {name}"
        return found

    def press(self, name: str) -> None:
        QTest.mouseClick(self.find(Button, name), Qt.MouseButton.LeftButton)
        self.tick()

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = _NONE) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifiers)
        self.tick()

    def tick(self) -> None:
        self.port.shown = replace(self.port.shown, now_s=self.port.shown.now_s + 0.05)
        self.window.tick()

    def show(self, change: Callable[[View], View]) -> None:
        self.port.shown = change(self.port.shown)
        self.tick()

    def send(self, state: Sent) -> None:
        frame = self.port.shown.frame
        assert frame is not None
        self.show(lambda view: replace(view, frame=replace(frame, state=state)))

    def told(self, name: CommandName, value: CommandValue = None) -> bool:
        return Command(name, value) in self.port.said
