"""In which formats the chosen take is written."""

from gui.tips import tip
from gui.view_models.takes import FORMAT_HELP, FORMAT_TITLES, FORMATS, TakesModel
from gui.widgets.buttons import Button, Toggle
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.layouts import row
from gui.widgets.panel import PanelFrame


class ExportBar(PanelFrame):
    """Hidden while no take is chosen."""

    def __init__(self, model: TakesModel) -> None:
        super().__init__(name="export_bar")
        self._model = model
        self._what = ElidedLabel(name="export_what", bold=True)
        self._formats = {name: self._toggle(name) for name in FORMATS}
        self._write = Button("WRITE", name="export_write", tip=tip("write these files beside the others of the take"))
        self._leave = Button("Cancel", name="export_leave", tip=tip("write nothing"))
        self._write.clicked.connect(model.export)
        self._leave.clicked.connect(lambda: model.choose(model.state.chosen))
        layout = row(gap=4)
        layout.addWidget(self._what, 1)
        for button in (*self._formats.values(), self._write, self._leave):
            layout.addWidget(button)
        self.body.addLayout(layout)

    def refresh(self) -> None:
        state = self._model.state
        self.setVisible(bool(state.chosen))
        self._what.show_text(f"{state.chosen} as")
        for name, toggle in self._formats.items():
            toggle.setVisible(name in state.missing)
            toggle.set_on(name in state.wanted)
        self._write.setEnabled(bool(state.wanted))

    def _toggle(self, name: str) -> Toggle:
        made = Toggle(FORMAT_TITLES[name], name=f"export_{name}", tip=tip(FORMAT_HELP[name]), parent=self)
        made.clicked.connect(lambda: self._model.want(name))
        return made
