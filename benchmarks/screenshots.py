"""Pictures of the app: every state and every page, at three sizes, on a virtual screen.

python -m benchmarks.screenshots [--out DIR] [--only WORD]... [--size WxH]... [--live]

The window is the real one; the show behind it is made up, so that every picture can be had at any time and comes out
the same, but for the drawing of the stage. `--live` adds pictures of `megadance-live` as it starts. An index.html
shows them all.
"""

import argparse
import gc
import html
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.app_rig import needed, running_show, size, told, virtual_screen
from megadance_live.core.output_frame import AppState
from megadance_live.remote.client import View

if TYPE_CHECKING:
    from benchmarks.made_up_show import MadeUpShow
    from gui.view_models.hub import Hub
    from gui.window import Window

SIZES = ((1280, 720), (1920, 1080), (3840, 2160))
SCREEN = (3840, 2160)
TICK_S = 1 / 30
SETTLING_TICKS, RESTING_TICKS = 6, 36
STAGE_S = 30.0
"""How long a stage that is drawn in software may take."""
LIVE_S = (0.7, 1.5, 3.0, 5.0, 8.0, 12.0)


@dataclass(frozen=True)
class Picture:
    """`shows` makes the view of a dancing show into the wanted one, `does` is done in the window before the picture is
    taken."""

    name: str
    shows: Callable[[View], View] = lambda view: view
    does: Callable[["Window"], None] = lambda window: None
    page: str = "PLAY"
    pose: bool = True
    ghost: bool = False
    danced_before: bool = False


def pictures() -> tuple[Picture, ...]:
    """All of them, in the order of the index."""
    from benchmarks import made_up_show as made_up

    def gone(view: View) -> View:
        return replace(view, connected=False)

    def starting(view: View) -> View:
        return made_up.with_engine(replace(view, frame=None), phase="starting", dancer="", control=None)

    return (
        Picture("waiting", lambda view: View(view.now_s), pose=False),
        Picture("starting", starting, pose=False),
        Picture("idle", lambda view: made_up.sent_as(view, AppState.IDLE)),
        Picture("dancing"),
        Picture("armed", made_up.armed, ghost=True),
        Picture("crossfading", made_up.crossfading),
        Picture("frozen", lambda view: made_up.sent_as(view, AppState.FROZEN, freeze=True)),
        Picture("blackout", lambda view: made_up.sent_as(view, AppState.BLACKOUT, blackout=True)),
        Picture("panic", lambda view: made_up.sent_as(view, AppState.PANIC)),
        Picture("test-pattern", made_up.testing, page="OUT"),
        Picture("audio-lost", made_up.lost, page="SOUND"),
        Picture("recording", made_up.recording),
        Picture("restarting", lambda view: made_up.with_engine(view, phase="restarting", restarts=1)),
        Picture("troubled", made_up.troubled, page="OUT"),
        Picture("show-gone", gone, danced_before=True),
        Picture("leaving", does=lambda window: window.want_to_leave()),
        Picture("first-1-sound", does=lambda window: _first_steps(window, 0)),
        Picture("first-2-send", does=lambda window: _first_steps(window, 1)),
        Picture("first-3-dance", does=lambda window: _first_steps(window, 2)),
        Picture("learn", made_up.learning, does=lambda window: _hub(window).learn.toggle()),
        Picture("pads-edited", does=lambda window: _edit_pads(window)),
        Picture("page-sound", page="SOUND"),
        Picture("page-out", page="OUT"),
        Picture("page-out-form", does=lambda window: _hub(window).outputs.edit(0), page="OUT"),
        Picture("page-out-monitor", made_up.monitored, does=lambda window: _hub(window).outputs.watch(0), page="OUT"),
        Picture("page-takes", page="TAKES"),
        Picture("page-show", made_up.with_cues, page="SHOW"),
        Picture("page-midi", page="MIDI"),
        Picture("help-keys", does=lambda window: window.open_help("KEYS"), page="HELP"),
        Picture("help-osc", does=lambda window: window.open_help("OSC"), page="HELP"),
        Picture("help-log", does=lambda window: window.open_help("LOG"), page="HELP"),
        Picture("help-about", does=lambda window: window.open_help("ABOUT"), page="HELP"),
    )


def _hub(window: "Window") -> "Hub":
    assert window.deck is not None
    return window.deck.hub


def _first_steps(window: "Window", passed: int) -> None:
    steps = _hub(window).first_steps
    steps.begin()
    for _ in range(passed):
        steps.next()


def _edit_pads(window: "Window") -> None:
    editor = _hub(window).pads.editor
    editor.edit(True)
    editor.choose(4)


