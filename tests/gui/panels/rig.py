"""Panels in a window over a show that can be set up, with a mouse and keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.input_filter import InputFilter
from gui.view_models.learn import LearnMode
from gui.widgets.layouts import column
from tests.gui.view_models.stand import Stand

W = TypeVar("W", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton
PLAIN = Qt.KeyboardModifier.NoModifier


class Panel(Protocol):
    def refresh(self) -> None: ...


class TestWindow(QWidget):
    __test__ = False
    learn_mode: LearnMode


class Rig:
    """Give the models first, then `show` the panel over them."""

    def __init__(self, qtbot: QtBot) -> None:
        self.stand = Stand()
        self.window = TestWindow()
        self.window.setStyleSheet(theme.stylesheet())
        self.window.learn_mode = self.stand.follow(LearnMode(self.stand.port))
        self._layout = column()
        self.window.setLayout(self._layout)
        self._panels: list[Panel] = []
        qtbot.addWidget(self.window)

    def show(self, panel: QWidget, size: tuple[int, int] = (640, 520)) -> None:
        assert hasattr(panel, "refresh")
        self._panels.append(panel)
        self._layout.addWidget(panel)
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()  # without, nothing has the focus on a screen that has no window manager
        QTest.qWaitForWindowActive(self.window)
        self.draw()

    def draw(self, seconds: float = 0.0) -> None:
        """Time goes on, and everything is drawn."""
        self.stand.tick(seconds)
        for panel in self._panels:
            panel.refresh()
        QTest.qWait(0)
        self.window.grab()

    @contextmanager
    def hearing_keys(self) -> Iterator[None]:
        """As in the whole window, who presses something beside a text field has left it."""
        application = QApplication.instance()
        assert application is not None
        keys = InputFilter(self.window, {})
        application.installEventFilter(keys)
        yield
        application.removeEventFilter(keys)

    def find(self, kind: type[W], name: str) -> W:
        found: W | None = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def click(self, name: str, modifier: Qt.KeyboardModifier = PLAIN) -> None:
        QTest.mouseClick(self.find(QWidget, name), LEFT, modifier)
        self.draw()

    def drag(self, name: str, to: str) -> None:
        """From the middle of one widget to the middle of another."""
        source, target = self.find(QWidget, name), self.find(QWidget, to)
        end = source.mapFromGlobal(target.mapToGlobal(target.rect().center()))
        QTest.mousePress(source, LEFT, PLAIN, source.rect().center())
        QTest.mouseMove(source, end)
        QTest.mouseRelease(source, LEFT, PLAIN, end)
        self.draw()

    def type_into(self, name: str, text: str) -> None:
        field = self.find(QWidget, name)
        QTest.mouseClick(field, LEFT)
        field.setFocus()
        QTest.keySequence(field, "Ctrl+A")
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
        self.draw()

    def press_at(self, name: str, share: float) -> QPoint:
        """Press on a widget at that share of its width, and hold."""
        widget = self.find(QWidget, name)
        at = QPoint(round(widget.width() * share), round(widget.height() * 0.8))
        QTest.mousePress(widget, LEFT, PLAIN, at)
        return at
