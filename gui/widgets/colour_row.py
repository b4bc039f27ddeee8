"""A row of colours to choose one from."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui import palette
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import row


class ColourRow(QWidget):
    """`chosen` comes with #rrggbb, or "" for the colour that the app gives."""

    chosen = Signal(str)

    def __init__(self, colours: Sequence[str], *, name: str, says: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(says)
        layout = row(gap=3)
        self.setLayout(layout)
        self._add("auto", "", "The colour that the app gives", f"{name}_auto")
        for number, colour in enumerate(colours, 1):
            self._add(" ", colour, f"Colour {number}, {colour}", f"{name}_{number}")

    def _add(self, text: str, colour: str, tip: str, name: str) -> None:
        button = Button(text, name=name, tip=tip)
        button.setAccessibleName(tip)
        button.least_width = 20.0 if colour else 44.0
        button.set_look(Look(lit=bool(colour), colour=colour or palette.DIM))
        button.clicked.connect(lambda: self.chosen.emit(colour))
        layout = self.layout()
        assert layout is not None
        layout.addWidget(button)
