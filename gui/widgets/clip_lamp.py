"""The word CLIP, which lights up when the input was too loud, and stays lit until it is pressed."""

from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.widgets.buttons import Button, Look


class ClipLamp(Button):
    """Lit it is filled and says so in a second line."""

    def __init__(self, *, name: str = "clip", parent: QWidget | None = None) -> None:
        super().__init__(
            "CLIP",
            name=name,
            tip="The input has reached full scale: turn it down at the mixer or the interface. Press to put out",
            size=theme.BODY,
            parent=parent,
        )
        self.least_width = 64.0

    def show_clipped(self, clipped: bool) -> None:
        self.set_look(Look(lit=clipped, colour=palette.BAD, note="too loud" if clipped else "none"))
