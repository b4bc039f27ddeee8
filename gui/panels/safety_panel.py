"""FREEZE, BLACKOUT, PANIC and REC: always on the screen."""

from typing import Literal

from PySide6.QtWidgets import QWidget

from gui import palette
from gui.tips import tip_of
from gui.view_models.safety import SafetyModel, SwitchState
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import grid
from megadance_live.core.command import CommandName
from megadance_live.remote.snapshot import LearnTarget


class SafetyPanel(QWidget):
    """They act when they go down. Hatched: asked for, and not yet so."""

    def __init__(self, model: SafetyModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("safety")
        self._record = _switch("REC", "record")
        self._freeze = _switch("FREEZE", "freeze")
        self._blackout = _switch("BLACKOUT", "blackout")
        self._panic = _switch("PANIC", "panic")
        for button, act in (
            (self._record, model.record),
            (self._freeze, model.freeze),
            (self._blackout, model.blackout),
            (self._panic, model.panic),
        ):
            button.struck.connect(lambda _shift, act=act: act())
        layout = grid()
        self.setLayout(layout)
        layout.addWidget(self._record, 0, 0)
        layout.addWidget(self._freeze, 0, 1)
        layout.addWidget(self._blackout, 1, 0)
        layout.addWidget(self._panic, 1, 1)

    def refresh(self) -> None:
        state = self._model.state
        for button in (self._record, self._freeze, self._blackout, self._panic):
            button.setEnabled(state.enabled)
        self._freeze.set_look(_look(state.freeze, palette.FROZEN, "❚❚", "F"))
        self._blackout.set_look(_look(state.blackout, palette.BLACKOUT, "■", "B"))
        self._panic.set_look(_look(state.panic, palette.WARNING, "▲", "X"))
        take = state.record
        mark = "●" if take.on and state.blink else "○"
        note = " · ".join(part for part in (take.note, state.low_disk) if part)
        self._record.set_look(Look(take.on, take.asked, colour=palette.RECORD, mark=mark, note=note))


def _switch(text: str, command: CommandName) -> Button:
    mode: Literal["momentary", "toggle"] = "momentary" if command == "panic" else "toggle"
    button = Button(text, name=command, tip=tip_of(command), target=LearnTarget(command, mode=mode))
    button.least_width = 108.0
    return button


def _look(state: SwitchState, colour: str, mark: str, key: str) -> Look:
    note = "asked" if state.asked else state.note or (f"ON · key {key}" if state.on else f"key {key}")
    return Look(state.on, state.asked, colour=colour, mark=mark if state.on else "", note=note)
