"""Dances as training sees them: values that every kind of data folder is read into (models/data/sources)."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

MIN_SECONDS = 1.5


@dataclass(frozen=True)
class Music:
    """A recording, and the time in it at which the first frame of the clip is danced; negative where the dance begins
    before the recording."""

    path: Path
    start_s: float = 0.0


@dataclass(frozen=True)
class Clip:
    """One dance at 30 frames per second: SMPL joints and axes, Y up, metres, the floor near 0."""

    name: str
    genre: str
    split: str
    root_m: F32  # [T, 3] pelvis
    quats: F32  # [T, 24, 4] local, xyzw
    beat_frames: F32 | None  # fractional frame of every beat, the first a downbeat
    travel_trusted: bool
    music: Music | None = None
    warnings: tuple[str, ...] = ()
    """What is odd about it, each a phrase that goes on after the name of the file."""

    def __len__(self) -> int:
        return int(self.quats.shape[0])

    def warned(self, *warnings: str) -> "Clip":
        """The same with more to say."""
        return replace(self, warnings=(*self.warnings, *warnings))


@dataclass(frozen=True)
class Skipped:
    """A file that was not used, and why."""

    name: str
    why: str
