"""The form in which a receiver is changed."""

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from gui.tips import tip
from gui.view_models.outputs import OutputsModel
from gui.view_models.receiver_form import HELP, TITLES, ReceiverForm, choices
from gui.widgets.buttons import Button
from gui.widgets.layouts import column, grid, row
from gui.widgets.panel import PanelFrame, label

COLUMNS = 4


class ReceiverFormPanel(PanelFrame):
    """Checked with every key; what is wrong is said under the fields, and only what is right can be applied."""

    def __init__(self, model: OutputsModel) -> None:
        super().__init__(name="receiver_form")
        self._model = model
        self._drawn: tuple[str, ...] = ()
        self._fields = {name: _FormField(name, model, self) for name in TITLES}
        self._grid = grid(gap=4)
        self._problem = label(tone="bad", name="receiver_problem", wrap=True)
        self._apply = Button("Apply", name="receiver_apply", tip=tip("send to it like this from now on; key Return"))
        self._leave = Button("Cancel", name="receiver_cancel", tip=tip("leave it as it was"))
        self._copy = Button("Copy", name="receiver_copy", tip=tip("the same once more, on the next free port"))
        self._remove = Button("Remove", name="receiver_remove", tip=tip("take it from the list; Undo brings it back"))
        self._copy.clicked.connect(lambda: self._act(model.duplicate))
        self._remove.clicked.connect(lambda: self._act(model.remove))
        self._apply.clicked.connect(model.apply)
        self._leave.clicked.connect(model.close_form)
        foot = row()
        foot.addWidget(self._copy)
        foot.addWidget(self._remove)
        foot.addStretch(1)
        foot.addWidget(self._leave)
        foot.addWidget(self._apply)
        self.body.addLayout(self._grid)
        self.body.addWidget(self._problem)
        self.body.addLayout(foot)

    def refresh(self) -> None:
        """Draw the model; hidden while nothing is edited."""
        form = self._model.state.form
        self.setVisible(form is not None)
        if form is None:
            return
        if form.fields != self._drawn:
            self._arrange(form.fields)
        problems = form.problems
        for name in form.fields:
            self._fields[name].show_value(form, name in problems)
        first = next(iter(problems), "")
        self._problem.setText(f"✕ {TITLES[first]}: {problems[first]}" if first else "")
        self._problem.setVisible(bool(problems))
        self._apply.setEnabled(not problems)

    def _act(self, act: Callable[[int], None]) -> None:
        form = self._model.state.form
        if form is not None:
            act(form.place)

    def _arrange(self, names: tuple[str, ...]) -> None:
        """Those that the layout has."""
        for part in self._fields.values():
            self._grid.removeWidget(part)
            part.hide()
        for k, name in enumerate(names):
            self._grid.addWidget(self._fields[name], k // COLUMNS, k % COLUMNS)
            self._fields[name].show()
        self._drawn = names


class _FormField(QWidget):
    """A title over what is typed or chosen."""

    def __init__(self, name: str, model: OutputsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._name = name
        self._typed: QLineEdit | None = None
        self._chosen: QComboBox | None = None
        layout = column(gap=0)
        title = label(TITLES[name], role="small", tone="dim")
        layout.addWidget(title)
        layout.addWidget(self._chooser(model) if choices(name) else self._line(model))
        self.setLayout(layout)

    def show_value(self, form: ReceiverForm, wrong: bool) -> None:
        """What the form holds; the cursor stays where it is."""
        value = form.values[self._name]
        if self._chosen is not None and self._chosen.currentText() != value:
            self._chosen.setCurrentText(value)
        if self._typed is not None:
            if self._typed.text() != value:
                self._typed.setText(value)
            if self._typed.property("invalid") != wrong:
                self._typed.setProperty("invalid", wrong)
                self._typed.style().unpolish(self._typed)
                self._typed.style().polish(self._typed)

    def _line(self, model: OutputsModel) -> QLineEdit:
        self._typed = QLineEdit()
        self._typed.textEdited.connect(lambda text: model.put(self._name, text))
        self._typed.returnPressed.connect(model.apply)
        self._name_it(self._typed)
        return self._typed

    def _chooser(self, model: OutputsModel) -> QComboBox:
        self._chosen = QComboBox()
        self._chosen.addItems(choices(self._name))
        self._chosen.textActivated.connect(lambda text: model.put(self._name, text))
        self._name_it(self._chosen)
        return self._chosen

    def _name_it(self, widget: QWidget) -> None:
        widget.setObjectName(f"receiver_field_{self._name}")
        widget.setAccessibleName(TITLES[self._name])
        widget.setToolTip(tip(HELP[self._name]))
