"""What is heard in a frame, as odds: how many times likelier it is if a beat is here than if none is.

Three experts are multiplied, each tempered (raised to a power below one), for they hear much the same and would be too
sure together: the network, and how strongly the music sets in, over all bands and in the bass.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.music.beat_spectrum import BANDS, BEAT_FRAME_RATE_HZ, LONG_BANDS_PER_OCTAVE

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

ONSET_DELAY_S = 0.070
BASS_BANDS = int(2.5 * LONG_BANDS_PER_OCTAVE)
"""Up to 170 Hz: the kick drum."""
MEAN_TAU_FRAMES = 4 * BEAT_FRAME_RATE_HZ
LEAST_MEAN = 1e-3
LEAST, MOST = 0.25, 8.0
"""Of an onset strength, relative to its running mean."""
ALL_POWER, BASS_POWER = 0.15, 0.05
NET_POWER = 0.7
NET_ODDS = 0.08
"""Odds of a beat in any frame, before anything is heard."""
NET_LEAST, NET_MOST = 0.1, 30.0


@dataclass(frozen=True)
class OnsetState:
    """Running means of the strengths of onsets, over `heard` frames of sound."""

    means: F64  # [2] over all bands, in the bass
    heard: int


@dataclass(frozen=True)
class Onsets:
    """[frames, 2] strength of onsets (all bands, bass) relative to its running mean; [frames] whether any sound."""

    strengths: F64
    sounding: npt.NDArray[np.bool_]


def no_onsets() -> OnsetState:
    return OnsetState(np.zeros(2), 0)


def onsets(inputs: F32, state: OnsetState) -> tuple[Onsets, OnsetState]:
    """Of network inputs [frames, INPUTS]."""
    means, heard = state.means, state.heard
    rises = inputs[:, BANDS:].astype(np.float64)
    parts = (rises, rises[:, :BASS_BANDS])
    strengths = np.stack([part.mean(axis=1) for part in parts], axis=1)
    sounding: npt.NDArray[np.bool_] = np.any(inputs[:, :BANDS] > 0, axis=1)
    relative = np.zeros_like(strengths)
    for frame in np.flatnonzero(sounding):
        heard = min(heard + 1, MEAN_TAU_FRAMES)
        means = means + (strengths[frame] - means) / heard
        relative[frame] = strengths[frame] / np.maximum(means, LEAST_MEAN)
    return Onsets(relative, sounding), OnsetState(means, heard)


def onset_ratios(heard: Onsets) -> F64:
    """[frames] 1 where nothing sounds."""
    everywhere, bass = np.clip(heard.strengths, LEAST, MOST).T
    return np.where(heard.sounding, everywhere**ALL_POWER * bass**BASS_POWER, 1.0)


def net_ratios(beat: F32, heard: Onsets) -> F64:
    """[frames] of the network's probabilities of a beat."""
    probability = np.clip(beat.astype(np.float64), 1e-6, 1 - 1e-6)
    odds = probability / (1 - probability) / NET_ODDS
    return np.where(heard.sounding, np.clip(odds, NET_LEAST, NET_MOST) ** NET_POWER, 1.0)
