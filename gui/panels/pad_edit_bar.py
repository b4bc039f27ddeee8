"""What can be changed about the pads, shown while they are edited."""

from PySide6.QtWidgets import QWidget

from gui import palette
from gui.view_models.pads import PadsModel, plain_name
from gui.widgets.buttons import Button, Look
from gui.widgets.choice import Choice
from gui.widgets.colour_row import ColourRow
from gui.widgets.entry import Entry
from gui.widgets.layouts import column, row
from gui.widgets.panel import label

COLOURS = palette.EXPERTS[:12]


class PadEditBar(QWidget):
    def __init__(self, model: PadsModel) -> None:
        super().__init__()
        self._model = model
        editor = model.editor
        self.setObjectName("pad_edit_bar")
        self._says = label(role="small", tone="dim", wrap=True)
        self._name = Entry(self._rename, name="pad_name", says="name of the pad", tip="Name of the pad; Enter keeps it")
        self._colours = ColourRow(COLOURS, name="pad_colour", says="colour of the pad")
        self._colours.chosen.connect(editor.recolour)
        self._remove = Button("REMOVE PAD", name="remove_pad", tip="Take the chosen pad off this bank")
        self._remove.clicked.connect(editor.remove)
        self._add = Choice(
            name="add_pad", says="add a pad", tip="A pad for an expert that this bank has none for", letters=12
        )
        self._add.setPlaceholderText("add a pad …")
        self._add.chosen.connect(editor.add)
        self._undo = Button("UNDO", name="undo_pads", tip="Take back the last change of the pads")
        self._undo.clicked.connect(editor.undo)
        self._bank = Entry(
            self._rename_bank, name="bank_name", says="name of the bank", tip="Name of the bank; Enter keeps it"
        )
        self._new_bank = Button("NEW BANK", name="new_bank", tip="An empty bank beside this one")
        self._new_bank.clicked.connect(editor.add_bank)
        self._remove_bank = Button("REMOVE BANK", name="remove_bank", tip="Take this bank away, with its pads")
        self._remove_bank.clicked.connect(editor.remove_bank)
        self._lay_out()

    def refresh(self) -> None:
        editor = self._model.editor
        state = editor.state
        if not state.editing:
            return
        page = editor.pages[editor.page]
        pad = page.pads[state.chosen] if state.chosen is not None else None
        for widget in (self._name, self._colours, self._remove):
            widget.setEnabled(pad is not None)
        self._says.setText(
            f"Pad of {plain_name(pad.expert)}: type a name, choose a colour, or drag it to another place."
            if pad is not None
            else "Choose a pad to change it; drag it to move it."
        )
        self._name.show_text((pad.name or plain_name(pad.expert)) if pad is not None else "")
        self._add.offer([(expert, plain_name(expert)) for expert in state.absent])
        self._add.show_value(None)
        self._add.setEnabled(bool(state.absent))
        self._undo.setEnabled(state.can_undo)
        self._bank.show_text(editor.banks[page.bank].name or f"Bank {page.bank + 1}")
        self._remove_bank.setEnabled(state.can_remove_bank)
        self._new_bank.set_look(Look())

    def _rename(self, name: str) -> bool:
        self._model.editor.rename(name)
        return True

    def _rename_bank(self, name: str) -> bool:
        self._model.editor.rename_bank(name)
        return True

    def _lay_out(self) -> None:
        layout, pad_row, bank_row = column(gap=5), row(gap=4), row(gap=4)
        for widget in (self._name, self._add, self._remove, self._undo):
            pad_row.addWidget(widget, 1 if widget is self._name else 0)
        for other in (self._bank, self._new_bank, self._remove_bank):
            bank_row.addWidget(other, 1 if other is self._bank else 0)
        layout.addWidget(self._says)
        layout.addLayout(pad_row)
        layout.addWidget(self._colours)
        layout.addLayout(bank_row)
        self.setLayout(layout)
