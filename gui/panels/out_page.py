"""The page OUT: who is sent the dance, how well that goes, test patterns, and a monitor."""

from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from gui import palette, theme
from gui.panels.monitor_panel import MonitorPanel
from gui.panels.receiver_form_panel import ReceiverFormPanel
from gui.panels.receiver_list import ReceiverList
from gui.tips import tip, tip_of
from gui.view_models.outputs import PATTERN_TITLES, OutputsModel
from gui.view_models.receiver_presets import RECEIVER_PRESETS, ReceiverPreset
from gui.widgets.buttons import Button, Look
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.layouts import column, row
from gui.widgets.panel import label
from megadance_live.remote.snapshot import LearnTarget


class OutPage(QWidget):
    """Draws an OutputsModel."""

    def __init__(self, model: OutputsModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("page_out")
        self.setAccessibleName("Out")
        self._patterns = {name: _pattern_button(model, name, title) for name, title in PATTERN_TITLES.items()}
        self._band = label(role="show", name="pattern_warning", wrap=True)
        self._band.setStyleSheet(f"background: {palette.WARNING}; color: {palette.INK}; font-weight: bold")
        self._band.setMargin(theme.px(4))
        self._line = ElidedLabel(name="outputs_line")
        self._undo = Button("Undo", name="outputs_undo", tip=tip("take the last change of the list back"))
        self._undo.clicked.connect(model.undo)
        self._list = ReceiverList(model)
        self._form = ReceiverFormPanel(model)
        self._monitor = MonitorPanel(model.monitor)
        self._control_in = ElidedLabel(name="control_in", size=theme.SMALL)
        self._said = _said(self._line, self._undo)
        self._adding = _in_a_row(_title("Add"), *(_adding_button(model, preset) for preset in RECEIVER_PRESETS))
        self._arrangement = self._arranged()
        self.setLayout(self._arrangement)

    def refresh(self) -> None:
        """Draw the model."""
        state = self._model.state
        for name, button in self._patterns.items():
            lit = name == state.pattern
            colour = palette.ACCENT if name == "off" else palette.WARNING
            mark = "●" if lit else "○"
            button.set_look(Look(lit=lit, pending=name == state.asked_pattern, colour=colour, mark=mark))
        self._band.setText(f"▲ {state.warning}")
        self._band.setVisible(bool(state.warning))
        self._line.show_text(state.line)
        self._said.setVisible(bool(state.line))
        self._undo.setVisible(state.can_undo)
        self._adding.setVisible(state.form is None)
        self._list.refresh()
        self._form.refresh()
        self._monitor.refresh()
        self._monitor.setVisible(state.form is None)
        self._arrangement.setStretchFactor(self._monitor, 3 if self._model.monitor.state.place is not None else 0)
        self._control_in.show_text(state.control_in, palette.DIM)

    def showEvent(self, event: QShowEvent) -> None:
        self._model.show(True)

    def hideEvent(self, event: QHideEvent) -> None:
        self._model.show(False)

    def _arranged(self) -> QVBoxLayout:
        layout = column(gap=4)
        layout.addWidget(self._band)
        layout.addWidget(_in_a_row(_title("Test pattern"), *self._patterns.values()))
        layout.addWidget(self._adding)
        layout.addWidget(self._said)
        layout.addWidget(self._list, 2)
        layout.addWidget(self._form)
        layout.addWidget(self._monitor)
        layout.addWidget(self._control_in)
        return layout


def _title(text: str) -> QLabel:
    return label(text, role="small", tone="dim")


def _in_a_row(*widgets: QWidget) -> QWidget:
    """Titles are as narrow as they can be, the others share the rest."""
    layout = row(gap=4)
    for widget in widgets:
        layout.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    holder = QWidget()
    holder.setLayout(layout)
    return holder


def _said(line: ElidedLabel, undo: Button) -> QWidget:
    layout = row(margin=2)
    layout.addWidget(line, 1)
    layout.addWidget(undo)
    holder = QWidget()
    holder.setLayout(layout)
    return holder


def _pattern_button(model: OutputsModel, name: str, title: str) -> Button:
    target = LearnTarget("pattern", name)
    button = Button(title, name=f"pattern_{name}", tip=tip_of("pattern"), target=target)
    button.clicked.connect(lambda: model.pattern(name))
    return button


def _adding_button(model: OutputsModel, preset: ReceiverPreset) -> Button:
    words = preset.title.lower().replace(" ", "_")
    button = Button(preset.title, name=f"add_{words}", tip=tip(preset.help), size=theme.SMALL)
    button.clicked.connect(lambda: model.add(preset))
    return button
