"""Starts the app: first a window that says what it waits for, then everything in it.

Nothing heavy is imported here, because the window has to be there at once; the rest is loaded when it is.
"""

import argparse
import faulthandler
import logging
import os
import signal
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from types import FrameType, TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app_state import AppState, load, save, state_file
from gui.collector import collect_in_this_thread
from gui.milestones import reach
from gui.plain_import import use_plain_import
from gui.window import Window, put_on_screen

if TYPE_CHECKING:
    from gui.connection import Connection

log = logging.getLogger(__name__)

_DECK = (
    "numpy", "pydantic", "megadance_live.config.preset", "gui.connection", "gui.view_models.hub", "gui.assemble",
)  # fmt: skip
_STAGE = ("gui.stage.mannequin", "gui.stage.gl_picture", "gui.stage.stage_view")


def main(arguments: Sequence[str]) -> int:
    """Run until the window is closed; the exit code."""
    options = _options(arguments)
    use_plain_import()
    _begin_log()
    app = QApplication.instance() or QApplication(["megadance-live"])
    if not isinstance(app, QApplication):
        raise TypeError("another kind of Qt application runs in this process already")
    app.setApplicationName("MegaDance Live")
    app.setDesktopFileName("megadance-live")
    app.setStyle("Fusion")
    app.setPalette(theme.qt_palette())
    starter = Starter(options)
    starter.show()
    with_signals = _closing_on_signals(starter.window)
    with_garbage = collect_in_this_thread(app)
    sys.excepthook = _Reporter(starter)
    try:
        return app.exec()
    finally:
        sys.excepthook = sys.__excepthook__
        with_signals()
        starter.close()
        with_garbage()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("megadance-live app", description="The control app of MegaDance Live.")
    parser.add_argument(
        "--show",
        type=int,
        metavar="PID",
        help="stay with the show of this process, and close when it ends; without, the newest one",
    )
    parser.add_argument("--safe-notice", default="", metavar="TEXT", help="a sentence that is shown at the start")
    parser.add_argument("--geometry", type=_size, metavar="WxH", help="size of the window, for instance 1920x1080")
    parser.add_argument("--screen", type=int, metavar="N", help="number of the screen, counted from 0")
    return parser.parse_args(arguments)


def _begin_log() -> None:
    """Warnings always, also of a crash in a library; how far the app has come only where the standard error leads into
    a file: the log of the show that has opened it."""
    with suppress(OSError, ValueError):  # no standard error
        faulthandler.enable()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with suppress(OSError):
        if sys.stderr is not None and stat.S_ISREG(os.fstat(sys.stderr.fileno()).st_mode):
            logging.getLogger("gui").setLevel(logging.INFO)


def _size(text: str) -> tuple[int, int]:
    wide, _, high = text.lower().partition("x")
    if not (wide.isdigit() and high.isdigit()):
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form WIDTHxHEIGHT, for instance 1920x1080")
    return int(wide), int(high)


class Starter:
    """Holds the window and, once it has been loaded, the connection behind it."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._file = state_file()
        remembered = load(self._file)
        self.window = Window(remembered, on_closed=lambda state: save(self._file, state))
        self._remembered: AppState = remembered
        self._connection: Connection | None = None
        self._loading: _Loading | None = None

    def show(self) -> None:
        """The window is on the screen before anything else is read."""
        window = self.window
        put_on_screen(window, self._remembered, self._options.geometry, self._options.screen)
        window.restyle()
        if self._remembered.full_screen:
            window.showFullScreen()
        else:
            window.show()
        QApplication.processEvents()
        self._loading = _Loading(window, _DECK, self._put_deck)

    def close(self) -> None:
        """The show goes on."""
        if self._loading is not None:
            self._loading.stop()
        if self._connection is not None:
            self._connection.close()

    def say(self, sentence: str) -> None:
        """In the line of words."""
        if self.window.deck is not None:
            hub = self.window.deck.hub
            hub.words.say(sentence, hub.view.now_s)

    def _put_deck(self, failure: Exception | None) -> None:
        if failure is not None:
            raise failure
        from gui.assemble import fill
        from gui.connection import Connection

        self._connection = Connection(self._options.show)
        fill(self.window, self._connection, with_show=self._options.show is not None)
        reach("deck built")
        if self._options.safe_notice:
            self.say(self._options.safe_notice)
        QApplication.processEvents()
        self._loading = _Loading(self.window, _STAGE, self._put_stage)

    def _put_stage(self, failure: Exception | None) -> None:
        deck = self.window.deck
        if deck is None:
            return
        if failure is None:
            try:
                from gui.assemble import put_stage

                put_stage(deck)
                reach("stage opened")
                return
            except Exception as error:
                failure = error
        log.error("the stage cannot be opened", exc_info=failure)
        deck.stage.fail("The stage cannot be drawn here; the log says why. The show goes on.")


class _Loading:
    """Imports modules one by one, and calls back when that is done: all in the window's own thread, which sees to the
    screen and to the performer in between.
    """

    def __init__(self, window: Window, modules: Sequence[str], done: Callable[[Exception | None], None]) -> None:
        self._modules = iter(modules)
        self._done = done
        self._timer = QTimer(window, interval=0)
        self._timer.timeout.connect(self._next)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _next(self) -> None:
        failure: Exception | None = None
        try:
            if (module := next(self._modules, None)) is not None:
                import_module(module)
                return
        except Exception as error:
            failure = error
        self._timer.stop()
        self._done(failure)


class _Reporter:
    """An error in a part of the window is written to the log and said in words, once; the window goes on."""

    def __init__(self, starter: Starter) -> None:
        self._starter = starter
        self._seen: set[tuple[str, int]] = set()

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._starter.window.leave_now()
            return
        last = trace
        while last is not None and last.tb_next is not None:
            last = last.tb_next
        where = (kind.__name__, last.tb_lineno if last is not None else 0)
        if where in self._seen:
            return
        self._seen.add(where)
        log.error("an error in the window", exc_info=(kind, error, trace))
        self._starter.say("A part of this window does not work as it should; the log says why. The show goes on.")


def _closing_on_signals(window: Window) -> Callable[[], None]:
    """SIGINT and SIGTERM close the window in order. What puts things back is returned."""

    def close(_number: int, _frame: FrameType | None) -> None:
        window.leave_now()

    before = {number: signal.signal(number, close) for number in (signal.SIGINT, signal.SIGTERM)}

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore
