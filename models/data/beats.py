"""Beats of a dance without music, read from the motion: dancers slow down on the beat, so joint speed folded on the
right period has its low point there. A guess, and marked as one in the model card."""

import numpy as np
import numpy.typing as npt

from megadance_live.core import kinematics
from megadance_live.core.motion import FRAME_RATE_HZ

F32 = npt.NDArray[np.float32]

_TEMPI_BPM = np.arange(80.0, 160.0, 1.0)


def beats_from_motion(root_m: F32, quats: F32) -> F32:
    """Fractional frames of the beats of a steady tempo in 80..160 bpm: that at which slowness resonates most."""
    positions, _ = kinematics.forward(root_m, quats)
    speed = np.linalg.norm(np.diff(positions, axis=0), axis=-1).mean(axis=1)
    speed = np.convolve(speed, np.hanning(5) / np.hanning(5).sum(), mode="same")
    slowness = -(speed - speed.mean())
    frame = np.arange(len(slowness)) + 0.5
    periods = 60.0 * FRAME_RATE_HZ / _TEMPI_BPM
    resonance = np.array([np.mean(slowness * np.exp(-2j * np.pi * frame / p)) for p in periods])
    prior = np.exp(-0.5 * (np.log2(_TEMPI_BPM / 115.0) / 0.6) ** 2)
    best = int(np.argmax(np.abs(resonance) * prior))
    period = periods[best]
    first = (-np.angle(resonance[best]) / (2 * np.pi)) % 1.0 * period
    return np.arange(first, len(quats), period, dtype=np.float32)
