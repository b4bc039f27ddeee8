"""Music for a Session, and what comes of it."""

import numpy as np
import numpy.typing as npt

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.session import Session

F32 = npt.NDArray[np.float32]

RATE_HZ = 16_000
BPM = 120.0


def clicks(seconds: float, bpm: float = BPM) -> F32:
    """A kick on every beat and a hat between, stereo."""
    rng = np.random.default_rng(0)
    samples = np.zeros(int(seconds * RATE_HZ), np.float32)
    t = np.arange(int(0.12 * RATE_HZ)) / RATE_HZ
    kick = (np.sin(2 * np.pi * 60 * t) * np.exp(-t * 30)).astype(np.float32)
    hat = (rng.standard_normal(len(t)) * np.exp(-t * 120) * 0.3).astype(np.float32)
    for number, beat in enumerate(np.arange(0.0, seconds - 0.2, 30.0 / bpm)):
        start = int(beat * RATE_HZ)
        samples[start : start + len(t)] += hat if number % 2 else kick
    return np.repeat(samples[:, None], 2, axis=1)


def play(session: Session, samples: F32, cuts: int | list[int] = 480, start: int = 0) -> list[PoseFrame]:
    poses: list[PoseFrame] = []
    sizes = [cuts] if isinstance(cuts, int) else cuts
    at, turn = 0, 0
    while at < len(samples):
        size = sizes[turn % len(sizes)]
        block = samples[at : at + size]
        poses += session.push(AudioBlock(block, RATE_HZ, start + at, (start + at) / RATE_HZ))
        at += len(block)
        turn += 1
    return poses


def shown(poses: list[PoseFrame]) -> list[PoseFrame]:
    """What the audience sees: a pose replaces those at its time and later."""
    seen: list[PoseFrame] = []
    for pose in poses:
        while seen and seen[-1].time_s >= pose.time_s:
            seen.pop()
        seen.append(pose)
    return seen


def equal(first: list[PoseFrame], second: list[PoseFrame]) -> bool:
    return len(first) == len(second) and all(
        a.time_s == b.time_s
        and a.bars == b.bars
        and a.expert == b.expert
        and np.array_equal(a.root_m, b.root_m)
        and np.array_equal(a.quats, b.quats)
        and np.array_equal(a.contacts, b.contacts)
        for a, b in zip(first, second, strict=True)
    )
