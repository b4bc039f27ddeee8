"""The page TAKES: recording, what was recorded, and writing it in more formats."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import palette, theme
from gui.panels.export_bar import ExportBar
from gui.panels.take_list import TakeList
from gui.tips import tip, tip_of
from gui.view_models.takes import TakesModel
from gui.widgets.buttons import Button, Look
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.entry import Entry
from gui.widgets.layouts import column, row
from gui.widgets.panel import label
from megadance_live.remote.snapshot import LearnTarget


class TakesPage(QWidget):
    """Draws a TakesModel."""

    def __init__(self, model: TakesModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("page_takes")
        self.setAccessibleName("Takes")
        self._record = Button(
            "REC", name="takes_record", tip=tip_of("record"), target=LearnTarget("record", mode="toggle")
        )
        self._retro = Button("KEEP LAST MINUTE", name="retro", tip=tip_of("retro"), target=LearnTarget("retro"))
        self._mark_name = Entry(
            self._take_mark, name="marker_name", says="name of the marker", tip="Enter puts a marker with this name"
        )
        self._mark_name.setPlaceholderText("name of the marker")
        self._mark_name.textEdited.connect(self._mark_name.show_text)  # stays while MARKER is pressed
        self._mark = Button(
            "MARKER", name="marker", tip=tip_of("marker"), target=LearnTarget("marker", "marker", "momentary")
        )
        self._room = ElidedLabel(name="takes_room", size=theme.BODY)
        self._warning = label(tone="warning", name="takes_warning", wrap=True)
        self._folder = ElidedLabel(name="takes_folder", size=theme.SMALL)
        self._open = Button("Open folder", name="takes_open", tip=tip("open the folder of all takes"))
        self._copy = Button("Copy path", name="takes_copy", tip=tip("put the path of the folder on the clipboard"))
        self._cut_off = label(tone="warning", name="takes_cut_off")
        self._recover = Button(
            "RECOVER", name="recover", tip=tip("finish what was cut off, with everything that lies on the disk")
        )
        self._line = ElidedLabel(name="takes_line")
        self._list = TakeList(model, self._open_folder, self._copy_path)
        self._export = ExportBar(model)
        self._connect()
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        """Draw the model."""
        state = self._model.state
        take = state.record
        note = take.note if take.on else "key Ctrl+R"
        self._record.set_look(Look(take.on, take.asked, colour=palette.RECORD, mark="●" if take.on else "○", note=note))
        self._retro.set_look(Look(pending=state.keeping, note="asked" if state.keeping else "Ctrl+Shift+R"))
        self._mark.set_look(Look(note="key K"))
        for button in (self._record, self._retro):
            button.setEnabled(state.ready)
        for widget in (self._mark, self._mark_name):
            widget.setEnabled(state.ready and bool(state.open_take))
        self._room.show_text(state.room)
        self._warning.setText(f"▲ {state.warning}")
        self._warning.setVisible(bool(state.warning))
        self._folder.show_text(str(state.folder), palette.DIM)
        self._cut_off.setText(f"▲ {state.cut_off}")
        self._cut_off_row.setVisible(bool(state.cut_off))
        self._recover.setEnabled(state.ready and not state.recovering)
        self._recover.set_look(Look(pending=state.recovering, note="at work" if state.recovering else ""))
        self._line.show_text(state.line)
        self._line.setVisible(bool(state.line))
        self._list.refresh()
        self._export.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        self._model.look()

    def _connect(self) -> None:
        model = self._model
        self._record.struck.connect(lambda _shift: model.record())
        self._retro.struck.connect(lambda _shift: model.keep_last_minute())
        self._mark.struck.connect(lambda _shift: self._take_mark(self._mark_name.text()))
        self._open.clicked.connect(lambda: self._open_folder(model.state.folder))
        self._copy.clicked.connect(lambda: self._copy_path(model.state.folder))
        self._recover.clicked.connect(model.recover)

    def _take_mark(self, text: str) -> bool:
        """A name serves once."""
        taken = self._model.mark(text)
        if taken:
            self._mark_name.show_text("")
            self._mark_name.clear()
            self._mark_name.clearFocus()
        return taken

    def _open_folder(self, folder: Path) -> None:
        if not folder.is_dir():
            self._model.say(f"There is no folder {folder} yet: the first take makes it.")
        elif QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._model.say(f"{folder} is opened in another window.")
        else:
            self._model.say("No program here opens folders: copy the path and open it yourself.")

    def _copy_path(self, folder: Path) -> None:
        QGuiApplication.clipboard().setText(str(folder))
        self._model.say(f"Copied {folder}.")

    def _lay_out(self) -> None:
        layout = column(gap=5)
        self._cut_off_row = QWidget()
        self._cut_off_row.setLayout(_in_a_row((self._cut_off, 1), (self._recover, 0)))
        layout.addLayout(
            _in_a_row((self._record, 2), (self._retro, 3), (self._mark_name, 3), (self._mark, 2)),
        )
        layout.addWidget(self._room)
        layout.addWidget(self._warning)
        layout.addWidget(self._cut_off_row)
        layout.addWidget(self._line)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._export)
        layout.addLayout(_in_a_row((self._folder, 1), (self._open, 0), (self._copy, 0)))
        self.setLayout(layout)


def _in_a_row(*widgets: tuple[QWidget, int]) -> QHBoxLayout:
    layout = row(gap=4)
    for widget, stretch in widgets:
        layout.addWidget(widget, stretch)
    return layout
