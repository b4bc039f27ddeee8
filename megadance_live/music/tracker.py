"""What a beat tracker is: a stage that hears hops and says where beats are. The bar clock decides what to believe."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from megadance_live.core.command import Command
from megadance_live.core.errors import ConfigError
from megadance_live.core.stage import StageSpec
from megadance_live.core.trackers import TRACKERS
from megadance_live.music.features import HopFeatures

F32 = npt.NDArray[np.float32]


@dataclass(frozen=True)
class HeardHop:
    """One hop of 512 samples at 15,360 Hz as the resampler gave it, and its features."""

    audio: F32  # [512]
    features: HopFeatures


@dataclass(frozen=True)
class BarGuess:
    """A beat's place: `number` 0 begins a bar of `metre` beats; how sure of both together, 0..1."""

    metre: int
    number: int
    confidence: float


@dataclass(frozen=True)
class Beat:
    """A hypothesis: a beat at `time_s` (seconds of the resampled stream, past or to come), the next `period_s` later;
    `confidence` 0..1. A `forecast` speaks of the next beat to come and replaces what was forecast before."""

    time_s: float
    period_s: float
    confidence: float
    forecast: bool = False
    bar: BarGuess | None = None


class BeatTracker(Protocol):
    """Stage: HeardHops -> for each hop the beats that became known with it (mostly none).

    A tracker that predicts says the next beat with every hop, as a forecast.
    """

    @property
    def spec(self) -> StageSpec: ...

    def initial_state(self) -> Any: ...

    def step(self, hops: list[HeardHop], state: Any, /) -> tuple[list[tuple[Beat, ...]], Any]: ...

    def command(self, command: Command, time_s: float, state: Any) -> Any:
        """The state with what the performer says of the beat as evidence; `time_s` in the resampled stream."""
        ...


def make_tracker(name: str) -> BeatTracker:
    """Raises ConfigError for a name that is not in TRACKERS, WeightsError where a network cannot be read."""
    if name == "megadance":
        from megadance_live.music.beat_net import load_beat_net
        from megadance_live.music.forecasting_tracker import ForecastingTracker

        return ForecastingTracker(load_beat_net())
    if name == "aubio":
        from megadance_live.music.aubio_tracker import AubioTracker

        return AubioTracker()
    if name == "manual":
        from megadance_live.music.manual_tracker import ManualTracker

        return ManualTracker()
    raise ConfigError(f'There is no beat tracker "{name}"; choose one of {", ".join(TRACKERS)}.')
