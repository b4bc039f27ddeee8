"""How much worse trackers get when the sound does: a Markdown table of each condition against the clean clips.

python -m benchmarks.beat_conditions FOLDER [--tracker NAME]... [--rival NAME=COMMAND]... [--condition NAME]...
"""

import argparse
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import soxr

from benchmarks.beat_clips import clips_in, opened
from benchmarks.beat_scores import Clip, Score, interval, scored
from benchmarks.beat_sounds import crowd
from benchmarks.beat_trackers import Tracker, add_arguments, chosen

CLIPPED_DB, QUIET_DB, CROWD_SNR_DB = 12.0, -24.0, 10.0


def gained(clip: Clip, gain_db: float) -> Clip:
    return replace(clip, samples=clip.samples * np.float32(10 ** (gain_db / 20)))


def clipped(clip: Clip) -> Clip:
    """So loud that it is cut off at full scale."""
    return replace(clip, samples=np.clip(gained(clip, CLIPPED_DB).samples, -1, 1))


def mono(clip: Clip) -> Clip:
    return replace(clip, samples=clip.samples.mean(axis=1, keepdims=True))


def at_rate(clip: Clip, rate_hz: int) -> Clip:
    samples = soxr.resample(clip.samples, clip.rate_hz, rate_hz).astype(np.float32)
    return replace(clip, samples=samples, rate_hz=rate_hz)


def in_a_crowd(clip: Clip) -> Clip:
    """The same crowd, on all channels, so loud that the whole clip is CROWD_SNR_DB louder."""
    noise = crowd(len(clip.samples), clip.rate_hz)
    ratio = float(np.sqrt(np.mean(clip.samples**2) / np.mean(noise**2)))
    return replace(clip, samples=clip.samples + noise[:, None] * np.float32(ratio * 10 ** (-CROWD_SNR_DB / 20)))


CONDITIONS: Mapping[str, Callable[[Clip], Clip]] = {
    "clean": lambda clip: clip,
    "clipped": clipped,
    "mono": mono,
    "44.1 kHz": partial(at_rate, rate_hz=44_100),
    "48 kHz": partial(at_rate, rate_hz=48_000),
    "96 kHz": partial(at_rate, rate_hz=96_000),
    "24 dB quieter": partial(gained, gain_db=QUIET_DB),
    "crowd": in_a_crowd,
}


def run(folder: Path, tracker: Tracker, conditions: tuple[str, ...], name: str) -> list[Score]:
    """Of one clip under each condition."""
    clip = opened(folder, name)
    heard = (CONDITIONS[condition](clip) for condition in conditions)
    return [scored(under, tracker(under.samples, under.rate_hz)) for under in heard]


def rows(tracker: str, conditions: tuple[str, ...], scores: list[list[Score]]) -> list[str]:
    """`scores` [clips][conditions], the clean one first."""
    out = []
    for k, condition in enumerate(conditions):
        falls = [under[k].f - under[0].f for under in scores]
        means = [float(np.mean([getattr(under[k], part) for under in scores])) for part in ("f", "cmlt", "amlt")]
        low, high = interval(falls)
        change = f"{np.mean(falls):+.3f} ({low:+.3f} to {high:+.3f})" if k else "-"
        out.append(f"| {tracker} | {condition} | {means[0]:.3f} | {change} | {means[1]:.3f} | {means[2]:.3f} |")
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="annotated clips")
    add_arguments(parser)
    parser.add_argument("--condition", action="append", choices=list(CONDITIONS)[1:], help="which (default: all)")
    parser.add_argument("--part", default="0/1", help="K/N: every N-th clip from the K-th on (default 0/1: all)")
    args = parser.parse_args()
    conditions = ("clean", *(args.condition or list(CONDITIONS)[1:]))
    names = clips_in(args.folder, args.part)
    print("| tracker | condition | F | against clean (95 %) | CMLt | AMLt |\n|---|---|---|---|---|---|", flush=True)
    with ProcessPoolExecutor(args.processes) as pool:
        for name, tracker in chosen(args).items():
            scores = list(pool.map(partial(run, args.folder, tracker, conditions), names))
            print(*rows(name, conditions, scores), sep="\n", flush=True)


if __name__ == "__main__":
    main()
