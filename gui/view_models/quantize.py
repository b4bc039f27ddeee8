"""On which boundary an armed expert begins to speak."""

from dataclasses import dataclass

from gui.port import ShowPort
from gui.view_models.asked import Asked
from megadance_live.control.vocabulary import VOCABULARY
from megadance_live.core.control import Control
from megadance_live.remote.client import View

CHOICES_BARS = VOCABULARY["quantize"].choices


def label_of(bars: float) -> str:
    """As it is written on the segment."""
    if bars == 0:
        return "off"
    if bars < 1:
        return "beat"
    return f"{bars:g} bar" if bars == 1 else f"{bars:g} bars"


@dataclass(frozen=True)
class QuantizeState:
    """`asked`: the show has not confirmed it yet. `ready` False: there is no show to tell."""

    bars: float = Control.quantize_bars
    asked: bool = False
    ready: bool = False


class QuantizeModel:
    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self._view = View()
        self._asked: Asked[float] = Asked()
        self.state = QuantizeState()

    def update(self, view: View) -> None:
        self._view = view
        control = view.snapshot.engine.control
        if control is None:
            self.state = QuantizeState()
            return
        bars = self._asked.settle_on(view.now_s, control.quantize_bars)
        self.state = QuantizeState(bars, self._asked.value is not None, view.connected)

    def choose(self, bars: float) -> None:
        """One of CHOICES_BARS."""
        if self.state.ready and bars != self.state.bars:
            self._asked.ask(bars, self._view.now_s)
            self._port.say("quantize", bars)
