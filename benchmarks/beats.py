"""How well beat trackers follow music live: Markdown tables over annotated clips.

A folder holds NAME.ogg (or .wav, .flac) beside NAME.beats (lines of "time<TAB>beat in bar") and index.tsv, which names
the clips; those whose "confidence" is low are left out. Everything is scored as it happened: a beat counts with the
time that the tracker gave for it at the last moment before it sounded (with --ahead: that many seconds before), a beat
reported late with the moment of the report. The first five seconds are not scored and the window is 70 ms, as is usual
(MIREX); F, CMLt and AMLt are mir_eval's (Davies, Degara and Plumbley, "Evaluation methods for musical audio beat
tracking algorithms", 2009).
"""

import argparse
import csv
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from mir_eval import beat as metrics

from megadance_live.music.track import track

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]

WINDOW_S = 0.070
SKIP_S = 5.0
TEMPO_TOLERANCE = 0.04
LOCK_BEATS = 4
"""Locked from the first of so many beats in a row that are right."""
JUMP = 1.04
GAP_BEATS = 2.5


@dataclass(frozen=True)
class Clip:
    name: str
    samples: F32  # [n, channels]
    rate_hz: int
    beats_s: F64
    downbeats_s: F64


@dataclass(frozen=True)
class Reported:
    """What a tracker said: where each beat was, from when on it said so (after the beat, where it only reacts), how
    sure it was, and which of them begin a bar."""

    times_s: F64
    known_s: F64
    confidence: F64
    downbeats_s: F64
    cost: float = 0.0
    """Seconds of computing per second of music."""


@dataclass(frozen=True)
class Score:
    name: str
    f: float
    cmlt: float
    amlt: float
    downbeat_f: float
    tempo_right: bool
    lock_s: float
    recovery_s: tuple[float, ...]
    errors_s: F64
    leads_s: F64
    right: tuple[tuple[float, bool], ...]
    """Of each beat scored: how sure the tracker was, and whether it was right."""
    cost: float


Tracker = Callable[[F32, int], Reported]


def megadance_live(samples: F32, rate_hz: int, tracker: str) -> Reported:
    """The product's own clock behind one of its trackers."""
    began = time.process_time()
    rows = list(track(samples, rate_hz, tracker))
    cost = (time.process_time() - began) / (len(samples) / rate_hz)
    times = np.array([row.time_s for row in rows])
    known = np.array([row.announced_s for row in rows])
    confidence = np.array([row.confidence for row in rows])
    downbeats = np.array([row.time_s for row in rows if row.beat_in_bar == 1])
    return Reported(times, known, confidence, downbeats, cost)


def aubio_alone(samples: F32, rate_hz: int) -> Reported:
    """aubio's tempo object by itself, at a hop of 256: it only reacts and knows no bars."""
    import aubio

    began = time.process_time()
    hop = 256
    mono = np.ascontiguousarray(samples.mean(axis=1), np.float32)
    tempo = aubio.tempo("default", 1024, hop, rate_hz)
    times, known = [], []
    for start in range(0, len(mono) - hop + 1, hop):
        if tempo(mono[start : start + hop])[0] > 0:
            times.append(float(tempo.get_last_s()))
            known.append((start + hop) / rate_hz)
    cost = (time.process_time() - began) / (len(mono) / rate_hz)
    return Reported(np.array(times), np.array(known), np.full(len(times), np.nan), np.zeros(0), cost)


TRACKERS: dict[str, Tracker] = {
    "megadance": partial(megadance_live, tracker="megadance"),
    "aubio": partial(megadance_live, tracker="aubio"),
    "aubio alone": aubio_alone,
}


def pairs(found_s: F64, true_s: F64) -> list[tuple[int, int]]:
    """Indices of beats found and true beats within WINDOW_S of each other, one to one, in order."""
    out: list[tuple[int, int]] = []
    i = j = 0
    while i < len(found_s) and j < len(true_s):
        error = found_s[i] - true_s[j]
        if abs(error) <= WINDOW_S:
            out.append((i, j))
            i, j = i + 1, j + 1
        elif error < 0:
            i += 1
        else:
            j += 1
    return out


def lock_after(start_s: float, found_s: F64, true_s: F64) -> float:
    """Seconds from `start_s` to the first of LOCK_BEATS true beats in a row that were found, with none between;
    infinity if never."""
    found_s, true_s = found_s[found_s >= start_s - WINDOW_S], true_s[true_s >= start_s - WINDOW_S]
    run: list[tuple[int, int]] = []
    for pair in pairs(found_s, true_s):
        follows = bool(run) and pair[0] == run[-1][0] + 1 and pair[1] == run[-1][1] + 1
        run = [*run, pair] if follows else [pair]
        if len(run) == LOCK_BEATS:
            return max(0.0, float(true_s[run[0][1]]) - start_s)
    return float("inf")


def changes(true_s: F64) -> list[float]:
    """When the music went on after a pause, or at another tempo at once (in steps of a ramp it does not)."""
    periods = np.diff(true_s)
    out: list[float] = []
    for i in range(4, len(periods) - 4):
        before, after = float(np.median(periods[i - 4 : i])), float(np.median(periods[i + 1 : i + 5]))
        steady = np.ptp(periods[i - 4 : i]) < 0.02 * before and np.ptp(periods[i + 1 : i + 5]) < 0.02 * after
        paused = periods[i] > GAP_BEATS * before
        jumped = max(before, after) > JUMP * min(before, after) and abs(periods[i] / before - 1) > 0.5 * (JUMP - 1)
        if steady and (paused or jumped) and (not out or true_s[i + 1] - out[-1] > 4.0):
            out.append(float(true_s[i + 1]))
    return out


