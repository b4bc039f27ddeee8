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
KICK = 39
SNARE = 40
HAT = 41
ENERGY_BEAT = 42
ENERGY_BAR = 43
ENERGY_PHRASE = 44
BUILD = 45
DROP = 46
BREAK = 47
FEATURE_COUNT = 48

FEATURE_NAMES = (
    "onset",
    *(f"mfcc_{k}" for k in range(1, 21)),
    *(f"chroma_{note}" for note in ("c", "cis", "d", "dis", "e", "f", "fis", "g", "gis", "a", "ais", "b")),
    *("peak", "beat", "loudness", "low", "mid", "high", "kick", "snare", "hat"),
    *("energy_beat", "energy_bar", "energy_phrase", "build", "drop", "break"),
)
"""In the order of the columns."""


@dataclass(frozen=True)
class MusicFrame:
    """Causal features of one 30th of a second, in the order of the constants above (the 35 of the dance literature,
    then loudness and three band levels, then strokes, energies and form), each normalised against the running past to
    about -3..3 (from chroma on 0..1). docs/features.md says what each is and how late.

    `time_s` is the stream time of the last sample heard: nothing after it has been seen. `silent` is True while the
    input has been below the noise gate for a moment.
    """

    index: int
    time_s: float
    features: F32  # [FEATURE_COUNT]
    silent: bool

    @property
    def onset(self) -> float:
        """Onset strength of this frame, 0..1."""
        return float(np.clip(self.features[ONSET] / 3.0, 0.0, 1.0))

    @property
    def peak(self) -> bool:
        return bool(self.features[PEAK] > 0.5)

    @property
    def strokes(self) -> tuple[float, float, float]:
        """Kick, snare and hat: the strength of a stroke that began in this frame, 0..1, else 0."""
        return float(self.features[KICK]), float(self.features[SNARE]), float(self.features[HAT])

    @property
    def form(self) -> tuple[float, float, float]:
        """Build, drop and break, each 0..1."""
        return float(self.features[BUILD]), float(self.features[DROP]), float(self.features[BREAK])

    @property
    def loudness(self) -> float:
        return float(self.features[LOUDNESS])

    @property
    def levels(self) -> tuple[float, float, float]:
        """Low, mid and high, each 0..1."""
        return float(self.features[LOW]), float(self.features[MID]), float(self.features[HIGH])
