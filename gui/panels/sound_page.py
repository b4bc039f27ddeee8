"""The page SOUND: where the music comes from, how loud it is, and what to do when nothing is heard."""

from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import palette, theme
from gui.panels.input_list import InputList
from gui.tips import tip, tip_of
from gui.view_models.sound import AUDIO_SUFFIXES, SoundModel, SoundState
from gui.widgets.band_levels import BandLevels
from gui.widgets.buttons import Button, Look
from gui.widgets.clip_lamp import ClipLamp
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.fader import Fader, Range
from gui.widgets.file_chooser import choose_file
from gui.widgets.layouts import column, row
from gui.widgets.meter import StereoMeter
from gui.widgets.panel import PanelFrame, label, set_tone
from megadance_live.control.vocabulary import VOCABULARY
from megadance_live.core.control import Control
from megadance_live.remote.snapshot import LearnTarget

_GAIN_STEP_DB = 0.5


class SoundPage(QWidget):
    """Draws a SoundModel."""

    def __init__(self, model: SoundModel) -> None:
        super().__init__()
        self._model = model
        self.setObjectName("page_sound")
        self.setAccessibleName("Sound")
        self._demo = Button("Demo track", name="source_demo", tip=f"Play it from its beginning · {tip_of('source')}")
        self._file = Button("File ...", name="source_file", tip=f"Or drop a file onto the window · {tip_of('source')}")
        self._rescan = Button("Rescan", name="rescan", tip=tip("look for audio inputs again; what plays goes on"))
        self._source = ElidedLabel(name="sound_source", size=theme.SHOW, bold=True)
        self._words = label(name="sound_words", wrap=True)
        self._devices_line = label(role="small", tone="dim", name="devices_line", wrap=True)
        self._inputs = InputList(model.choose_input)
        self._gain = Fader("Input gain", _gain_range(), name="gain", tip=tip_of("gain"), target=LearnTarget(
            "gain", None, "range"))  # fmt: skip
        self._meter = StereoMeter(name="sound_meter")
        self._bands = BandLevels(name="sound_bands")
        self._clip = ClipLamp(name="sound_clip")
        self._tracker = label(role="small", tone="dim", name="tracker")
        self._demo.clicked.connect(model.choose_demo)
        self._file.clicked.connect(self._choose_file)
        self._rescan.clicked.connect(model.rescan)
        self._gain.moved.connect(model.set_gain)
        self._gain.let_go.connect(model.let_go_of_gain)
        self._clip.clicked.connect(model.levels.clear_clip)
        layout = column()
        layout.addWidget(self._source_panel(), 1)
        layout.addWidget(self._level_panel())
        self.setLayout(layout)

    def refresh(self) -> None:
        """Draw the model."""
        state, levels = self._model.state, self._model.levels.state
        self._source.show_text(_source_line(state), palette.BAD if state.lost else palette.TEXT)
        self._show_words(state)
        self._devices_line.setText(state.devices_line)
        self._demo.set_look(_source_look(state.kind == "demo", "press to begin again"))
        self._file.set_look(_source_look(state.kind == "file", ""))
        self._rescan.set_look(Look(pending=state.scanning))
        self._inputs.show_inputs(state.inputs)
        self._gain.show_value(state.gain_db)
        self._meter.show_levels(levels)
        self._bands.show_levels(levels)
        self._clip.show_clipped(levels.clipped)
        self._tracker.setText(f"Beat tracker: {state.tracker}")

    def showEvent(self, event: object) -> None:
        """The first look at the page finds the inputs."""
        self._model.opened()

    def _source_panel(self) -> PanelFrame:
        panel = PanelFrame("SOURCE", name="sound_panel")
        panel.body.addWidget(self._source)
        panel.body.addWidget(self._words)
        panel.body.addLayout(_side_by_side(self._demo, self._file, self._rescan))
        panel.body.addWidget(self._devices_line)
        panel.body.addWidget(self._inputs, 1)
        return panel

    def _level_panel(self) -> PanelFrame:
        panel = PanelFrame("LEVEL", name="level_panel")
        loud = row()
        loud.addWidget(self._meter, 1)
        loud.addWidget(self._clip)
        panel.body.addWidget(self._gain)
        panel.body.addLayout(loud)
        panel.body.addWidget(self._bands)
        panel.body.addWidget(self._tracker)
        return panel

    def _show_words(self, state: SoundState) -> None:
        words, tone = _words(state)
        set_tone(self._words, tone)
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _choose_file(self) -> None:
        folder = "Audio files"
        choose_file(self.window(), folder, AUDIO_SUFFIXES, self._chosen, name="file_chooser")

    def _chosen(self, path: Path) -> None:
        self._model.choose_file(path)


def _gain_range() -> Range:
    word = VOCABULARY["gain"]
    return Range(word.least, word.greatest, Control.gain_db, _GAIN_STEP_DB, word.unit, decimals=1)


def _side_by_side(*buttons: Button) -> QHBoxLayout:
    layout = row()
    for button in buttons:
        layout.addWidget(button, 1)
    return layout


def _source_look(current: bool, note: str) -> Look:
    return Look(lit=current, mark="●" if current else "○", note=note if current else "")


def _source_line(state: SoundState) -> str:
    if state.asked:
        return f"{state.source} … opening {state.asked}"
    return state.source or "No source yet"


def _words(state: SoundState) -> tuple[str, str]:
    """What the matter is and what to do, and its tone."""
    if state.trouble:
        comes_back = " It comes back by itself; or choose another source." if state.lost else ""
        return f"✕ {state.trouble.rstrip('.')}.{comes_back}", "bad" if state.lost else "warning"
    if state.notice:
        return f"▲ {state.notice}", "warning"
    return ("▲ " + " ".join(state.hints), "warning") if state.silent else ("", "")
