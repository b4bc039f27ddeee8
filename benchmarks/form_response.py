"""How much smaller the dance is in a break and larger on a drop than in the groove: speed of the joints over that of
the first groove, from the second bar of each part on. Prints a Markdown table.

    python -m benchmarks.form_response --pieces 4
"""

import argparse
from pathlib import Path

import numpy as np
import torch

import models
from benchmarks.form_scores import BEATS, FormedPiece, formed
from megadance_live.core.command import Command
from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.music_frame import FEATURE_RATE_HZ
from megadance_live.engine.rehearsal import danced_by_ear
from megadance_live.engine.session import Session
from models.evaluation.alignment import joint_speed
from models.evaluation.motion import motion_from
from models.evaluation.tables import table

KINDS = ("groove", "break", "build", "drop")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=int, default=4, help="made-up pieces, each in another genre (default 4)")
    parser.add_argument("--model", type=Path, help="a model folder (default: the one that ships)")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    dancer = models.load(options.model)
    pieces = [formed(seed) for seed in range(options.pieces)]
    lines = []
    for dynamics in (0.0, 0.5, 1.0):
        shares = [speeds(dancer, piece, seed, dynamics) for seed, piece in enumerate(pieces)]
        lines.append([f"{dynamics}", *(f"{np.mean([share[kind] for share in shares]):.2f}" for kind in KINDS)])
    print(table(["dynamics", *KINDS], lines))


def speeds(dancer: Dancer, piece: FormedPiece, seed: int, dynamics: float) -> dict[str, float]:
    """Of every kind of part, over that of the first."""
    expert = dancer.experts[(4 + seed) % len(dancer.experts)]
    session = Session(dancer, FEATURE_RATE_HZ, 1, expert=expert, seed=seed)
    session.command(Command("dynamics", dynamics))
    poses = danced_by_ear(session, piece.samples[:, None], FEATURE_RATE_HZ)
    motion = motion_from("", expert, np.stack([p.root_m for p in poses]), np.stack([p.quats for p in poses]))
    times = np.array([pose.time_s for pose in poses])
    speed = joint_speed(motion.joints_m) / (np.diff(times) * FRAME_RATE_HZ)
    bar_s = BEATS * float(np.diff(piece.beats_s)[0])
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for part in piece.parts:
        inside = (times[1:] >= part.start_s + bar_s) & (times[1:] < part.end_s)
        found[part.kind].append(float(speed[inside].mean()))
    return {kind: float(np.mean(found[kind])) / found["groove"][0] for kind in KINDS}


if __name__ == "__main__":
    main()