def tempo_right(found_s: F64, true_s: F64) -> bool:
    """Whether the median tempo is right within 4 %."""
    if len(found_s) < 2:
        return False
    return bool(abs(np.median(np.diff(found_s)) / np.median(np.diff(true_s)) - 1) <= TEMPO_TOLERANCE)


def scored(clip: Clip, said: Reported) -> Score:
    found, truth = metrics.trim_beats(said.times_s), metrics.trim_beats(clip.beats_s)
    kept = said.times_s >= SKIP_S
    matched = pairs(found, truth)
    right = {i for i, _ in matched}
    sure = said.confidence[kept]
    _, cmlt, _, amlt = metrics.continuity(truth, found) if len(found) > 1 else (0.0,) * 4
    return Score(
        clip.name,
        float(metrics.f_measure(truth, found, WINDOW_S)) if len(found) else 0.0,
        float(cmlt),
        float(amlt),
        _downbeat_f(clip, said),
        tempo_right(found, truth),
        lock_after(float(clip.beats_s[0]), said.times_s, clip.beats_s),
        tuple(lock_after(at_s, said.times_s, clip.beats_s) for at_s in changes(clip.beats_s)),
        np.array([found[i] - truth[j] for i, j in matched]),
        (said.times_s - said.known_s)[kept][sorted(right)],
        tuple((float(sure[i]), i in right) for i in range(len(found))),
        said.cost,
    )


def _downbeat_f(clip: Clip, said: Reported) -> float:
    found, truth = metrics.trim_beats(said.downbeats_s), metrics.trim_beats(clip.downbeats_s)
    return float(metrics.f_measure(truth, found, WINDOW_S)) if len(found) and len(truth) else 0.0


def clips_in(folder: Path) -> list[str]:
    """Names of the clips whose annotation is sure."""
    with open(folder / "index.tsv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [Path(row["file"]).stem for row in rows if row["confidence"] != "low"]


def opened(folder: Path, name: str) -> Clip:
    audio = next(folder / f"{name}{end}" for end in (".ogg", ".wav", ".flac") if (folder / f"{name}{end}").exists())
    samples, rate_hz = soundfile.read(audio, dtype="float32", always_2d=True)
    rows = np.loadtxt(folder / f"{name}.beats", ndmin=2)
    return Clip(name, samples, rate_hz, rows[:, 0], rows[rows[:, 1] == 1, 0])


def run(folder: Path, tracker: str, name: str) -> Score:
    clip = opened(folder, name)
    return scored(clip, TRACKERS[tracker](clip.samples, clip.rate_hz))


HEAD = (
    "| tracker | F | CMLt | AMLt | downbeat F | tempo | first lock, s | recovery, s | error, ms | lead, ms (p5) | "
    "cost |\n|---|---|---|---|---|---|---|---|---|---|---|"
)


def row(name: str, scores: list[Score]) -> str:
    means = [np.mean([getattr(s, part) for s in scores]) for part in ("f", "cmlt", "amlt", "downbeat_f", "tempo_right")]
    recovery = [seconds for s in scores for seconds in s.recovery_s]
    errors = np.concatenate([s.errors_s for s in scores])
    leads = np.concatenate([s.leads_s for s in scores])
    cells = [f"{mean:.3f}" for mean in means]
    cells.append(f"{np.median([s.lock_s for s in scores]):.1f}")
    cells.append(f"{np.median(recovery):.1f} ({len(recovery)})" if recovery else "-")
    cells.append(f"{1000 * np.median(errors):+.0f} ({1000 * np.median(np.abs(errors)):.0f})" if len(errors) else "-")
    cells.append(f"{1000 * np.median(leads):.0f} ({1000 * np.percentile(leads, 5):.0f})" if len(leads) else "-")
    cells.append(f"{np.mean([s.cost for s in scores]):.4f}")
    return f"| {name} | " + " | ".join(cells) + " |"


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
    parser.add_argument("--tracker", action="append", choices=TRACKERS, help="which (default: all)")
    parser.add_argument("--part", default="0/1", help="K/N: every N-th clip from the K-th on (default 0/1: all)")
    parser.add_argument("--clips", action="store_true", help="also a table of every clip")
    parser.add_argument("--processes", type=int, default=1)
    args = parser.parse_args()
    first, step = (int(number) for number in args.part.split("/"))
    names = clips_in(args.folder)[first::step]
    results: dict[str, list[Score]] = {}
    print(HEAD, flush=True)
    with ProcessPoolExecutor(args.processes) as pool:
        for tracker in args.tracker or TRACKERS:
            results[tracker] = list(pool.map(partial(run, args.folder, tracker), names))
            print(row(tracker, results[tracker]), flush=True)
    for tracker, scores in results.items():
        if any(not np.isnan(sure) for s in scores for sure, _ in s.right):
            print(f"\n{tracker}:\n", *calibration(scores), sep="\n")
        if args.clips:
            print(f"\n{tracker}:\n", HEAD.replace("tracker", "clip"), *(row(s.name, [s]) for s in scores), sep="\n")


if __name__ == "__main__":
    main()
