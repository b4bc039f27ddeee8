"""What stands in for an input that is not there yet."""

from dataclasses import replace

import numpy as np

from megadance_live.audio.dsp import F32
from megadance_live.audio.paced import ReelSource
from megadance_live.core.audio_block import AudioBlock


class _Silence:
    """A Reel without an end."""

    def __init__(self, name: str, rate_hz: int, channels: int) -> None:
        self.name = name
        self.rate_hz = rate_hz
        self.channels = channels
        self.trouble = f'LOST: "{name}" is not there, trying again'

    @property
    def frames(self) -> int:
        return 0

    def read(self, frames: int) -> F32:
        return np.zeros((frames, self.channels), np.float32)

    def seek(self, frame: int) -> None:
        pass

    def close(self) -> None:
        pass


class AbsentSource(ReelSource):
    """Silence flagged `lost`, in real time."""

    def __init__(self, name: str, rate_hz: int, channels: int) -> None:
        super().__init__(_Silence(name, rate_hz, channels), paced=True, loop=False)

    def read(self, timeout_s: float) -> AudioBlock | None:
        block = super().read(timeout_s)
        return block and replace(block, lost=True)
