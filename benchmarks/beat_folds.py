"""How well the tracker follows recordings of which its network has heard none: training and scoring by folds.

python -m benchmarks.beat_folds FOLDER CORPUS BASE OUT [--without WORD]... [--condition NAME]... [--clips]

FOLDER holds annotated clips (beat_clips.py), CORPUS the pieces of `prepare-beats`, BASE is a training on CORPUS alone.
The clips are dealt into five folds by the packages that they come from (what is cut together from others goes with
them). For each fold BASE goes on learning with the clips of the other four, less those in whose row a word of
`--without` stands (licences under which nothing may ship), and the tracker hears the fold with that network. Trainings
that are done are kept in OUT, those that were interrupted go on. Prints the tables of benchmarks/beats.py.
"""

import argparse
import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.beat_clips import clips_in, opened
from benchmarks.beat_conditions import CONDITIONS
from benchmarks.beat_scores import Score, scored
from benchmarks.beat_trackers import megadance_live
from benchmarks.beats import HEAD, calibration, intervals, row
from megadance_live.commands.beats import ears, hear_file
from megadance_live.corpus.kinds import STILL
from megadance_live.music import beat_net
from megadance_live.music.beat_spectrum import BEAT_FRAME_RATE_HZ, INPUTS
from models.beats.config import BeatNetConfig
from models.beats.export import export_beats
from models.beats.pieces import prepare_recordings
from models.beats.training import Diet, load_beats, measured, train_beats
from models.training.config import LoopConfig

FOLDS = 5
RECORDED = "recorded"
STAGES = (("first", 500, 1e-3, 0.3), ("second", 500, 8e-4, 0.4))
"""Name, steps, learning rate, and the share of recordings, of the trainings one after the other: those of the network
that ships."""


def packages(folder: Path) -> Mapping[str, str]:
    """What each clip comes from."""
    with open(folder / "index.tsv", encoding="utf-8", newline="") as file:
        sources = {Path(row["file"]).stem: row["source"] for row in csv.DictReader(file, delimiter="\t")}
    named = {name: re.match(r"(?:Debian|GitHub|PyPI) (\S+?)(?:[:,]|\s|$)", source) for name, source in sources.items()}
    of = {name: found[1] if found else sources[name] for name, found in named.items()}
    for name, source in sources.items():
        if source.startswith("composite of "):
            parts = [of[part] for part in source.removeprefix("composite of ").split("+") if part in of]
            of = {each: parts[0] if package in parts else package for each, package in of.items()}
            of[name] = parts[0] if parts else name
    return of


def dealt(folder: Path, kept: Path) -> list[list[str]]:
    """The clips of each fold, as they were dealt before (in the file `kept`), or: the largest package first, each to
    the smallest fold."""
    if kept.exists():
        before: list[list[str]] = json.loads(kept.read_text(encoding="utf-8"))
        return before
    by_package: dict[str, list[str]] = {}
    of = packages(folder)
    for name in clips_in(folder):
        by_package.setdefault(of[name], []).append(name)
    folds: list[list[str]] = [[] for _ in range(FOLDS)]
    for _, members in sorted(by_package.items(), key=lambda item: (-len(item[1]), item[0])):
        min(folds, key=len).extend(members)
    kept.write_text(json.dumps(folds, indent=1), encoding="utf-8")
    return folds


def fold_network(home: Path, clips: list[str], corpus: Path, recorded: Path, base: Path) -> Path:
    """The folder of a network that has heard the recordings but for `clips`."""
    data = home / "data"
    for source in (*(path for path in corpus.iterdir() if path.is_dir()), recorded):
        target = data / (RECORDED if source == recorded else source.name)
        target.mkdir(parents=True, exist_ok=True)
        for piece in source.glob("*.npz"):
            link = target / piece.name
            if (source != recorded or piece.stem not in clips) and not link.exists():
                link.symlink_to(piece.resolve())
    config = BeatNetConfig(inputs=INPUTS, frame_rate_hz=BEAT_FRAME_RATE_HZ)
    start = base
    for name, steps, rate, share in STAGES:
        loop = LoopConfig(steps=steps, learning_rate=rate, ema_decay=0.995, checkpoint_every=100)
        for report in train_beats(data, home / name, config, ears(), loop, Diet(STILL, RECORDED, share), start):
            print(f"{home.name}, {name}: step {report.step}, loss {report.parts['loss']:.3f}", flush=True)
        start = home / name
    network, steps = load_beats(start)
    held_out = [recorded / f"{name}.npz" for name in clips if (recorded / f"{name}.npz").exists()]
    export_beats(network, home / "net", {"steps": steps, "held_out": measured(network, held_out, ears())})
    return home / "net"


def scores(folder: Path, clips: list[str], network: Path, condition: str) -> Iterator[Score]:
    beat_net.SHIPPED = network
    for name in clips:
        clip = CONDITIONS[condition](opened(folder, name))
        yield scored(clip, megadance_live(clip.samples, clip.rate_hz, "megadance"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="annotated clips")
    parser.add_argument("corpus", type=Path, help="what `prepare-beats` wrote")
    parser.add_argument("base", type=Path, help="a training on it")
    parser.add_argument("out", type=Path, help="where data and trainings of the folds are kept")
    parser.add_argument("--without", action="append", default=[], metavar="WORD", help="train on none of these")
    parser.add_argument("--condition", action="append", choices=CONDITIONS, help="what has become of the sound")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="score every N-th clip of a fold (default 1)")
    parser.add_argument("--clips", action="store_true", help="also a table of every clip")
    args = parser.parse_args()
    recorded = args.out / RECORDED
    for name, _ in prepare_recordings(args.folder, recorded, hear_file, tuple(args.without)):
        print(f"heard {name}", flush=True)
    results: dict[str, list[Score]] = {condition: [] for condition in args.condition or ["clean"]}
    for number, clips in enumerate(dealt(args.folder, args.out / "folds.json")):
        network = fold_network(args.out / f"fold_{number}", clips, args.corpus, recorded, args.base)
        for condition, found in results.items():
            found.extend(scores(args.folder, clips[:: args.every], network, condition))
    print(HEAD, *(row(condition, found) for condition, found in results.items()), "", *intervals(results), sep="\n")
    for condition, found in results.items():
        print(f"\n{condition}:\n", *calibration(found), sep="\n")
        if args.clips:
            print("", HEAD.replace("tracker", "clip"), *(row(score.name, [score]) for score in found), sep="\n")


if __name__ == "__main__":
    main()
