"""Tempo, in the top bar: what the bar clock says in large figures, and the performer's hand on it."""

from typing import Final

from PySide6.QtWidgets import QGridLayout, QWidget

from gui import palette, theme
from gui.keys import keys_of
from gui.tips import tip_of
from gui.view_models.tempo import METRES, NUDGE_MS, TempoModel, TempoState
from gui.widgets.beat_lamps import BeatLamps
from gui.widgets.big_number import BigNumber
from gui.widgets.buttons import Button, HoldButton, Look, Toggle
from gui.widgets.choice import Choice
from gui.widgets.entry import Entry
from gui.widgets.gauge import Gauge
from gui.widgets.lamp import Lamp, LampState
from gui.widgets.layouts import column, grid, row
from megadance_live.remote.snapshot import LearnTarget

_STATES: Final[dict[str, tuple[LampState, str]]] = {
    "locked": ("good", "locked"),
    "holding": ("warning", "holding"),
    "searching": ("off", "searching"),
    "lost": ("bad", "lost"),
}
_SURE = 0.5


class TempoPanel(QWidget):
    def __init__(self, model: TempoModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("tempo")
        self.setAccessibleName("tempo")
        self._bpm = BigNumber("000.0", name="bpm_shown", says="tempo", tip="Beats per minute")
        self._place = BigNumber("000.0", name="place", says="bar and beat", tip="Bar and beat")
        self._lamps = BeatLamps(name="beats")
        self._source = Lamp(
            name="tempo_source", size=theme.SHOW, tip="Who leads the clock: AUDIO, TAP, MANUAL, LINK, MIDI, or nobody"
        )
        self._state = Lamp(name="tempo_state", tip="Whether the clock follows the music")
        self._confidence = Gauge(name="confidence", says="confidence", tip="How sure the clock is of the beat")
        self._build_hand()
        self._lay_out()

    def refresh(self) -> None:
        state = self._model.state
        known = state.bpm is not None
        self._bpm.show_number(f"{state.bpm:.1f}" if known else "---.-", "BPM")
        self._place.show_number(f"{state.bar}.{state.beat}" if known else "-.-")
        self._lamps.show_beat(state.beats_per_bar, state.beat if known else 0, state.glow)
        self._source.show_state("good" if known and state.source != "FREE" else "off", state.source)
        self._state.show_state(*_STATES[state.state])
        sure = palette.GOOD if state.confidence >= _SURE else palette.WARNING
        self._confidence.show_share(state.confidence, f"sure {state.confidence * 100:.0f} %", sure)
        self._refresh_hand(state)

    def _refresh_hand(self, state: TempoState) -> None:
        tapped = f"{state.taps} · {state.tapped_bpm:.1f}" if state.tapped_bpm is not None else f"{state.taps} taps"
        self._tap.set_look(Look(lit=state.taps > 0, note=tapped if state.taps else "key Space"))
        self._resync.set_look(Look(note="this is one"))
        self._lock.set_on(state.locked and not state.lock_asked, pending=state.lock_asked, colour=palette.WARNING)
        for widget in (self._tap, self._resync, self._lock, self._earlier, self._later, self._typed, self._metre):
            widget.setEnabled(state.ready)
        self._halve.setEnabled(state.can_halve and state.ready)
        self._double.setEnabled(state.can_double and state.ready)
        for button in (self._halve, self._double, self._earlier, self._later):
            button.refresh_learning()
        self._metre.show_value(state.metre)
        self._metre.setAccessibleDescription("asked for" if state.metre_asked else "")
        self._typed.show_trouble(state.trouble)

    def _build_hand(self) -> None:
        model = self._model
        self._tap = Button("TAP", name="tap", tip=tip_of("tap"), size=theme.LARGE, target=LearnTarget("tap"))
        self._tap.least_width = self._tap.least_height = 92.0
        self._resync = Button("RESYNC", name="resync", tip=tip_of("resync"), target=LearnTarget("resync"))
        self._lock = Toggle("LOCK", name="lock", tip=tip_of("lock"), target=LearnTarget("lock", mode="toggle"))
        self._halve = _command_button("÷2", "halve", 0.5)
        self._double = _command_button("×2", "double", 2.0)
        self._earlier = _nudge_button("−10", "nudge_earlier", -NUDGE_MS)
        self._later = _nudge_button("+10", "nudge_later", NUDGE_MS)
        self._typed = Entry(model.enter_bpm, name="bpm", says="tempo by hand", tip=tip_of("bpm"))
        self._typed.setPlaceholderText("bpm …")
        self._metre = Choice(name="metre", says="beats in a bar", tip=tip_of("metre"), letters=4)
        self._metre.offer([(beats, f"{beats}/bar") for beats in METRES])
        self._tap.struck.connect(lambda _shift: model.tap())
        self._resync.struck.connect(lambda _shift: model.resync())
        self._lock.struck.connect(lambda _shift: model.lock())
        self._halve.struck.connect(lambda _shift: model.halve())
        self._double.struck.connect(lambda _shift: model.double())
        self._earlier.stepped.connect(lambda: model.nudge(-NUDGE_MS))
        self._later.stepped.connect(lambda: model.nudge(NUDGE_MS))
        self._typed.left.connect(model.forget_trouble)
        self._metre.chosen.connect(model.set_metre)

    def _lay_out(self) -> None:
        beats, trust, all_of_it = column(gap=2), column(gap=2), row(gap=8)
        beats.addWidget(self._place, 1)
        beats.addWidget(self._lamps)
        for widget in (self._source, self._state, self._confidence):
            trust.addWidget(widget)
        all_of_it.addWidget(self._bpm, 4)
        all_of_it.addLayout(beats, 3)
        all_of_it.addLayout(trust, 2)
        all_of_it.addWidget(self._tap)
        all_of_it.addLayout(self._hand_grid())
        self.setLayout(all_of_it)

    def _hand_grid(self) -> QGridLayout:
        layout = grid(gap=4)
        rows = (
            (self._resync, self._halve, self._double, self._typed),
            (self._lock, self._earlier, self._later, self._metre),
        )
        for line, widgets in enumerate(rows):
            for place, widget in enumerate(widgets):
                layout.addWidget(widget, line, place)
        return layout


def _command_button(text: str, name: str, factor: float) -> Button:
    tip = tip_of("bpm_mul", keys_of(name))
    return Button(text, name=name, tip=tip, target=LearnTarget("bpm_mul", factor))


def _nudge_button(text: str, name: str, ms: float) -> HoldButton:
    tip = tip_of("nudge", keys_of("nudge", round(ms)))
    return HoldButton(text, name=name, tip=f"{tip} · hold to glide", target=LearnTarget("nudge", ms))
