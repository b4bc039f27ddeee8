"""What the features are worth and what they cost, on made-up music that is known to the stroke and to the bar.

`--drums` (needs fluidsynth and a soundfont for the sampled pieces), `--form`, `--cost`; all three without any. `--plot
FILE.png` draws the features of the demo track instead, as `megadance-live track --plot` does of any recording.
"""

import argparse
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.drum_fit import pieces
from benchmarks.drum_scores import DRUMS, Score, scored
from benchmarks.form_scores import FormedPiece, formed
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.music_frame import BREAK, BUILD, DROP, FEATURE_HOP, FEATURE_RATE_HZ, FRAME_RATE_HZ, KICK
from megadance_live.music.drums import Drums
from megadance_live.music.features import FeatureExtractor, extract
from megadance_live.music.form import Form
from megadance_live.music.known_beats import extract_on
from megadance_live.music.pitch_classes import PitchClasses
from megadance_live.music.resample import Resampler
from megadance_live.music.tracker import HeardHop, make_tracker

F32 = npt.NDArray[np.float32]

FORM_SEEDS = range(12)
THERE = 0.5
COST_S = 10


def drum_table(songs: int) -> None:
    """On pieces that the detector was not fitted to."""
    scores: dict[tuple[str, str], Score] = {}
    for kind in ("synthesised", "sampled"):
        for piece in islice(pieces(held_out=True, sampled=kind == "sampled"), songs):
            features, _ = extract(piece.samples[:, None], FEATURE_RATE_HZ)
            for column, drum in enumerate(DRUMS, KICK):
                heard_s = (np.flatnonzero(features[:, column]) + 1) / FRAME_RATE_HZ
                key = (kind, drum)
                scores[key] = scores.get(key, Score()) + scored(piece.strokes, drum, heard_s)
            print(f"  {piece.title}", flush=True)
    print("| music | drum | strokes | precision | recall | F | late by (median) | 95 % |")
    print("|---|---|---|---|---|---|---|---|")
    for (kind, drum), score in scores.items():
        late_ms = 1_000 * np.percentile(score.lags_s or (0.0,), [50, 95])
        print(
            f"| {kind} | {drum} | {score.right + score.missed} | {score.precision:.2f} | {score.recall:.2f} "
            f"| {score.f:.2f} | {late_ms[0]:.0f} ms | {late_ms[1]:.0f} ms |"
        )


def form_table() -> None:
    """When each part was noticed, in bars after it began, with a clock that is right."""
    late: dict[str, list[float]] = {"break": [], "build": [], "drop": []}
    parts = dict.fromkeys(late, 0)
    false = dict.fromkeys(late, 0)
    columns = {"build": BUILD, "drop": DROP, "break": BREAK}
    for seed in FORM_SEEDS:
        piece = formed(seed)
        features = extract_on(piece.samples[:, None], FEATURE_RATE_HZ, piece.beats_s, 4)
        for kind, column in columns.items():
            found, missed, wrong = noticed(piece, kind, features[:, column])
            late[kind] += found
            parts[kind] += len(found) + missed
            false[kind] += wrong
        print(f"  {piece.title}", flush=True)
    print("| | parts | noticed | wrongly | late by (median) | 95 % |\n|---|---|---|---|---|---|")
    for kind, bars in late.items():
        middle, most = np.percentile(bars or [0.0], [50, 95])
        print(f"| {kind} | {parts[kind]} | {len(bars)} | {false[kind]} | {middle:.2f} bars | {most:.2f} bars |")


def noticed(piece: FormedPiece, kind: str, column: F32) -> tuple[list[float], int, int]:
    """How many bars after its beginning each part was noticed, how many were not, and how often it was wrongly: where
    the column rises to THERE outside of such a part. A build goes on without low end, as a break does."""
    bar_s = float(piece.beats_s[4] - piece.beats_s[0])
    rises_s = (np.flatnonzero((column[1:] >= THERE) & (column[:-1] < THERE)) + 2) / FRAME_RATE_HZ
    late, missed, right = [], 0, set()
    for part in piece.parts:
        within = [at_s for at_s in rises_s if part.start_s <= at_s < part.end_s]
        after_break = kind == "break" and part.kind == "build"
        if part.kind == kind:
            late += [(within[0] - part.start_s) / bar_s] if within else []
            missed += not within
        if part.kind == kind or after_break:
            right |= set(within)
    return late, missed, len(set(rises_s) - right)


