"""How well beat trackers follow music live: Markdown tables over annotated clips.

python -m benchmarks.beats FOLDER [--tracker NAME]... [--rival NAME=COMMAND]... [--ahead S] [--condition NAME]

FOLDER is described in beat_clips.py, what is scored in beat_scores.py, rivals in beat_trackers.py. "Half off" counts
the clips tracked half a beat off; "changed" and "paused" are the median times until beats are right again after a
change of tempo and after a pause (and the number of places); "lead" is how long before it sounds a right beat was told
(median, and what 95 % have at least). Means, and differences from the first tracker, have bootstrap intervals over the
clips.
"""

import argparse
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.beat_clips import clips_in, opened
from benchmarks.beat_conditions import CONDITIONS
from benchmarks.beat_scores import Score, interval, scored
from benchmarks.beat_trackers import Tracker, add_arguments, chosen

MEANS = ("f", "cmlt", "amlt", "downbeat_f", "tempo_right")
HEAD = (
    "| tracker | F | CMLt | AMLt | downbeat F | tempo | half off | first lock, s | changed, s | paused, s "
    "| error, ms | lead, ms (p5) | cost |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def run(folder: Path, tracker: Tracker, condition: str, name: str) -> Score:
    clip = CONDITIONS[condition](opened(folder, name))
    return scored(clip, tracker(clip.samples, clip.rate_hz))


def row(name: str, scores: list[Score]) -> str:
    errors, leads = (np.concatenate([getattr(s, part) for s in scores]) for part in ("errors_s", "leads_s"))
    cells = [f"{np.mean([getattr(s, part) for s in scores]):.3f}" for part in MEANS]
    cells.append(f"{sum(s.half_off for s in scores)}")
    cells.append(seconds([s.lock_s for s in scores]))
    for part in ("after_jumps_s", "after_pauses_s"):
        times_s = [time_s for s in scores for time_s in getattr(s, part)]
        cells.append(f"{seconds(times_s)} ({len(times_s)})" if times_s else "-")
    cells.append(f"{1000 * np.median(errors):+.0f} ({1000 * np.median(np.abs(errors)):.0f})" if len(errors) else "-")
    cells.append(f"{1000 * np.median(leads):.0f} ({1000 * np.percentile(leads, 5):.0f})" if len(leads) else "-")
    cells.append(f"{np.mean([s.cost for s in scores]):.4f}")
    return f"| {name} | " + " | ".join(cells) + " |"


def seconds(times_s: Sequence[float]) -> str:
    """The median of times, of which some may be never."""
    median = float(np.median(times_s))
    return f"{median:.1f}" if np.isfinite(median) else "never"


def intervals(results: dict[str, list[Score]]) -> Iterator[str]:
    """95 % intervals of the means, and of the differences of the others from the first tracker, clip by clip."""
    yield "| 95 % intervals | F | CMLt | AMLt | downbeat F | tempo |\n|---|---|---|---|---|---|"
    first, *others = results
    for name, scores in results.items():
        ranges = (interval([float(getattr(s, part)) for s in scores]) for part in MEANS)
        yield f"| {name} | " + " | ".join(f"{low:.3f} to {high:.3f}" for low, high in ranges) + " |"
    for name in others:
        cells = []
        for part in MEANS:
            both = zip(results[first], results[name], strict=True)
            differences = [float(getattr(a, part)) - float(getattr(b, part)) for a, b in both]
            low, high = interval(differences)
            cells.append(f"{np.mean(differences):+.3f} ({low:+.3f} to {high:+.3f})")
        yield f"| {first} before {name} | " + " | ".join(cells) + " |"


def calibration(scores: list[Score]) -> Iterator[str]:
    """Of the beats of each confidence, how many were right."""
    sure = np.array([pair for s in scores for pair in s.right])
    yield "| confidence | beats | right |"
    yield "|---|---|---|"
    for low in np.arange(0.0, 1.0, 0.1):
        inside = (sure[:, 0] >= low) & (sure[:, 0] < low + 0.1 + 1e-9 * (low > 0.85))
        if inside.any():
            yield f"| {low:.1f} to {low + 0.1:.1f} | {inside.sum()} | {sure[inside, 1].mean():.2f} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="annotated clips")
    add_arguments(parser)
    parser.add_argument("--condition", choices=CONDITIONS, default="clean", help="what has become of the sound")
    parser.add_argument("--part", default="0/1", help="K/N: every N-th clip from the K-th on (default 0/1: all)")
    parser.add_argument("--clips", action="store_true", help="also a table of every clip")
    args = parser.parse_args()
    names = clips_in(args.folder, args.part)
    results: dict[str, list[Score]] = {}
    print(HEAD, flush=True)
    with ProcessPoolExecutor(args.processes) as pool:
        for name, tracker in chosen(args).items():
            results[name] = list(pool.map(partial(run, args.folder, tracker, args.condition), names))
            print(row(name, results[name]), flush=True)
    print("", *intervals(results), sep="\n")
    for name, scores in results.items():
        if any(not np.isnan(sure) for s in scores for sure, _ in s.right):
            print(f"\n{name}:\n", *calibration(scores), sep="\n")
        if args.clips:
            print(f"\n{name}:\n", HEAD.replace("tracker", "clip"), *(row(s.name, [s]) for s in scores), sep="\n")


if __name__ == "__main__":
    main()
