"""The shape of the beat network, and what its outputs mean."""

from dataclasses import dataclass

METRES = (2, 3, 4, 5, 6, 7)
"""Beats to a bar that the network knows."""


@dataclass(frozen=True)
class BeatNetConfig:
    """The network takes `group` frames of `inputs` at a time and says beat and downbeat of each of them, tempo and
    metre once. An activation says of the beat what was true `delay_frames` before. `tempi`: classes evenly spaced on a
    logarithmic scale between the two ends, and a last one for no beat at all."""

    inputs: int
    channels: int = 80
    kernel: int = 5
    blocks: int = 7
    group: int = 2
    frame_rate_hz: int = 60
    delay_frames: int = 2
    lowest_bpm: float = 50.0
    highest_bpm: float = 220.0
    tempi: int = 64

    @property
    def outputs(self) -> tuple[int, int, int, int]:
        """How many of: beats, downbeats, tempi, metres (the last two with a class for none)."""
        return self.group, self.group, self.tempi + 1, len(METRES) + 1
