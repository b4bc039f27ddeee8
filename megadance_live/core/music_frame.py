"""What the ear says, thirty times a second."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

FRAME_RATE_HZ = 30
FEATURE_RATE_HZ = 15_360
FEATURE_HOP = FEATURE_RATE_HZ // FRAME_RATE_HZ  # 512 samples

ONSET = 0
MFCC = slice(1, 21)
CHROMA = slice(21, 33)
PEAK = 33
BEAT = 34
LOUDNESS = 35
LOW = 36
MID = 37
HIGH = 38
FEATURE_COUNT = 39


@dataclass(frozen=True)
class MusicFrame:
    """Causal features of one 30th of a second, in the order of the constants above (the 35 of the dance literature,
    then loudness and three band levels), each normalised against the running past to about -3..3 (levels, chroma,
    peak and beat 0..1).

    `time_s` is the stream time of the last sample heard: nothing after it has been seen. `silent` is True while the
    input has been below the noise gate for a moment.
    """

    index: int
    time_s: float
    features: F32  # [39]
    silent: bool

    @property
    def onset(self) -> float:
        """Onset strength of this frame, 0..1."""
        return float(np.clip(self.features[ONSET] / 3.0, 0.0, 1.0))

    @property
    def peak(self) -> bool:
        return bool(self.features[PEAK] > 0.5)

    @property
    def loudness(self) -> float:
        return float(self.features[LOUDNESS])

    @property
    def levels(self) -> tuple[float, float, float]:
        """Low, mid and high, each 0..1."""
        return float(self.features[LOW]), float(self.features[MID]), float(self.features[HIGH])