def cost_table() -> None:
    """Share of one core that each part takes; the least of several runs, since other programs only ever add."""
    from megadance_live.audio.demo_cache import load_demo

    samples = load_demo()[: 48_000 * COST_S]
    blocks = [samples[start : start + 480] for start in range(0, len(samples), 480)]
    resampler = Resampler(48_000)
    hops, _ = resampler.step(samples, resampler.initial_state())
    extractor = FeatureExtractor()
    rows, _ = extractor.step(hops, extractor.initial_state())
    drums, pitches, form = Drums(), PitchClasses(), Form()
    padded = np.concatenate([np.zeros(8 * FEATURE_HOP, np.float32), hops.reshape(-1)])
    histories = [padded[k * FEATURE_HOP : (k + 9) * FEATURE_HOP] for k in range(len(hops))]
    clock = BarClock(0.0, 0.0, 122.0)

    def resampling() -> None:
        state = resampler.initial_state()
        for block in blocks:
            _, state = resampler.step(block, state)

    def all_features() -> None:
        extractor.step(hops, extractor.initial_state())

    def strokes() -> None:
        state = drums.initial_state()
        for history in histories:
            _, state = drums.step(history, -15.0, state)

    def pitch_classes() -> None:
        state = pitches.initial_state()
        for hop, history in zip(hops, histories, strict=True):
            _, state = pitches.step(hop, history, state)

    def the_form() -> None:
        state = form.initial_state()
        for row in rows:
            _, state = form.step(row, clock, state)

    def tracking(name: str) -> Callable[[], None]:
        tracker = make_tracker(name)

        def run() -> None:
            state = tracker.initial_state()
            for hop, row in zip(hops, rows, strict=True):
                _, state = tracker.step([HeardHop(hop, row)], state)

        return run

    parts = (
        ("resampling from 48 kHz", resampling),
        ("features of a hop, all", all_features),
        ("  of which pitch classes", pitch_classes),
        ("  of which kick, snare and hat", strokes),
        ("energies and form", the_form),
        ("tracker megadance", tracking("megadance")),
        ("tracker aubio", tracking("aubio")),
    )
    print("| part | share of one core |\n|---|---|")
    for name, run in parts:
        print(f"| {name} | {100 * least_s(run) / COST_S:.2f} % |", flush=True)


def least_s(run: Callable[[], None], times: int = 5) -> float:
    """Processor time of the quickest of several runs."""
    taken = []
    for _ in range(times):
        began = time.process_time()
        run()
        taken.append(time.process_time() - began)
    return min(taken)


def plot(path: Path) -> None:
    """The demo track as the ear hears it."""
    from megadance_live.audio.demo import DEMO_RATE_HZ
    from megadance_live.audio.demo_cache import load_demo
    from megadance_live.commands.feature_plot import drawn
    from megadance_live.music.track import track

    rows: list[F32] = []
    beats = list(track(load_demo(), DEMO_RATE_HZ, "megadance", on_hop=lambda heard: rows.append(heard.music.features)))
    drawn(np.array(rows), beats).save(path)
    print(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drums", action="store_true", help="strokes found and missed")
    parser.add_argument("--form", action="store_true", help="how late build, drop and break are noticed")
    parser.add_argument("--cost", action="store_true", help="share of one core by part")
    parser.add_argument("--songs", type=int, default=1_000, help="made-up songs of each kind, at most")
    parser.add_argument("--plot", type=Path, metavar="FILE.png")
    args = parser.parse_args()
    if args.plot:
        plot(args.plot)
        return
    every = not (args.drums or args.form or args.cost)
    if args.drums or every:
        drum_table(args.songs)
    if args.form or every:
        form_table()
    if args.cost or every:
        cost_table()


if __name__ == "__main__":
    main()
