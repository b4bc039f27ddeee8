"""The cue list: followed or not, what comes next, and how it is changed."""

from PySide6.QtWidgets import QWidget

from gui import palette, theme
from gui.panels.cue_form_panel import CueFormPanel
from gui.panels.cue_table import CueTable
from gui.tips import tip
from gui.view_models.cues import CuesModel
from gui.widgets.buttons import Button, Toggle
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.file_chooser import choose_file, choose_new_file
from gui.widgets.layouts import column, row
from gui.widgets.panel import label
from megadance_live.config.folders import SUFFIX


class CuesPanel(QWidget):
    """Draws a CuesModel."""

    def __init__(self, model: CuesModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("cue_list")
        self.setAccessibleName("cues")
        self._follow = Toggle("FOLLOW", name="follow_cues", tip=tip("let the bars of the music fire the cues, or not"))
        self._follow.clicked.connect(lambda: model.follow(not model.state.followed))
        self._position = label(role="large", name="cue_position")
        self._standing = ElidedLabel(name="cue_standing", size=theme.SHOW, bold=True)
        self._table = CueTable()
        self._form = CueFormPanel(model)
        self._line = ElidedLabel(name="cue_line")
        self._add = Button("ADD CUE", name="add_cue", tip=tip("write a cue for the next bar"))
        self._edit = Button("Edit", name="edit_cue", tip=tip("write the cue that is chosen in the list anew"))
        self._delete = Button("Delete", name="delete_cue", tip=tip("take the chosen cue out; UNDO brings it back"))
        self._undo = Button("UNDO", name="undo_cues", tip=tip("take back the last change of the list"))
        self._load = Button("Load ...", name="load_cues", tip=tip("the cues of a file in place of this list"))
        self._save = Button("Save ...", name="save_cues", tip=tip("write this list into a file (docs/cues.md)"))
        self._replace = Button("REPLACE", name="replace_cues", tip=tip("write over the file that is there"))
        self._connect()
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        state = self._model.state
        self._follow.set_on(state.followed)
        self._position.setText(state.position)
        self._standing.show_text(state.standing, palette.TEXT if state.followed else palette.WARNING)
        self._table.show_rows(state.rows)
        self._form.refresh()
        self._line.show_text(state.line)
        self._line.setVisible(bool(state.line))
        writing = state.form is not None
        for button in (self._add, self._edit, self._delete, self._undo, self._load, self._save):
            button.setVisible(not writing)
        chosen = self._table.place is not None
        self._edit.setEnabled(chosen)
        self._delete.setEnabled(chosen)
        self._undo.setEnabled(state.can_undo)
        self._save.setEnabled(bool(state.rows))
        self._replace.setVisible(bool(state.replaces) and not writing)

    def _connect(self) -> None:
        model = self._model
        self._add.clicked.connect(model.add)
        self._edit.clicked.connect(lambda: model.edit(self._chosen()))
        self._delete.clicked.connect(lambda: model.delete(self._chosen()))
        self._undo.clicked.connect(model.undo)
        self._replace.clicked.connect(model.replace)
        self._load.clicked.connect(
            lambda: choose_file(self.window(), "Cue files", (SUFFIX,), model.load, name="cue_chooser")
        )
        self._save.clicked.connect(
            lambda: choose_new_file(self.window(), "Cue files", (SUFFIX,), model.save, name="cue_saver")
        )

    def _chosen(self) -> int:
        place = self._table.place
        return -1 if place is None else place

    def _lay_out(self) -> None:
        layout, head, said, foot = column(gap=5), row(gap=8), row(gap=4), row(gap=4)
        head.addWidget(self._follow)
        head.addWidget(self._position)
        head.addWidget(self._standing, 1)
        said.addWidget(self._line, 1)
        said.addWidget(self._replace)
        for button in (self._add, self._edit, self._delete, self._undo, self._load, self._save):
            foot.addWidget(button, 1)
        layout.addLayout(head)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._form)
        layout.addLayout(said)
        layout.addLayout(foot)
        self.setLayout(layout)
