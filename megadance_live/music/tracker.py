"""What a beat tracker is: a stage that hears hops and says where beats are. The bar clock decides what to believe."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from megadance_live.core.errors import ConfigError
from megadance_live.core.stage import StageSpec
from megadance_live.music.features import HopFeatures

F32 = npt.NDArray[np.float32]

TRACKERS = ("aubio", "manual")


@dataclass(frozen=True)
class HeardHop:
    """One hop of 512 samples at 15,360 Hz as the resampler gave it, and its features."""

    audio: F32  # [512]
    features: HopFeatures


@dataclass(frozen=True)
class Beat:
    """A hypothesis: a beat at `time_s` (seconds of the resampled stream, past or to come), the next `period_s` later;
    `confidence` 0..1."""

    time_s: float
    period_s: float
    confidence: float


class BeatTracker(Protocol):
    """Stage: HeardHops -> for each hop the beats that became known with it (mostly none).

    A tracker that predicts may say each beat before it sounds, and say it again as it learns better.
    """

    @property
    def spec(self) -> StageSpec: ...

    def initial_state(self) -> Any: ...

    def step(self, hops: list[HeardHop], state: Any, /) -> tuple[list[tuple[Beat, ...]], Any]: ...


def make_tracker(name: str) -> BeatTracker:
    """Raises ConfigError for a name that is not in TRACKERS."""
    if name == "aubio":
        from megadance_live.music.aubio_tracker import AubioTracker

        return AubioTracker()
    if name == "manual":
        from megadance_live.music.manual_tracker import ManualTracker

        return ManualTracker()
    raise ConfigError(f'There is no beat tracker "{name}"; choose one of {", ".join(TRACKERS)}.')
