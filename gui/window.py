"""The window: what it is before anything is loaded, how it grows, how it is left, and the clock that drives it."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gui import theme
from gui.app_state import AppState
from gui.milestones import reach
from gui.widgets.card import Card
from gui.widgets.layouts import rescale

if TYPE_CHECKING:
    from gui.deck import Deck
    from gui.view_models.learn import LearnMode

TICK_MS = 33
"""Panels are drawn thirty times a second; the stage has a pace of its own."""
SETTLE_MS = 60
"""A window that is being dragged larger is styled anew when it rests for so long."""
SMALLEST = (1200, 640)
"""In this much everything still fits, and a window of 1280 x 720 has room for its frame."""


class Window(QMainWindow):
    """Shows a sentence until it is given its deck. `on_closed` is called once, with what is to be remembered."""

    def __init__(self, remembered: AppState, on_closed: Callable[[AppState], None] = lambda _: None) -> None:
        super().__init__()
        self.deck: Deck | None = None
        self.learn_mode: LearnMode | None = None
        self._remembered = remembered
        self.on_closed = on_closed
        self._closed = False
        self.setObjectName("window")
        self.setWindowTitle("MegaDance Live")
        self.setAcceptDrops(True)
        self.setMinimumSize(*SMALLEST)
        card = Card()
        card.say("Starting ...")
        self.setCentralWidget(card)
        self._ticker = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._ticker.timeout.connect(self.tick)
        self._settling = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settling.timeout.connect(self.restyle)

    def put(self, deck: "Deck") -> None:
        """From now on the window is an instrument."""
        self.deck = deck
        self.learn_mode = deck.hub.learn
        deck.open_page(self._remembered.page)
        deck.hub.first_steps.again = self._remembered.first_steps
        if self._remembered.first_steps:
            deck.hub.first_steps.begin()
        self.setCentralWidget(deck)
        rescale(deck)
        self.tick()
        self._ticker.start()

    def tick(self) -> None:
        """Look at the show, and draw what has changed."""
        if self.deck is None:
            return
        hub = self.deck.hub
        hub.update()
        if hub.view.connected:
            reach("show connected")
        if hub.leaving.stage == "left":
            self.close()
        elif not self.isMinimized():
            self.deck.refresh()
            hub.health.drew(time.monotonic())

    def restyle(self) -> None:
        """Fit everything to the size of the window."""
        theme.fit(self.width(), self.height())
        app = QGuiApplication.instance()
        if isinstance(app, QApplication):
            app.setFont(theme.font(theme.BODY))
        self.setStyleSheet(theme.stylesheet())
        rescale(self)

    def open_place(self, place: int) -> None:
        if self.deck is not None:
            self.deck.open_place(place)

    def open_help(self, sub_page: str) -> None:
        if self.deck is not None:
            self.deck.open_help(sub_page)

    def toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def want_to_leave(self) -> None:
        """By key: the same as the window's own button."""
        self.close()

    def leave_now(self) -> None:
        """Without a question: somebody else ends the app. The show goes on."""
        if self.deck is not None:
            self.deck.hub.leaving.stage = "left"
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._closed:
            return
        if self.deck is not None:
            leaving = self.deck.hub.leaving
            if leaving.stage != "left":
                leaving.want()
            if leaving.stage != "left":
                self.deck.refresh()
                event.ignore()
                return
        self._closed = True
        self._ticker.stop()
        self._settling.stop()
        self.on_closed(self._to_remember())
        if self.deck is not None:
            self.deck.close_stage()
            self.deck.hub.close()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        reach("window painted")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settling.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange and self.deck is not None and not self.isMinimized():
            self._settling.start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """An audio file becomes the music."""
        if self.deck is not None:
            urls = event.mimeData().urls()
            self.deck.hub.sound.drop([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
            event.acceptProposedAction()

    def _to_remember(self) -> AppState:
        place = self.normalGeometry()
        deck = self.deck
        return AppState(
            place.x(), place.y(), place.width(), place.height(), self.isFullScreen(),
            deck.page if deck is not None else self._remembered.page,
            deck.hub.first_steps.again if deck is not None else self._remembered.first_steps,
        )  # fmt: skip


def put_on_screen(window: QWidget, remembered: AppState, size: tuple[int, int] | None, screen: int | None) -> None:
    """Where it was, if that can still be seen; else in the middle of the screen."""
    screens = QGuiApplication.screens()
    chosen = screens[screen] if screen is not None and 0 <= screen < len(screens) else QGuiApplication.primaryScreen()
    room = chosen.availableGeometry()
    wide, high = size or (remembered.width, remembered.height)
    if not wide or not high:
        wide, high = max(int(room.width() * 0.9), 1280), max(int(room.height() * 0.9), 720)
        wide, high = min(wide, room.width()), min(high, room.height())
    window.resize(wide, high)
    corner = window.frameGeometry()
    seen = any(each.availableGeometry().contains(remembered.x + 40, remembered.y + 40) for each in screens)
    if remembered.width and seen and screen is None:
        window.move(remembered.x, remembered.y)
    else:
        corner.moveCenter(room.center())
        window.move(max(corner.x(), room.x()), max(corner.y(), room.y()))
