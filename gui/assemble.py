"""Puts a window together: deck, keys and stage around one port. For the app, and for tests and pictures."""

from PySide6.QtCore import QCoreApplication

from gui.actions import actions_of
from gui.app_state import AppState
from gui.deck import Deck
from gui.input_filter import InputFilter
from gui.port import ShowPort
from gui.view_models.hub import Hub
from gui.window import Window


def fill(window: Window, port: ShowPort, *, with_show: bool = False) -> Deck:
    """Give the window everything but the stage, which takes longer. `with_show`: it closes when the show ends."""
    hub = Hub(port, with_show=with_show)
    deck = Deck(hub)
    window.put(deck)
    hears = InputFilter(window, actions_of(hub, window))
    application = QCoreApplication.instance()
    if application is not None:
        application.installEventFilter(hears)
    return deck


def build_window(port: ShowPort, remembered: AppState | None = None, *, stage: bool = True) -> Window:
    """A whole window at once, which the caller sizes and shows. It needs a QApplication in the app's style."""
    window = Window(remembered if remembered is not None else AppState(first_steps=False))
    deck = fill(window, port)
    if stage:
        put_stage(deck)
    return window


def put_stage(deck: Deck) -> None:
    """Open the stage. Its module is slow to import."""
    from gui.stage.stage_view import Stage

    deck.stage.put(lambda: Stage(deck.hub.port))
