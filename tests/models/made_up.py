"""A small made-up data set: people who sway, step and turn on exact beats."""

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.music_frame import BEAT, FEATURE_COUNT
from megadance_live.core.skeleton import JOINT_COUNT, LEFT_KNEE, SPINE1, STANDING_PELVIS_M

F32 = npt.NDArray[np.float32]


def sway(frames: int, period: float, phase: float = 0.0) -> tuple[F32, F32]:
    """Poses [T, 24, 3] axis-angle and pelvis [T, 3]: leaning, bending a knee, turning slowly and walking a circle."""
    t = np.arange(frames)
    beat = 2 * np.pi * (t / period + phase)
    poses = np.zeros((frames, JOINT_COUNT, 3), np.float32)
    poses[:, 0, 1] = 0.01 * t
    poses[:, SPINE1, 2] = 0.3 * np.sin(beat / 2)
    poses[:, LEFT_KNEE, 0] = 0.4 * (1 - np.cos(beat))
    trans = np.zeros((frames, 3), np.float32)
    trans[:, 0], trans[:, 2] = 0.5 * np.sin(0.01 * t), 0.5 * np.cos(0.01 * t)
    trans[:, 1] = STANDING_PELVIS_M - 0.02 * (1 - np.cos(beat))
    return poses, trans


def quats_of(poses: F32) -> F32:
    return quaternion.from_axis_angle(poses).astype(np.float32)


def write_data(folder: Path, clips: int = 6, frames: int = 240) -> Path:
    """A data folder of `clips` clips in two genres, one in three for testing."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "genre", "split", "root_travel", "licence"])
        for number in range(clips):
            genre = ("house", "krump")[number % 2]
            period = (14.4, 18.0)[number % 2]
            poses, trans = sway(frames, period, number / clips)
            beats = np.arange(0, frames, period, dtype=np.float32)
            np.savez(folder / f"clip{number}.npz", poses=poses, trans=trans, fps=np.float32(30), beat_frames=beats)
            split = "test" if number % 3 == 2 else "train"
            writer.writerow([f"clip{number}.npz", genre, split, "estimated" if number == 0 else "captured", "CC0"])
    return folder


def compose(
    genre: str, beats_s: npt.NDArray[np.float64], rng: np.random.Generator, rate_hz: int, duration_s: float
) -> F32:
    """Noise bursts on the beats."""
    samples = np.zeros((round(duration_s * rate_hz), 2), np.float32)
    burst = rng.standard_normal((300, 2)).astype(np.float32)
    for beat in beats_s:
        start = round(beat * rate_hz)
        if 0 <= start < len(samples) - 300:
            samples[start : start + 300] += burst
    return samples


def hear(samples: F32, rate_hz: int, beats_s: npt.NDArray[np.float64], beats_per_bar: int) -> F32:
    """Loudness in every column, and the beats."""
    frames = len(samples) * 30 // rate_hz
    hops = samples[: frames * rate_hz // 30].reshape(frames, -1)
    features = np.repeat(np.abs(hops).mean(axis=1)[:, None], FEATURE_COUNT, axis=1)
    beats = np.floor(beats_s * 30).astype(int)
    features[beats[(beats >= 0) & (beats < frames)], BEAT] = 1.0
    return features
