"""A frame with a number of its own in every place."""

from dataclasses import replace

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.output_frame import AppState, MusicalState, OutputFrame
from megadance_live.core.skeleton import JOINT_COUNT, LEFT_ELBOW

EXPERTS = ("ballet", "house", "krump")
HALF = np.float32(np.sqrt(0.5))

MUSIC = MusicalState(
    tempo_bpm=124.5,
    beat_phase=0.25,
    confidence=0.75,
    source=1,
    beat_count=33,
    beat_pulse=1,
    bar=9,
    beat_in_bar=2,
    bar_phase=0.3125,
    bar_pulse=0,
    level=0.5,
    low=0.625,
    mid=0.375,
    high=0.125,
    onset=0.875,
    kick=0.5625,
    snare=0.6875,
    hat=0.4375,
    build=0.1875,
    drop=0.8125,
    breakdown=0.0625,
    expert=2,
    armed=1,
    countdown_beats=2.75,
    mix=0.75,
    previous_expert=0,
)


def rest_frame() -> OutputFrame:
    """Every rotation the identity, the pelvis at (0.1, 0.9, 0.2)."""
    return OutputFrame(
        index=7,
        time_s=12.5,
        root_m=np.array([0.1, 0.9, 0.2], np.float32),
        quats=quaternion.identity(JOINT_COUNT),
        contacts=np.array([1.0, 0.5, 0.25, 0.0], np.float32),
        music=MUSIC,
        state=AppState.LIVE,
        fps=60.0,
        latency_ms=20.0,
        heartbeat=12,
    )


def elbow_frame() -> OutputFrame:
    """The rest frame with the left elbow turned 90 degrees about Y."""
    frame = rest_frame()
    quats = frame.quats.copy()
    quats[LEFT_ELBOW] = [0, HALF, 0, HALF]
    return replace(frame, quats=quats)


def random_frame(seed: int = 1) -> OutputFrame:
    """Any rotation in every joint."""
    rng = np.random.default_rng(seed)
    quats = quaternion.normalise(rng.normal(size=(JOINT_COUNT, 4))).astype(np.float32)
    return replace(rest_frame(), quats=quats, root_m=rng.normal(size=3).astype(np.float32))
