"""Macros: seven faders, mirror, seed and again."""

from typing import Final

from PySide6.QtWidgets import QWidget

from gui import palette
from gui.tips import tip_of
from gui.view_models.macros import MACROS, MacroName, MacrosModel
from gui.widgets.buttons import Button, Look, Toggle
from gui.widgets.entry import Entry
from gui.widgets.fader import Fader, Range
from gui.widgets.layouts import grid, row
from gui.widgets.panel import label
from megadance_live.control.vocabulary import CONTROL_FIELDS, VOCABULARY
from megadance_live.core.control import Control
from megadance_live.remote.snapshot import LearnTarget

_STEPS: Final[dict[MacroName, tuple[float, int]]] = {
    "energy": (0.01, 2),
    "dynamics": (0.01, 2),
    "accent": (0.01, 2),
    "looseness": (0.01, 2),
    "smooth": (0.01, 2),
    "crossfade": (0.05, 2),
    "latency": (1.0, 0),
}
"""Steps of the faders, and decimals that are written."""
_IN_A_ROW: Final = 4
_AGAIN: Final = {"": "", "asked": "asked", "next": "next bar", "now": "now"}


class MacrosPanel(QWidget):
    def __init__(self, model: MacrosModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("macros")
        self.setAccessibleName("macros")
        self._faders = {name: self._fader(name) for name in MACROS}
        self._mirror = Toggle(
            "MIRROR", name="mirror", tip=tip_of("mirror"), target=LearnTarget("mirror", mode="toggle")
        )
        self._mirror.struck.connect(lambda _shift: model.mirror())
        self._seed = Entry(model.enter_seed, name="seed", says="seed", tip=tip_of("seed"))
        self._seed.left.connect(model.forget_trouble)
        self._dice = Button("⚄ NEW SEED", name="new_seed", tip="Throw another seed: the dance goes on another way")
        self._dice.struck.connect(lambda _shift: model.new_seed())
        self._again = Button("AGAIN", name="again", tip=tip_of("again"), target=LearnTarget("again"))
        self._again.struck.connect(lambda _shift: model.again())
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        state = self._model.state
        for macro in state.faders:
            fader = self._faders[macro.name]
            fader.setEnabled(state.ready)
            fader.show_value(macro.value, pending=macro.asked)
        for widget in (self._mirror, self._seed, self._dice, self._again):
            widget.setEnabled(state.ready)
        self._mirror.set_on(state.mirror and not state.mirror_asked, pending=state.mirror_asked)
        self._seed.show_text(str(state.seed))
        self._seed.show_trouble(state.trouble)
        self._dice.set_look(Look(pending=state.seed_asked))
        self._again.set_look(
            Look(
                lit=state.again == "now",
                pending=state.again == "asked",
                glow=1.0 if state.again == "next" else None,
                colour=palette.GOOD,
                note=_AGAIN[state.again] or "key A",
                mark="↻" if state.again == "now" else "",
            )
        )

    def _fader(self, name: MacroName) -> Fader:
        word, model = VOCABULARY[name], self._model
        step, decimals = _STEPS[name]
        default = float(getattr(Control, CONTROL_FIELDS[name]))
        values = Range(word.least, word.greatest, default, step, word.unit, decimals)
        fader = Fader(
            MACROS[name], values, name=name, tip=tip_of(name), target=LearnTarget(name, mode="range")
        )  # fmt: skip
        fader.least_width = 96.0
        fader.moved.connect(lambda value: model.turn(name, value))
        fader.let_go.connect(lambda: model.release(name))
        return fader

    def _lay_out(self) -> None:
        """What is danced above, how it is handed on below."""
        layout, seed = grid(gap=6), row(gap=4)
        for place, fader in enumerate(self._faders.values()):
            layout.addWidget(fader, *divmod(place, _IN_A_ROW))
        seed.addWidget(label("seed", tone="dim"))
        seed.addWidget(self._seed, 1)
        layout.addLayout(seed, 0, _IN_A_ROW)
        layout.addWidget(self._dice, 0, _IN_A_ROW + 1)
        layout.addWidget(self._mirror, 1, _IN_A_ROW - 1)
        layout.addWidget(self._again, 1, _IN_A_ROW, 1, 2)
        for place in range(_IN_A_ROW + 2):
            layout.setColumnStretch(place, 1)
        self.setLayout(layout)
