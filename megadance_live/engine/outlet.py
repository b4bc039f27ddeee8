"""Where an engine's poses and numbers go."""

from dataclasses import dataclass
from typing import Protocol

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.control import Control
from megadance_live.core.motion import PoseFrame
from megadance_live.core.music_frame import MusicFrame


@dataclass(frozen=True)
class Numbers:
    """What the show shows and sends besides poses. `clock` is in host time.

    The counters run from the engine's start: `late_steps` counts steps whose first pose was already due when it was
    ready, `overflows` blocks before which samples were lost.
    """

    clock: BarClock
    music: MusicFrame | None
    control: Control
    audio_lost: bool = False
    late_steps: int = 0
    overflows: int = 0


class Outlet(Protocol):
    """Shared memory in a show, a list in a test. Never waits."""

    def experts(self, names: tuple[str, ...]) -> None:
        """The names that poses will carry; once, before the first pose."""

    def pose(self, host_time_s: float, frame: PoseFrame) -> None:
        """A pose and the host time at which it should be seen."""

    def numbers(self, numbers: Numbers) -> None: ...

    def heartbeat(self) -> None:
        """The engine is alive."""

    def close(self) -> None: ...
