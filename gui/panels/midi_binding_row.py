"""One line of the table of bindings."""

from PySide6.QtWidgets import QWidget

from gui import palette
from gui.view_models.midi import BindingState, MidiModel
from gui.widgets.buttons import Button
from gui.widgets.choice import Choice
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.entry import Entry
from gui.widgets.layouts import column, row


class BindingRow(QWidget):
    """Of the binding at `place` of the list."""

    def __init__(self, place: int, model: MidiModel) -> None:
        super().__init__()
        self._place = place
        self._model = model
        self.setObjectName(f"binding_{place}")
        self._what = ElidedLabel(name=f"binding_{place}_what", bold=True)
        self._key = ElidedLabel(name=f"binding_{place}_key")
        self._mode = Choice(
            name=f"binding_{place}_mode",
            says="mode",
            tip="Momentary: acts when pressed, and a switch goes off when let go. Toggle: each press turns it over. "
            "Range: the knob turns the value between two limits",
            letters=9,
        )
        self._mode.chosen.connect(lambda mode: model.set_mode(place, mode))
        self._least = self._limit("least", "Value at the lowest turn; Enter keeps it")
        self._greatest = self._limit("greatest", "Value at the highest turn; Enter keeps it")
        self._remove = Button("✕", name=f"binding_{place}_remove", tip="Take this binding away")
        self._remove.setAccessibleName("remove binding")
        self._remove.clicked.connect(lambda: model.remove(place))
        self._lay_out()

    def show_binding(self, binding: BindingState) -> None:
        """Draw what it does and which key does it."""
        mark = "NEW  " if binding.fresh else ""
        self._what.show_text(mark + binding.what, palette.GOOD if binding.fresh else palette.TEXT)
        self._key.show_text(binding.key, palette.DIM)
        self._mode.offer([(mode, mode) for mode in binding.modes])
        self._mode.show_value(binding.mode)
        self._mode.setEnabled(len(binding.modes) > 1)
        for field, value in ((self._least, binding.least), (self._greatest, binding.greatest)):
            field.setVisible(binding.mode == "range")
            field.show_text(f"{value:g}")

    def _limit(self, end: str, tip: str) -> Entry:
        entry = Entry(self._take_limits, name=f"binding_{self._place}_{end}", says=f"{end} value", tip=tip)
        entry.least_width = 56.0
        return entry

    def _take_limits(self, _text: str) -> bool:
        return self._model.set_limits(self._place, self._least.text(), self._greatest.text())

    def _lay_out(self) -> None:
        layout, words = row(gap=6), column(gap=0)
        words.addWidget(self._what)
        words.addWidget(self._key)
        layout.addLayout(words, 1)
        layout.addWidget(self._least)
        layout.addWidget(self._greatest)
        layout.addWidget(self._mode)
        layout.addWidget(self._remove)
        self.setLayout(layout)
