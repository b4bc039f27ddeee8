"""All presets that can be called by name, one button each."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui import palette
from gui.tips import tip_of
from gui.view_models.presets import PresetsModel
from gui.widgets.buttons import Button, Look
from gui.widgets.layouts import column, grid
from megadance_live.remote.snapshot import LearnTarget

_COLUMNS = 2


class PresetNames(QScrollArea):
    """The open one is lit, the chosen one dashed; nothing is opened here."""

    def __init__(self, model: PresetsModel) -> None:
        super().__init__()
        self._model = model
        self._buttons: dict[str, Button] = {}
        self._drawn: tuple[str, ...] = ()
        self.setObjectName("preset_names")
        self.setAccessibleName("presets")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._grid = grid(gap=4)
        layout = column()
        layout.addLayout(self._grid)
        layout.addStretch(1)
        inside = QWidget()
        inside.setLayout(layout)
        self.setWidget(inside)

    def refresh(self) -> None:
        state = self._model.state
        if state.names != self._drawn:
            self._drawn = state.names
            self._rebuild()
        for name, button in self._buttons.items():
            chosen, current = name == state.chosen, name == state.name
            note = " · ".join(part for part in ("open" if current else "", "chosen" if chosen else "") if part)
            mark = "●" if current else ""
            button.set_look(Look(lit=current, pending=chosen, note=note, mark=mark, colour=palette.ACCENT))

    def _rebuild(self) -> None:
        for button in self._buttons.values():
            button.hide()
            self._grid.removeWidget(button)
            button.deleteLater()
        self._buttons = {name: self._button(name) for name in self._drawn}
        for place, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)

    def _button(self, name: str) -> Button:
        button = Button(
            name, name=f"preset_{name}", tip=f"Choose it; OPEN opens it · {tip_of('preset')}",
            target=LearnTarget("preset", name),
        )  # fmt: skip
        button.clicked.connect(lambda: self._model.choose("" if self._model.state.chosen == name else name))
        return button
