"""What one frame says to every layout."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]


class AppState(IntEnum):
    """The value of /app/state."""

    IDLE = 0
    LIVE = 1
    FROZEN = 2
    BLACKOUT = 3
    PANIC = 4
    AUDIO_LOST = 5
    PATTERN = 6


@dataclass(frozen=True)
class MusicalState:
    """The musical numbers at the moment of a frame.

    Phases are 0..1; `beat_count` never repeats; `bar` and `beat_in_bar` count from 1; the pulses are 1 for a moment
    after the beat and the bar line. Levels, onset and what follows them are 0..1. `expert` and `armed` are indices, -1
    for none; `mix` is how far the change from `previous_expert` to `expert` has gone.
    """

    tempo_bpm: float = 120.0
    beat_phase: float = 0.0
    confidence: float = 0.0
    source: int = 0
    beat_count: int = 0
    beat_pulse: int = 0
    bar: int = 1
    beat_in_bar: int = 1
    bar_phase: float = 0.0
    bar_pulse: int = 0
    level: float = 0.0
    low: float = 0.0
    mid: float = 0.0
    high: float = 0.0
    onset: float = 0.0
    kick: float = 0.0
    snare: float = 0.0
    hat: float = 0.0
    build: float = 0.0
    drop: float = 0.0
    breakdown: float = 0.0
    expert: int = -1
    armed: int = -1
    countdown_beats: float = 0.0
    mix: float = 1.0
    previous_expert: int = -1


@dataclass(frozen=True)
class OutputFrame:
    """A pose in SMPL axes with the musical state that belongs to it.

    `index` counts the frames of a destination, `time_s` runs from the start of the show. `visible` False asks the
    receiver to hide the avatar. `fps` is the rate at which this destination is really served, `heartbeat` counts
    seconds.
    """

    index: int
    time_s: float
    root_m: F32  # [3] pelvis in the world
    quats: F32  # [24, 4] local, xyzw
    contacts: F32  # [4] left heel, left toe, right heel, right toe, 0..1
    music: MusicalState
    state: AppState = AppState.LIVE
    visible: bool = True
    fps: float = 0.0
    latency_ms: float = 0.0
    heartbeat: int = 0
