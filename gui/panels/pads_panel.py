"""The pads with their banks, the quantisation, and the bar that fills while one expert gives way to another."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import palette, theme
from gui.panels.pad_edit_bar import PadEditBar
from gui.panels.pad_look import countdown_words, pad_look
from gui.tips import tip, tip_of
from gui.view_models.pads import PadsModel, PadsState
from gui.view_models.quantize import CHOICES_BARS, QuantizeModel, label_of
from gui.widgets.buttons import Button, Look, Toggle
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.gauge import Gauge
from gui.widgets.layouts import column, row
from gui.widgets.pad_grid import PadGrid
from gui.widgets.panel import label
from gui.widgets.segments import Segments
from megadance_live.remote.snapshot import LearnTarget


class _BankTab(Button):
    """Makes room where there are many."""

    def sizeHint(self) -> QSize:
        return super().minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(self.least_width), theme.px(self.least_height))


class PadsPanel(QWidget):
    def __init__(self, model: PadsModel, quantize: QuantizeModel) -> None:
        super().__init__()
        self._model = model
        self._quantize = quantize
        self.setObjectName("pads")
        self.setAccessibleName("experts")
        self._banks: list[Button] = []
        self._bank_row: QHBoxLayout = row(gap=4)
        self._edit = Toggle("EDIT", name="edit_pads", tip="Order, names and colours of the pads, and banks of them")
        self._edit.clicked.connect(self._toggle_editing)
        self._segments = Segments(
            [(bars, label_of(bars), LearnTarget("quantize", bars)) for bars in CHOICES_BARS],
            name="quantize",
            says="quantise",
            tip=tip_of("quantize"),
        )
        self._segments.chosen.connect(quantize.choose)
        self._grid = PadGrid(name="pad", says="pads", least=(80.0, 50.0), note_size=theme.SHOW)
        self._grid.struck.connect(self._strike)
        self._grid.dropped.connect(model.editor.move)
        self._mix = Gauge(name="crossfade_shown", says="crossfade", tip="How far one expert has given way to another")
        self._trouble = ElidedLabel(name="pads_trouble")
        self._edit_bar = PadEditBar(model)
        self._edit_bar.hide()
        self._lay_out()
        self.refresh()

    @property
    def editing(self) -> bool:
        return self._model.editor.state.editing

    def refresh(self) -> None:
        state, editing = self._model.state, self._model.editor.state
        self._refresh_banks(state)
        self._refresh_pads(state)
        quantize = self._quantize.state
        self._segments.show_value(quantize.bars, pending=quantize.asked, enabled=quantize.ready)
        self._edit.set_on(editing.editing)
        self._edit.setEnabled(editing.editing or state.ready)
        self._edit_bar.setVisible(editing.editing)
        self._edit_bar.refresh()
        if state.mix < 1.0:
            self._mix.show_share(state.mix, f"{state.mix_from} → {state.mix_to}  {state.mix * 100:.0f} %")
        else:
            self._mix.show_share(0.0, _standing_words(state))
        self._trouble.setVisible(bool(state.trouble))
        self._trouble.show_text(state.trouble, palette.WARNING)

    def _refresh_pads(self, state: PadsState) -> None:
        editor = self._model.editor
        self._grid.lay_out(len(state.pads), _columns(len(state.pads)))
        self._grid.edit(editor.state.editing)
        for place, pad in enumerate(state.pads):
            chosen = editor.state.editing and editor.state.chosen == place
            self._grid.show_pad(
                place,
                pad.name,
                pad_look(pad, state, chosen=chosen),
                tip=f"{pad.expert} · {tip_of('expert', pad.key)} · with Shift: at once",
                target=LearnTarget("expert", pad.expert),
                enabled=editor.state.editing or (state.ready and pad.status != "missing"),
            )

    def _refresh_banks(self, state: PadsState) -> None:
        while len(self._banks) > len(state.pages):
            button = self._banks.pop()
            self._bank_row.removeWidget(button)
            button.setParent(None)
            button.deleteLater()
        while len(self._banks) < len(state.pages):
            self._banks.append(self._new_bank(len(self._banks)))
        for button, page in zip(self._banks, state.pages, strict=True):
            button.setText(page.name)
            mark = {"active": "▶", "armed": "◔", "": ""}[page.holds]
            button.set_look(Look(lit=page.shown, colour=palette.DIM, mark=mark))

    def _new_bank(self, place: int) -> Button:
        button = _BankTab("", name=f"bank_{place + 1}", tip=tip("show this bank of pads", "bank"))
        button.struck.connect(lambda _shift: self._model.turn_to(place))
        self._bank_row.insertWidget(place, button)
        return button

    def _lay_out(self) -> None:
        layout, top = column(gap=5), row(gap=4)
        self._bank_row.addWidget(self._mix, 1)
        self._bank_row.addWidget(self._edit)
        top.addWidget(label("start on", tone="dim"))
        top.addWidget(self._segments, 1)
        layout.addLayout(self._bank_row)
        layout.addWidget(self._grid, 1)
        layout.addWidget(self._trouble)
        layout.addLayout(top)
        layout.addWidget(self._edit_bar)
        self.setLayout(layout)

    def _strike(self, place: int, shift: bool) -> None:
        if shift:
            self._model.press_now(place)
        else:
            self._model.press(place)

    def _toggle_editing(self) -> None:
        self._model.editor.edit(not self.editing)


def _columns(count: int) -> int:
    """Rows of four look right on the page; more than sixteen pads need five."""
    return 5 if count > 16 else 4


def _standing_words(state: PadsState) -> str:
    """Who dances and who is to follow: their pads may be in another bank."""
    if not state.armed:
        return state.active
    countdown = "" if state.countdown_beats is None else f" {countdown_words(state.countdown_beats)}"
    return f"{state.active} · then {state.armed}{countdown}"
