"""Buttons side by side, one of which holds."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import row
from megadance_live.remote.snapshot import LearnTarget


class Segments(QWidget):
    """`chosen` comes with the value of the button that went down."""

    chosen = Signal(object)

    def __init__(
        self,
        choices: Sequence[tuple[Hashable, str, LearnTarget | None]],
        *,
        name: str,
        says: str,
        tip: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(says)
        layout = row(gap=2)
        self.setLayout(layout)
        self._buttons: dict[Hashable, Button] = {}
        for value, text, target in choices:
            button = Button(text, name=f"{name}_{value}", tip=tip, target=target)
            button.setAccessibleName(f"{says} {text}")
            button.struck.connect(lambda _shift, value=value: self.chosen.emit(value))
            self._buttons[value] = button
            layout.addWidget(button, 1)

    def show_value(self, value: Hashable, *, pending: bool = False, enabled: bool = True) -> None:
        """Which one holds, or is asked for (`pending`)."""
        for own, button in self._buttons.items():
            button.setEnabled(enabled)
            holds = own == value
            button.set_look(Look(lit=holds and not pending, pending=holds and pending))
