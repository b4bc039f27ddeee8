"""How well the live bar clock keeps time: a Markdown table over annotated clips, or over rendered drums.

A folder holds NAME.ogg (or .wav, .flac) beside NAME.beats: lines of "time<TAB>beat in bar". The first five seconds
are left out, as is usual for trackers that must find their feet (MIREX).
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from megadance_live.music.track import TrackedBeat, track

WINDOW_S = 0.070
SKIP_S = 5.0
F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Clip:
    name: str
    samples: F32  # [n, channels]
    rate_hz: int
    beats_s: F64
    downbeats_s: F64


@dataclass(frozen=True)
class Score:
    """`errors_s` of the beats found, `leads_s` by which beats were announced before they sounded."""

    name: str
    f: float
    downbeat_f: float
    errors_s: F64
    leads_s: F64
    cost: float


def match(found_s: F64, true_s: F64) -> F64:
    """Errors of the beats found that pair with a true one within WINDOW_S, one to one."""
    errors, i, j = [], 0, 0
    while i < len(found_s) and j < len(true_s):
        error = found_s[i] - true_s[j]
        if abs(error) <= WINDOW_S:
            errors.append(error)
            i, j = i + 1, j + 1
        elif error < 0:
            i += 1
        else:
            j += 1
    return np.array(errors)


def f_measure(found_s: F64, true_s: F64) -> tuple[float, F64]:
    """F-measure of beats after the first five seconds, and their errors."""
    found_s, true_s = found_s[found_s >= SKIP_S], true_s[true_s >= SKIP_S]
    errors = match(found_s, true_s)
    total = len(found_s) + len(true_s)
    return 2 * len(errors) / total if total else 0.0, errors


def score(clip: Clip) -> Score:
    began = time.process_time()
    rows: list[TrackedBeat] = list(track(clip.samples, clip.rate_hz))
    cost = (time.process_time() - began) / (len(clip.samples) / clip.rate_hz)
    f, errors = f_measure(np.array([row.time_s for row in rows]), clip.beats_s)
    bars_s = np.array([row.time_s for row in rows if row.beat_in_bar == 1])
    downbeat_f, _ = f_measure(bars_s, clip.downbeats_s)
    leads = np.array([row.time_s - row.announced_s for row in rows if row.time_s >= SKIP_S])
    return Score(clip.name, f, downbeat_f, errors, leads, cost)


def clips_of(folder: Path, every: int) -> Iterator[Clip]:
    for annotation in sorted(folder.glob("*.beats"))[::every]:
        audio = next(p for p in annotation.parent.glob(f"{annotation.stem}.*") if p.suffix in {".ogg", ".wav", ".flac"})
        samples, rate_hz = soundfile.read(audio, dtype="float32", always_2d=True)
        rows = np.loadtxt(annotation, ndmin=2)
        yield Clip(annotation.stem, samples, rate_hz, rows[:, 0], rows[rows[:, 1] == 1, 0])


def rendered(seconds: float = 40.0, rate_hz: int = 48_000) -> Iterator[Clip]:
    """Kick, snare and hi-hat at several tempi, from a beat that is not the start."""
    rng = np.random.default_rng(0)
    t = np.arange(rate_hz // 5) / rate_hz
    kick = np.sin(2 * np.pi * (50 * t + 6 * (1 - np.exp(-t / 0.02)))) * np.exp(-t / 0.08)
    snare = rng.standard_normal(len(t)) * np.exp(-t / 0.05) * 0.4
    hat = rng.standard_normal(len(t)) * np.exp(-t / 0.012) * 0.15
    for bpm in (88, 100, 112, 120, 126, 128, 140, 150, 164):
        beats_s = np.arange(0.37, seconds - 0.3, 60 / bpm)
        samples = np.zeros(int(seconds * rate_hz), np.float32)
        for index, beat_s in enumerate(beats_s):
            for sound, at_s in ((kick if index % 2 == 0 else snare, beat_s), (hat, beat_s), (hat, beat_s + 30 / bpm)):
                start = round(at_s * rate_hz)
                piece = samples[start : start + len(sound)]
                piece += sound[: len(piece)].astype(np.float32)
        yield Clip(f"drums {bpm} bpm", 0.5 * samples[:, None], rate_hz, beats_s, beats_s[::4])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="annotated clips (default: rendered drums)")
    parser.add_argument("--every", type=int, default=1, help="take every n-th clip")
    args = parser.parse_args()
    scores = []
    print("| clip | F | downbeat F | median error, ms | announced ahead, s | cost, s per s |")
    print("|---|---|---|---|---|---|")
    for clip in clips_of(args.folder, args.every) if args.folder else rendered():
        s = score(clip)
        scores.append(s)
        print(row(s.name, s.f, s.downbeat_f, s.errors_s, s.leads_s, s.cost), flush=True)
    clear = [s for s in scores if s.f > 0.8]
    for name, group in (("**all**", scores), ("**F > 0.8**", clear)):
        if group:
            errors, leads = (np.concatenate([getattr(s, kind) for s in group]) for kind in ("errors_s", "leads_s"))
            means = [float(np.mean([getattr(s, kind) for s in group])) for kind in ("f", "downbeat_f", "cost")]
            print(row(f"{name} ({len(group)} clips)", means[0], means[1], errors, leads, means[2]))


def row(name: str, f: float, downbeat_f: float, errors_s: F64, leads_s: F64, cost: float) -> str:
    error = f"{1000 * np.median(errors_s):+.1f}" if len(errors_s) else "-"
    lead = f"{np.median(leads_s):.2f}" if len(leads_s) else "-"
    return f"| {name} | {f:.3f} | {downbeat_f:.3f} | {error} | {lead} | {cost:.4f} |"


if __name__ == "__main__":
    main()
