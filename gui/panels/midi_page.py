"""Controllers: which are heard, what their keys and knobs do, and how they learn it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from gui import palette
from gui.panels.midi_binding_row import BindingRow
from gui.tips import tip
from gui.view_models.learn import LearnMode
from gui.view_models.midi import MidiModel, PortState
from gui.widgets.buttons import Button, Look, Toggle
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.lamp import Lamp
from gui.widgets.layouts import column, row
from gui.widgets.panel import PanelFrame, label

HOW = (
    "Press LEARN, choose any control of this window that is framed with dashes, then press the pad or turn the knob of "
    "your controller. A key that did something else before does only this from then on."
)


class MidiPage(QWidget):
    def __init__(self, model: MidiModel, learn: LearnMode) -> None:
        super().__init__()
        self._model = model
        self._learn = learn
        self.setObjectName("page_midi")
        self.setAccessibleName("Midi")
        self._on = Toggle("MIDI", name="midi_on", tip="Listen to controllers")
        self._on.clicked.connect(lambda: model.enable(not model.state.enabled))
        self._lights = Toggle("LIGHTS", name="midi_feedback", tip="Light the controllers' pads as the show stands")
        self._lights.clicked.connect(lambda: model.feed_back(not model.state.feedback))
        self._learning = Toggle("LEARN", name="learn", tip=tip("bind keys and knobs to controls", "learn"))
        self._learning.clicked.connect(learn.toggle)
        self._undo = Button("UNDO", name="undo_midi", tip="Take back the last change of the bindings and inputs")
        self._undo.clicked.connect(model.undo)
        self._says = label(name="learn_says", wrap=True)
        self._trouble = label(name="midi_trouble", tone="warning", wrap=True)
        self._last = ElidedLabel(name="midi_last")
        self._ports: list[tuple[Toggle, Lamp]] = []
        self._port_column: QVBoxLayout = column(gap=4)
        self._rows: list[BindingRow] = []
        self._row_column: QVBoxLayout = column(gap=4)
        self._none = label("Nothing is bound yet.", tone="dim")
        self._lay_out()
        self.refresh()

    def refresh(self) -> None:
        state = self._model.state
        self._on.set_on(state.enabled)
        self._lights.set_on(state.feedback)
        self._learning.setEnabled(state.available and state.enabled)
        self._learning.set_on(self._learn.active, colour=palette.WARNING)
        self._undo.setEnabled(state.can_undo)
        self._says.setText(self._learn.said or HOW)
        trouble = " ".join(part for part in (state.trouble, state.refused) if part)
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        self._last.show_text(f"Last heard: {state.last}" if state.last else "Nothing has been heard yet.", palette.DIM)
        self._refresh_ports(state.ports)
        self._refresh_rows()

    def _refresh_ports(self, ports: tuple[PortState, ...]) -> None:
        while len(self._ports) > len(ports):
            for widget in self._ports.pop():
                widget.setParent(None)
                widget.deleteLater()
        while len(self._ports) < len(ports):
            self._add_port(len(self._ports))
        for (toggle, lamp), port in zip(self._ports, ports, strict=True):
            toggle.setText(port.name)
            toggle.set_on(port.heard)
            if not port.present:
                lamp.show_state("warning", "not there; it comes back by itself")
            elif port.lit:
                lamp.show_state("good", "message")
            else:
                lamp.show_state("off", "listening" if port.heard else "left out")

    def _refresh_rows(self) -> None:
        bindings = self._model.state.bindings
        while len(self._rows) > len(bindings):
            gone = self._rows.pop()
            gone.setParent(None)
            gone.deleteLater()
        while len(self._rows) < len(bindings):
            made = BindingRow(len(self._rows), self._model)
            self._row_column.insertWidget(len(self._rows), made)
            self._rows.append(made)
        for line, binding in zip(self._rows, bindings, strict=True):
            line.show_binding(binding)
        self._none.setVisible(not bindings)

    def _add_port(self, place: int) -> None:
        toggle = Toggle("", name=f"midi_port_{place}", tip="Let this input control the show, or leave it out")
        toggle.clicked.connect(lambda: self._turn_port(place))
        lamp = Lamp(name=f"midi_lamp_{place}", tip="Shines when a message comes")
        line = row(gap=8)
        line.addWidget(toggle)
        line.addWidget(lamp)
        line.addStretch(1)
        self._port_column.addLayout(line)
        self._ports.append((toggle, lamp))

    def _turn_port(self, place: int) -> None:
        port = self._model.state.ports[place]
        self._model.hear(port.name, not port.heard)

    def _lay_out(self) -> None:
        layout, top = column(gap=8), row(gap=6)
        for button in (self._on, self._lights, self._learning, self._undo):
            top.addWidget(button)
        top.addStretch(1)
        self._undo.set_look(Look())
        ports = PanelFrame("INPUTS", name="midi_ports")
        ports.body.addLayout(self._port_column)
        ports.body.addWidget(self._last)
        bound = PanelFrame("WHAT DOES WHAT", name="midi_bindings")
        bound.body.addWidget(self._none)
        bound.body.addWidget(self._scrolled(), 1)
        layout.addLayout(top)
        layout.addWidget(self._says)
        layout.addWidget(self._trouble)
        layout.addWidget(ports)
        layout.addWidget(bound, 1)
        self.setLayout(layout)

    def _scrolled(self) -> QScrollArea:
        inner = QWidget()
        self._row_column.addStretch(1)
        inner.setLayout(self._row_column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        return area
