"""The form in which a cue is written."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.tips import tip
from gui.view_models.cue_form import CueForm
from gui.view_models.cues import CuesModel
from gui.view_models.said import WORDS, command_in_words, values_of
from gui.widgets.buttons import Button
from gui.widgets.choice import Choice
from gui.widgets.layouts import grid, row
from gui.widgets.panel import PanelFrame, label
from megadance_live.control.vocabulary import VOCABULARY

_COLUMNS = 3
_BAR = 84.0


class CueFormPanel(PanelFrame):
    """Hidden while no cue is written."""

    def __init__(self, model: CuesModel) -> None:
        super().__init__(name="cue_form")
        self._model = model
        self._drawn: tuple[tuple[str, object], ...] = ()
        self._chips: list[Button] = []
        self._bar = self._field("cue_bar", "bar", "Counted from 1; 5.5 is the middle of bar 5")
        self._bar.textEdited.connect(lambda text: model.put(bar=text))
        self._bar.returnPressed.connect(self._finish)
        self._value = self._field("cue_value", "value", "What the command is given; Return adds it")
        self._value.textEdited.connect(lambda text: model.put(value=text))
        self._value.returnPressed.connect(self._add_typed)
        self._this = Button("This bar", name="cue_this_bar", tip=tip("the bar that is danced now"))
        self._next = Button("Next bar", name="cue_next_bar", tip=tip("the bar after this one"))
        self._done = Button("DONE", name="cue_done", tip=tip("put this cue into the list"))
        self._leave = Button("Cancel", name="cue_leave", tip=tip("leave the list as it is"))
        self._word = Choice(name="cue_word", says="command", tip="What happens", letters=9)
        self._word.offer([(name, name.replace("_", " ")) for name in WORDS])
        self._choice = Choice(name="cue_choice", says="value", tip="What the command is given", letters=9)
        self._add = Button("ADD", name="cue_add", tip=tip("let this happen, too"))
        self._trouble = label(tone="bad", name="cue_trouble", wrap=True)
        self._takes = label(role="small", tone="dim", name="cue_takes", wrap=True)
        self._word.chosen.connect(lambda word: model.put(word=word))
        self._choice.chosen.connect(lambda value: model.put(value=value))
        self._this.clicked.connect(model.this_bar)
        self._next.clicked.connect(model.next_bar)
        self._done.clicked.connect(model.done)
        self._leave.clicked.connect(model.leave)
        self._add.clicked.connect(model.add_command)
        self._lay_out()

    def refresh(self) -> None:
        """Draw the model."""
        state = self._model.state
        form = state.form
        self.setVisible(form is not None)
        if form is None:
            return
        _show(self._bar, form.bar)
        _show(self._value, form.value)
        self._word.show_value(form.word)
        choices = values_of(form.word, state.experts, state.scenes)
        self._choice.offer(choices)
        self._choice.show_value(form.value)
        self._choice.setVisible(bool(choices))
        self._value.setVisible(not choices and not form.takes_nothing)
        self._takes.setText(f"{VOCABULARY[form.word].help} · {form.takes}")
        self._trouble.setText(f"✕ {form.trouble}")
        self._trouble.setVisible(bool(form.trouble))
        self._takes.setVisible(not form.trouble)
        self._show_chips(form)

    def _show_chips(self, form: CueForm) -> None:
        said = tuple(form.said.items())
        if said == self._drawn:
            return
        self._drawn = said
        for chip in self._chips:
            chip.hide()
            self._grid.removeWidget(chip)
            chip.deleteLater()
        self._chips = [self._chip(name, command_in_words(name, value)) for name, value in said]
        for place, chip in enumerate(self._chips):
            self._grid.addWidget(chip, place // _COLUMNS, place % _COLUMNS)

    def _chip(self, name: str, words: str) -> Button:
        chip = Button(f"{words}  ✕", name=f"cue_said_{name}", tip=tip("take this out of the cue"))
        chip.clicked.connect(lambda: self._model.take_out(name))
        return chip

    def _add_typed(self) -> None:
        if self._model.add_command():
            self._value.clearFocus()

    def _finish(self) -> None:
        if self._model.done():
            self._bar.clearFocus()

    def _field(self, name: str, says: str, tells: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setAccessibleName(says)
        field.setToolTip(tells)
        field.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        return field

    def _lay_out(self) -> None:
        top, middle, self._grid = row(gap=4), row(gap=4), grid(gap=4)
        parts: tuple[tuple[QWidget, int], ...] = (
            (label("Bar", tone="dim"), 0), (self._bar, 1), (self._this, 0), (self._next, 0), (self._leave, 0),
            (self._done, 0),
        )  # fmt: skip
        for widget, stretch in parts:
            top.addWidget(widget, stretch)
        for widget in (self._word, self._choice, self._value):
            middle.addWidget(widget, 1)
        middle.addWidget(self._add)
        self.body.addLayout(top)
        self.body.addLayout(middle)
        self.body.addWidget(self._takes)
        self.body.addWidget(self._trouble)
        self.body.addLayout(self._grid)


def _show(field: QLineEdit, text: str) -> None:
    """The cursor stays where it is."""
    if field.text() != text:
        field.setText(text)
