"""Under the stage: what is heard, from where, and how loud."""

from PySide6.QtWidgets import QSizePolicy

from gui import palette, theme
from gui.view_models.sound import SoundModel, SoundState
from gui.widgets.band_levels import BandLevels
from gui.widgets.clip_lamp import ClipLamp
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.layouts import column, row
from gui.widgets.meter import StereoMeter
from gui.widgets.panel import PanelFrame
from gui.widgets.waveform_strip import WaveformStrip


class SoundStrip(PanelFrame):
    """Waveform, meters, bands, the name of the source, and LOST in words."""

    def __init__(self, model: SoundModel) -> None:
        super().__init__(name="sound_strip")
        self._model = model
        self._source = ElidedLabel(name="source_name", size=theme.SHOW, bold=True)
        self._waveform = WaveformStrip()
        self._meter = StereoMeter()
        self._bands = BandLevels()
        self._clip = ClipLamp()
        self._clip.clicked.connect(model.levels.clear_clip)
        loud = row()
        loud.addWidget(self._meter, 1)
        loud.addWidget(self._clip)
        levels = column(gap=4)
        levels.addLayout(loud, 3)
        levels.addWidget(self._bands, 2)
        both = row(gap=10)
        both.addWidget(self._waveform, 3)
        both.addLayout(levels, 2)
        self.body.addWidget(self._source)
        self.body.addLayout(both, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def refresh(self) -> None:
        """Draw the model."""
        state, levels = self._model.state, self._model.levels.state
        self._source.show_text(*_headline(state))
        self._waveform.show_waveform(self._model.waveform.state, "LOST" if state.lost else "")
        self._meter.show_levels(levels)
        self._bands.show_levels(levels)
        self._clip.show_clipped(levels.clipped)


def _headline(state: SoundState) -> tuple[str, str]:
    """The one line above the waveform, and its colour."""
    if state.trouble:
        return f"✕ {state.trouble}", palette.BAD if state.lost else palette.WARNING
    if state.notice:
        return f"▲ {state.notice}", palette.WARNING
    if state.asked:
        return f"{state.source} … opening {state.asked}", palette.TEXT
    if state.silent:
        return f"▲ SILENT: {state.source}", palette.WARNING
    return state.source or "No source yet", palette.TEXT
