"""All view models of a window, and the one place where they hear how the show stands."""

from dataclasses import replace
from typing import Protocol

from gui.port import ShowPort
from gui.view_models.cues import CuesModel
from gui.view_models.first_steps import FirstStepsModel
from gui.view_models.health import HealthModel
from gui.view_models.learn import LearnMode
from gui.view_models.leaving import LeavingModel
from gui.view_models.log_tail import LogTail
from gui.view_models.macros import MacrosModel
from gui.view_models.midi import MidiModel
from gui.view_models.outputs import OutputsModel
from gui.view_models.pads import PadsModel
from gui.view_models.presets import PresetsModel
from gui.view_models.quantize import QuantizeModel
from gui.view_models.safety import SafetyModel
from gui.view_models.scenes import ScenesModel
from gui.view_models.sound import SoundModel
from gui.view_models.stage_settings import StageSettingsModel
from gui.view_models.standing import StandingModel
from gui.view_models.takes import TakesModel
from gui.view_models.tempo import TempoModel
from gui.view_models.words import WordsModel
from megadance_live.remote.client import View


class _Model(Protocol):
    def update(self, view: View) -> None: ...


class Hub:
    """`view` is what was seen last."""

    def __init__(self, port: ShowPort, *, with_show: bool = False) -> None:
        """`with_show`: the app goes when the show does."""
        self.port = port
        self.view = View()
        self.learn = LearnMode(port)
        self.standing = StandingModel()
        self.safety = SafetyModel(port)
        self.words = WordsModel()
        self.health = HealthModel()
        self.leaving = LeavingModel(port, with_show=with_show)
        self.log = LogTail()
        self.tempo = TempoModel(port)
        self.pads = PadsModel(port)
        self.quantize = QuantizeModel(port)
        self.macros = MacrosModel(port)
        self.scenes = ScenesModel(port)
        self.midi = MidiModel(port)
        self.sound = SoundModel(port)
        self.outputs = OutputsModel(port)
        self.takes = TakesModel(port, self.safety)
        self.presets = PresetsModel(port, self.words.say)
        self.cues = CuesModel(port)
        self.stage_settings = StageSettingsModel(port)
        self.first_steps = FirstStepsModel(self.sound, self.outputs)
        self._models: tuple[_Model, ...] = (
            self.learn, self.standing, self.safety, self.words, self.health, self.leaving,
            self.tempo, self.pads, self.quantize, self.macros, self.scenes, self.midi,
            self.sound, self.outputs, self.takes, self.presets, self.cues, self.stage_settings, self.first_steps,
        )  # fmt: skip

    def update(self) -> None:
        """Look at the show."""
        view = self.port.view()
        self.view = view if view.connected else _stopped(view)
        self.words.pinned = self.learn.said
        for model in self._models:
            model.update(self.view)

    def close(self) -> None:
        """The window closes."""
        self.stage_settings.close()


def _stopped(view: View) -> View:
    """What is left of a show that has gone: its bars do not go on counting."""
    return replace(view, status=replace(view.status, clock=None))