class Photographer:
    """Takes pictures of windows of a made-up show."""

    def __init__(self, folder: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from benchmarks.made_up_show import dancing, perform
        from gui import theme

        self._folder = folder
        app = QApplication.instance() or QApplication(["screenshots"])
        assert isinstance(app, QApplication)
        self._app = app
        self._app.setStyle("Fusion")
        self._app.setPalette(theme.qt_palette())
        self._performance = perform()
        self._dancing = dancing(self._performance)

    def close(self) -> None:
        """Let go of the screen."""
        self._app.shutdown()

    def take(self, picture: Picture, width: int, height: int) -> Path:
        """Into a file of the folder."""
        from PySide6.QtCore import QEvent

        from benchmarks.made_up_show import MadeUpShow
        from gui.app_state import AppState as Remembered
        from gui.assemble import build_window

        view = picture.shows(self._dancing)
        show = MadeUpShow(
            self._performance, self._dancing if picture.danced_before else view, picture.pose, picture.ghost
        )
        show.pass_time(-TICK_S * (SETTLING_TICKS + RESTING_TICKS))
        window = build_window(show, Remembered(first_steps=False, page=picture.page))
        window.setGeometry(0, 0, width, height)
        window.restyle()
        window.show()
        self._let(show, window, SETTLING_TICKS)
        picture.does(window)
        show.view_now = replace(picture.shows(self._dancing), now_s=show.view_now.now_s)
        self._let(show, window, RESTING_TICKS)
        path = self._folder / f"{picture.name}-{width}x{height}.png"
        self._app.primaryScreen().grabWindow(0, 0, 0, width, height).save(str(path))
        window.leave_now()
        window.deleteLater()
        self._app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()
        return path

    def _let(self, show: "MadeUpShow", window: "Window", ticks: int) -> None:
        """Let the models and the stage come to rest, in real time: figures of the stage's rate are true."""
        from gui.stage.stage_view import Stage

        for _ in range(ticks):
            until_s = time.monotonic() + TICK_S
            show.pass_time(TICK_S)
            window.tick()
            while time.monotonic() < until_s:
                self._app.processEvents()
        stage = window.findChild(Stage)
        if stage is None or not stage.isVisible():
            return
        deadline = time.monotonic() + STAGE_S
        while not stage.has_body and time.monotonic() < deadline:
            self._app.processEvents()
        before = stage.pictures
        while stage.pictures < before + 2 and time.monotonic() < deadline:
            self._app.processEvents()


def take_live(folder: Path, width: int, height: int) -> list[Path]:
    """Of the whole program while it starts, with its first steps."""
    grab = needed("import", "imagemagick")
    paths = []
    with running_show(first_steps=True) as show:
        for at_s in LIVE_S:
            time.sleep(max(0.0, show.begun_s + at_s - time.monotonic()))
            paths.append(folder / f"live-{at_s:04.1f}s-{width}x{height}.png")
            subprocess.run([grab, "-window", "root", str(paths[-1])], check=True)
    return paths


def write_index(folder: Path) -> Path:
    """A page with all pictures of the folder."""
    figures = "\n".join(
        f'<figure><a href="{html.escape(path.name)}"><img loading="lazy" src="{html.escape(path.name)}"></a>'
        f"<figcaption>{html.escape(path.stem)}</figcaption></figure>"
        for path in sorted(folder.glob("*.png"))
    )
    style = "body{background:#000;color:#ccc;font-family:sans-serif}figure{display:inline-block}img{width:640px}"
    index = folder / "index.html"
    index.write_text(
        f"<!doctype html><meta charset=utf-8><title>MegaDance Live</title><style>{style}</style>\n{figures}\n",
        encoding="utf-8",
    )
    return index


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("screenshots"), metavar="DIR", help="where they are written")
    parser.add_argument("--only", action="append", default=[], metavar="WORD", help="those with this in their name")
    parser.add_argument("--size", action="append", type=size, metavar="WxH", help="instead of the three usual ones")
    parser.add_argument("--live", action="store_true", help="also the whole program as it starts")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    sizes = options.size or SIZES
    with ExitStack() as stack:
        stack.enter_context(virtual_screen(*SCREEN))
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        photographer = Photographer(options.out)
        stack.callback(photographer.close)
        for picture in pictures():
            if options.only and not any(word in picture.name for word in options.only):
                continue
            for width, height in sizes:
                print(photographer.take(picture, width, height), flush=True)
    if options.live:
        for width, height in sizes:
            with virtual_screen(width, height):
                for path in take_live(options.out, width, height):
                    print(path, flush=True)
    print(write_index(options.out))
    sys.stdout.flush()


if __name__ == "__main__":
    told(main)
