"""How well a genre classifier knows real dances that it has not learnt from: what the share of switches that are
recognised can be at most.

By folds: clips of every genre are dealt out, each fold's classifier learns from the others and is asked about all
stretches of two bars (4.4 s) of its own, by the rule of models/evaluation/switching.py. Prints a Markdown table.

    python -m benchmarks.genre_folds DATA
"""

import argparse
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

import torch

from models.evaluation.genre_folder import load_genre_net
from models.evaluation.genre_net import GenreNet, see
from models.evaluation.genre_training import GenreTask
from models.evaluation.motion import Motion
from models.evaluation.real import load_real
from models.evaluation.special import walk
from models.evaluation.tables import number, table
from models.training.config import LoopConfig
from models.training.loop import train

STRETCH = round(walk(("a", "b"), 0).length)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="real clips with a manifest.csv")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=400, help="of each classifier (default 400)")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    clips, _ = load_real(options.data)
    training = [real.motion for real in clips if real.split == "train"]
    asked: dict[str, Counter[str]] = defaultdict(Counter)
    for fold, own in enumerate(dealt(training, options.folds)):
        others = [motion for motion in training if motion not in own]
        tally(asked, trained(others, fold, options.steps), own)
    held_out: dict[str, Counter[str]] = defaultdict(Counter)
    tally(held_out, load_genre_net(), [real.motion for real in clips if real.split == "test"])
    report(asked, held_out, Counter(motion.genre for motion in training))


def dealt(motions: list[Motion], folds: int) -> list[list[Motion]]:
    """The clips of every genre in turn."""
    hands: list[list[Motion]] = [[] for _ in range(folds)]
    for place, motion in enumerate(sorted(motions, key=lambda motion: (motion.genre, motion.name))):
        hands[place % folds].append(motion)
    return hands


def trained(training: list[Motion], seed: int, steps: int) -> GenreNet:
    """A classifier of these."""
    made: list[GenreTask] = []

    def task() -> GenreTask:
        made.append(GenreTask(training, [], seed))
        return made[-1]

    loop = LoopConfig(
        steps=steps,
        learning_rate=2e-3,
        weight_decay=0.05,
        ema_decay=0.99,
        checkpoint_every=steps,
        precision="32-true",
        seed=seed,
    )
    with tempfile.TemporaryDirectory() as run:
        for _ in train(task, Path(run), loop):
            pass
    return made[-1].model.eval()


def tally(asked: dict[str, Counter[str]], net: GenreNet, motions: list[Motion]) -> None:
    """Counts what the stretches of these are seen as."""
    genres = net.config.genres
    for motion in motions:
        for begin in range(0, len(motion) - STRETCH + 1, STRETCH):
            windows = [motion.cut(at, at + 60) for at in range(begin, begin + STRETCH - 59, 5)]
            asked[motion.genre][genres[int(see(net, windows).probability.mean(axis=0).argmax())]] += 1


def report(asked: dict[str, Counter[str]], held_out: dict[str, Counter[str]], clips: Counter[str]) -> None:
    lines = []
    for genre, seen in sorted(asked.items()):
        wrong = ", ".join(f"{name} {count}" for name, count in seen.most_common() if name != genre)
        lines.append([genre, str(clips[genre]), share(seen, genre), share(held_out[genre], genre), wrong])
    means = [[float(cell) for line in lines if (cell := line[column]) != "-"] for column in (2, 3)]
    lines.append(["mean", "", *(number(sum(part) / len(part), 2) for part in means), ""])
    print(table(["genre", "training clips", "recognised by folds", "test split", "taken for (folds)"], lines))


def share(seen: Counter[str], genre: str) -> str:
    return number(seen[genre] / seen.total(), 2) if seen.total() else "-"


if __name__ == "__main__":
    main()
