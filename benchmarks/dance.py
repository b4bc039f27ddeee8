"""How the shipped dancer dances: a table by genre, beside real clips where a data folder is given.

For each genre, music in its style is composed, heard and danced to, over several seeds. The columns:

- mean joint speed (m/s) and jerk (m/s^3), root-relative;
- foot skate: of the frames with the ankle within 10 cm and the toe within 5 cm of the floor, those whose toe moves more
  than 1 cm;
- freeze: frames in which every joint moves slower than 4 cm/s;
- beat alignment: mean over music beats of exp(-d^2 / 2 (3 frames)^2), d the distance to the nearest minimum of mean
  joint speed (smoothed, sigma 3 frames); and its value by chance, with the beats shifted through a whole period.

Prints Markdown.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

import models
from megadance_live.audio.composer import compose
from megadance_live.core import kinematics
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame
from megadance_live.core.skeleton import LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT
from megadance_live.engine.session import Session
from models.data.sources.folders import load_clips
from models.data.travel import least_sliding

F64 = npt.NDArray[np.float64]

RATE_HZ = 48_000
TEMPO_BPM = {"salsa": 95.0, "house": 124.0, "krump": 100.0, "popping": 100.0, "waacking": 118.0}
SETTLED_S = 6.0
BEAT_WIDTH_FRAMES = 3.0


@dataclass(frozen=True)
class Figures:
    speed: float
    jerk: float
    skate: float
    freeze: float
    alignment: float
    chance: float

    def row(self, name: str) -> str:
        return (
            f"| {name} | {self.speed:.2f} | {self.jerk:.0f} | {self.skate:.2f} | {self.freeze:.2f} | "
            f"{self.alignment:.2f} | {self.chance:.2f} |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, help="a model folder (default: the one that ships)")
    parser.add_argument("--data", type=Path, help="folder of real clips to measure beside")
    parser.add_argument("--seconds", type=float, default=30.0, help="of dance per seed (default 30)")
    parser.add_argument("--seeds", type=int, default=2, help="dances per genre (default 2)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    dancer = models.load(options.model)
    real = real_figures(options.data) if options.data else {}
    print("| | speed, m/s | jerk, m/s^3 | foot skate | freeze | beat alignment | by chance |")
    print("|---|---|---|---|---|---|---|")
    for genre in dancer.experts:
        if genre in real:
            print(real[genre].row(f"{genre}, real"))
        danced = [generated_figures(dancer, genre, seed, options.seconds) for seed in range(options.seeds)]
        print(mean_of(danced).row(f"{genre}, generated" if real else genre))


def generated_figures(dancer: Dancer, genre: str, seed: int, seconds: float) -> Figures:
    """Of one dance, without its first seconds, in which the beat is still being found."""
    period_s = 60.0 / TEMPO_BPM.get(genre, 110.0)
    beats_s = np.arange(0.0, seconds + SETTLED_S + 8.0, period_s)
    music = compose(genre, beats_s, 4, np.random.default_rng(seed), RATE_HZ, seconds + SETTLED_S)
    session = Session(dancer, RATE_HZ, 2, expert=genre, seed=seed)
    poses: list[PoseFrame] = []
    for at in range(0, len(music), RATE_HZ // 10):
        poses += session.push(AudioBlock(music[at : at + RATE_HZ // 10], RATE_HZ, at, at / RATE_HZ))
    settled = [pose for pose in poses if pose.time_s > SETTLED_S]
    root = np.stack([pose.root_m for pose in settled]).astype(np.float64)
    quats = np.stack([pose.quats for pose in settled]).astype(np.float64)
    times_s = np.array([pose.time_s for pose in settled])
    beat_frames = np.interp(beats_s[beats_s > times_s[0]], times_s, np.arange(len(times_s)))
    return figures_of(kinematics.forward(root, quats)[0], beat_frames, period_s * FRAME_RATE_HZ)


def real_figures(folder: Path) -> dict[str, Figures]:
    """By genre, over all clips; beat alignment over those whose beats are known."""
    measured: dict[str, list[Figures]] = {}
    for clip in load_clips(folder)[0]:
        root = clip.root_m if clip.travel_trusted else least_sliding(clip.root_m, clip.quats)
        joints, _ = kinematics.forward(root.astype(np.float64), clip.quats.astype(np.float64))
        beats = np.zeros(0) if clip.beat_frames is None else clip.beat_frames.astype(np.float64)
        period = float(np.diff(beats).mean()) if len(beats) > 1 else 1.0
        measured.setdefault(clip.genre, []).append(figures_of(joints, beats, period))
    return {genre: mean_of(figures) for genre, figures in measured.items()}


def figures_of(joints: F64, beat_frames: F64, period: float) -> Figures:
    """Of world joint positions [T, 24, 3] at 30 per second."""
    local = joints - joints[:, :1]
    velocity = np.diff(local, axis=0) * FRAME_RATE_HZ
    jerk = np.diff(velocity, n=2, axis=0) * FRAME_RATE_HZ**2
    speed = np.linalg.norm(velocity, axis=-1)
    minima = motion_beats(speed.mean(axis=1))
    shifts = np.linspace(0, period, 16, endpoint=False)
    return Figures(
        speed=float(speed.mean()),
        jerk=float(np.linalg.norm(jerk, axis=-1).mean()),
        skate=skate_ratio(joints),
        freeze=float((speed.max(axis=1) < 0.04).mean()),
        alignment=alignment(beat_frames, minima),
        chance=float(np.mean([alignment(beat_frames + shift, minima) for shift in shifts])),
    )


def skate_ratio(joints: F64) -> float:
    down, sliding = 0, 0
    for ankle, toe in ((LEFT_ANKLE, LEFT_FOOT), (RIGHT_ANKLE, RIGHT_FOOT)):
        stands = (joints[1:, ankle, 1] <= 0.10) & (joints[1:, toe, 1] <= 0.05)
        moved = np.linalg.norm(np.diff(joints[:, toe][:, [0, 2]], axis=0), axis=-1) > 0.01
        down += int(stands.sum())
        sliding += int((stands & moved).sum())
    return sliding / max(down, 1)


def motion_beats(speed: F64) -> F64:
    """Frames at which the smoothed speed is least."""
    reach = np.arange(-9, 10)
    kernel = np.exp(-(reach**2) / (2 * BEAT_WIDTH_FRAMES**2))
    smooth = np.convolve(np.pad(speed, 9, mode="edge"), kernel / kernel.sum(), mode="valid")
    inner = (smooth[1:-1] < smooth[:-2]) & (smooth[1:-1] <= smooth[2:])
    return np.flatnonzero(inner).astype(np.float64) + 1.5


def alignment(beat_frames: F64, minima: F64) -> float:
    if not len(beat_frames) or not len(minima):
        return float("nan")
    distance = np.abs(beat_frames[:, None] - minima).min(axis=1)
    return float(np.exp(-(distance**2) / (2 * BEAT_WIDTH_FRAMES**2)).mean())


def mean_of(figures: list[Figures]) -> Figures:
    columns = np.array([[f.speed, f.jerk, f.skate, f.freeze, f.alignment, f.chance] for f in figures])
    known = np.isfinite(columns)
    means = np.where(known, columns, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return Figures(*(float(m) if k else float("nan") for m, k in zip(means, known.any(axis=0), strict=True)))


if __name__ == "__main__":
    main()
