"""Real music, heard and danced to as on stage: how the dance meets its beats, which nobody tells the dancer.

    python -m benchmarks.dance_by_ear FOLDER [--part 0/1] [--model DIR]

FOLDER holds annotated clips (beat_clips.py). Each is danced to in one genre, every clip in the next. Prints a Markdown
table: BAS, its value by chance, precision and lag as in docs/evaluation.md, from the eighth second of each clip on.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

import models
from benchmarks.beat_clips import clips_in, opened
from benchmarks.beat_scores import Clip
from megadance_live.commands.evaluation_stage import seen
from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.engine.rehearsal import danced_by_ear
from megadance_live.engine.session import Session
from models.evaluation.alignment import BeatScores, beat_scores, joint_speed
from models.evaluation.freezing import longest_freeze_s
from models.evaluation.motion import Motion
from models.evaluation.programme import motion_between
from models.evaluation.tables import number, table
from models.evaluation.tally import Tally, pooled

HEARD_FIRST_S = 8.0
"""The tracker has locked by then, or it never does."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", default="0/1", metavar="K/N", help="every N-th clip from the K-th on (default all)")
    parser.add_argument("--model", type=Path, help="a model folder (default: the one that ships)")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    dancer = models.load(options.model)
    dances = []
    for index, name in enumerate(clips_in(options.folder, options.part)):
        clip = opened(options.folder, name)
        dances.append(danced(dancer, clip, dancer.experts[index % len(dancer.experts)], index))
    head = ["genre", "clips", "BAS", "by chance", "BAS over chance", "precision", "lag, ms", "speed, m/s", "freeze, s"]
    genres = sorted({dance.genre for dance in dances})
    lines = [_line(genre, [dance for dance in dances if dance.genre == genre]) for genre in genres]
    print(table(head, [*lines, _line("all", dances)]))


def danced(dancer: Dancer, clip: Clip, genre: str, seed: int) -> Motion:
    """What the audience sees from HEARD_FIRST_S on."""
    session = Session(dancer, clip.rate_hz, clip.samples.shape[1], expert=genre, seed=seed)
    shown = seen(danced_by_ear(session, clip.samples, clip.rate_hz), 0.0)
    times = np.arange(HEARD_FIRST_S, len(clip.samples) / clip.rate_hz, 1.0 / FRAME_RATE_HZ)
    return motion_between(shown, times, clip.name, genre, (clip.beats_s - HEARD_FIRST_S) * FRAME_RATE_HZ)


def _line(name: str, dances: Sequence[Motion]) -> list[str]:
    scores = [beat_scores(dance.joints_m, dance.beat_frames) for dance in dances]
    bas, chance = _mean(scores, "alignment"), _mean(scores, "chance")
    return [
        name,
        str(len(dances)),
        number(bas, 3),
        number(chance, 3),
        number(bas / chance, 2),
        number(_mean(scores, "precision"), 3),
        number(float(np.median(np.concatenate([one.lags_ms for one in scores]))), 0),
        number(float(np.mean([joint_speed(dance.joints_m).mean() for dance in dances])), 2),
        number(max(longest_freeze_s(dance.joints_m) for dance in dances), 1),
    ]


def _mean(scores: Sequence[BeatScores], what: str) -> float:
    tallies: list[Tally] = [getattr(one, what) for one in scores]
    return pooled(tallies).value


if __name__ == "__main__":
    main()
