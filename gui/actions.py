"""What every key of the table does, in terms of the view models."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtWidgets import QApplication

from gui.view_models.hub import Hub
from gui.widgets.buttons import Button


class Surface(Protocol):
    """What keys do to the window itself."""

    def open_place(self, place: int) -> None: ...
    def open_help(self, sub_page: str) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def want_to_leave(self) -> None: ...


def actions_of(hub: Hub, surface: Surface) -> dict[str, Callable[[int], None]]:
    """By the names of `gui.keys`; each is given the key's argument."""
    return {
        "freeze": lambda _: hub.safety.freeze(),
        "blackout": lambda _: hub.safety.blackout(),
        "panic": lambda _: hub.safety.panic(),
        "tap": lambda _: hub.tempo.tap(),
        "resync": lambda _: hub.tempo.resync(),
        "halve": lambda _: hub.tempo.halve(),
        "double": lambda _: hub.tempo.double(),
        "nudge": hub.tempo.nudge,
        "lock": lambda _: hub.tempo.lock(),
        "pad": hub.pads.press,
        "pad_now": hub.pads.press_now,
        "cancel": lambda _: _cancel(hub),
        "bank": hub.pads.turn,
        "again": lambda _: hub.macros.again(),
        "mirror": lambda _: hub.macros.mirror(),
        "record": lambda _: hub.safety.record(),
        "retro": lambda _: hub.safety.keep_last_minute(),
        "marker": lambda _: hub.safety.mark(),
        "save": lambda _: hub.presets.save(),
        "learn": lambda _: hub.learn.toggle(),
        "tab": surface.open_place,
        "keys": lambda _: surface.open_help("KEYS"),
        "full_screen": lambda _: surface.toggle_full_screen(),
        "press_focused": lambda _: _press_focused(),
        "leave": lambda _: surface.want_to_leave(),
    }


def _press_focused() -> None:
    """What the Tab key has reached."""
    focused = QApplication.focusWidget()
    if isinstance(focused, Button) and focused.isEnabled():
        focused.press()


def _cancel(hub: Hub) -> None:
    """Esc takes back what was begun last: leaving, learning, editing, or what is armed."""
    if hub.leaving.stage == "asking":
        hub.leaving.stay()
    elif hub.learn.active:
        hub.learn.toggle()
    elif hub.pads.editor.state.editing or hub.scenes.state.editing:
        hub.pads.editor.edit(False)
        hub.scenes.edit(False)
    else:
        hub.pads.cancel()
