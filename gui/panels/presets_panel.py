"""Whole shows: which is open and how it stands, saving it, and opening another."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from gui import palette, theme
from gui.panels.preset_names import PresetNames
from gui.tips import tip, tip_of
from gui.view_models.presets import PresetsModel, called
from gui.widgets.buttons import Button, Look
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.entry import Entry
from gui.widgets.file_chooser import choose_file
from gui.widgets.layouts import column, row
from gui.widgets.panel import PanelFrame, label
from megadance_live.config.folders import SUFFIX

_SENTENCES = 110.0
"""Height of the sentences on the open show, in units; more of them are scrolled."""


class PresetsPanel(QWidget):
    """Draws a PresetsModel."""

    def __init__(self, model: PresetsModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("presets")
        self.setAccessibleName("shows")
        self._name = ElidedLabel(name="preset_name", size=theme.SHOW, bold=True)
        self._title = ElidedLabel(name="preset_title", size=theme.SMALL)
        self._save = Button("SAVE", name="save", tip=tip("save the show as it is now", "save"))
        self._save_as = Button("SAVE AS ...", name="save_as", tip=tip("save the show under another name"))
        self._standing = label(tone="warning", name="preset_standing", wrap=True)
        self._line = ElidedLabel(name="preset_line")
        self._names = PresetNames(model)
        self._open = Button("OPEN", name="open_preset", tip=tip_of("preset"))
        self._file = Button("File ...", name="preset_file", tip=tip("choose a preset that lies anywhere else"))
        self._save.clicked.connect(model.save)
        self._save_as.clicked.connect(model.name_it)
        self._open.clicked.connect(model.open)
        self._file.clicked.connect(self._choose_file)
        self._build_naming()
        self._build_question()
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        state = self._model.state
        changed = " · CHANGED" if state.changed else ""
        self._name.show_text(
            f"{'● ' if changed else ''}{state.name}{changed}", palette.WARNING if changed else palette.TEXT
        )
        self._title.show_text(state.title, palette.DIM)
        self._title.setVisible(bool(state.title) and state.title != state.name)
        saving = state.doing == "saving"
        self._save.set_look(Look(pending=saving, note="saving" if saving else "Ctrl+S"))
        self._standing.setText("\n".join(f"▲ {sentence}" for sentence in state.standing))
        self._sentences.setVisible(bool(state.standing))
        if state.standing:
            high = self._standing.heightForWidth(self._sentences.viewport().width())
            self._sentences.setFixedHeight(min(max(high, 0), theme.px(_SENTENCES)))
        self._line.show_text(state.line)
        self._line.setVisible(bool(state.line))
        self._names.refresh()
        for button in (self._save, self._save_as, self._file):
            button.setEnabled(state.ready)
        self._open.setEnabled(state.ready and bool(state.chosen) and not state.doing)
        self._open.setText(f"OPEN {called(state.chosen)}" if state.chosen else "OPEN")
        self._open.set_look(Look(pending=state.doing == "opening", note="" if state.chosen else "choose one above"))
        self._refresh_naming()
        self._question.setVisible(state.asking)
        self._asks.show_text(f'"{state.name}" has changes that are not saved.', palette.WARNING)
        self._save_first.setVisible(not state.protected)

    def _refresh_naming(self) -> None:
        state = self._model.state
        if state.naming and not self._naming.isVisible():
            self._entry.clearFocus()
            self._entry.show_text(state.wish)
        self._naming.setVisible(state.naming)
        self._entry.show_trouble(state.trouble if state.naming else "")
        self._take.setText("REPLACE" if state.replaces else "SAVE")

    def _build_naming(self) -> None:
        model = self._model
        self._naming = PanelFrame(name="naming")
        self._entry = Entry(model.save_as, name="preset_new_name", says="name of the show", tip="Enter saves")
        self._entry.textEdited.connect(self._entry.show_text)  # stays while SAVE is pressed
        self._entry.textEdited.connect(model.forget_trouble)
        self._take = Button("SAVE", name="preset_take_name", tip=tip("save under this name; key Return"))
        self._take.clicked.connect(lambda: model.save_as(self._entry.text()))
        leave = Button("Cancel", name="preset_leave_name", tip=tip("save nothing"))
        leave.clicked.connect(model.stay)
        layout = row(gap=4)
        layout.addWidget(label("Save as", tone="dim"))
        layout.addWidget(self._entry, 1)
        layout.addWidget(self._take)
        layout.addWidget(leave)
        self._naming.body.addLayout(layout)

    def _build_question(self) -> None:
        model = self._model
        self._question = PanelFrame(name="question")
        self._asks = ElidedLabel(name="preset_asks", bold=True)
        self._save_first = Button("Save and open", name="save_and_open", tip=tip("save, then open the other"))
        self._save_first.clicked.connect(model.save_and_open)
        anyway = Button(
            "Open anyway", name="open_anyway", tip=tip("the changes are kept beside the autosave, as autosave.unsaved")
        )
        anyway.clicked.connect(model.open_anyway)
        stay = Button("Stay", name="open_not", tip=tip("open nothing"))
        stay.clicked.connect(model.stay)
        layout = row(gap=4)
        for button in (self._save_first, anyway, stay):
            layout.addWidget(button, 1)
        self._question.body.addWidget(self._asks)
        self._question.body.addLayout(layout)

    def _lay_out(self) -> None:
        self._sentences = QScrollArea()
        self._sentences.setWidgetResizable(True)
        self._sentences.setFrameShape(QFrame.Shape.NoFrame)
        self._sentences.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._standing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._sentences.setWidget(self._standing)
        names, head, foot, layout = column(gap=0), row(gap=4), row(gap=4), column(gap=5)
        names.addWidget(self._name)
        names.addWidget(self._title)
        head.addLayout(names, 1)
        head.addWidget(self._save)
        head.addWidget(self._save_as)
        foot.addWidget(self._open, 1)
        foot.addWidget(self._file)
        layout.addLayout(head)
        for widget in (self._naming, self._sentences, self._line):
            layout.addWidget(widget)
        layout.addWidget(self._names, 1)
        layout.addWidget(self._question)
        layout.addLayout(foot)
        self.setLayout(layout)

    def _choose_file(self) -> None:
        choose_file(
            self.window(), "Presets", (SUFFIX,), lambda path: self._model.choose(str(path)), name="preset_chooser"
        )
