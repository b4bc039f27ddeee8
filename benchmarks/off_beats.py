"""How often trackers lock half a beat off where the open hat between the beats is louder than the kick: a table.

python -m benchmarks.off_beats [--tracker NAME]... [--rival NAME=COMMAND]... [--count N] [--clips]

The music is made up (beat_music.py). A piece is half a beat off where F is below 0.3 for its beats and above 0.6
for the places between them; "beats off" is the share of beats told in runs of four off-beats or more. The first five
seconds do not count.
"""

import argparse

import numpy as np

from benchmarks.beat_music import off_beat_hat
from benchmarks.beat_scores import scored
from benchmarks.beat_trackers import add_arguments, chosen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--count", type=int, default=24, metavar="N", help="pieces (default 24)")
    parser.add_argument("--clips", action="store_true", help="also a line for every piece")
    args = parser.parse_args()
    clips = [off_beat_hat(n) for n in range(args.count)]
    print("| tracker | pieces | half a beat off | beats off | F | AMLt |\n|---|---|---|---|---|---|", flush=True)
    for name, tracker in chosen(args).items():
        scores = [scored(clip, tracker(clip.samples, clip.rate_hz)) for clip in clips]
        share, f, amlt = (np.mean([getattr(s, part) for s in scores]) for part in ("off_beat_share", "f", "amlt"))
        off = sum(s.half_off for s in scores)
        print(f"| {name} | {len(scores)} | {off} | {share:.2f} | {f:.3f} | {amlt:.3f} |", flush=True)
        if args.clips:
            for s in scores:
                print(f"| {s.name} | 1 | {s.half_off:d} | {s.off_beat_share:.2f} | {s.f:.3f} | {s.amlt:.3f} |")


if __name__ == "__main__":
    main()
