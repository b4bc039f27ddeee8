"""How soon trackers are right on clear music: when it begins, after a two-bar break, and after a jump of the tempo.

python -m benchmarks.first_locks [--tracker NAME]... [--rival NAME=COMMAND]... [--count N] [--clips]

The music is made up (beat_music.py): twelve genres, each with a break in which only chords sound and with a silent one.
Right means the first of four right beats in a row; the times are the median, what 90 % need at most, and how many never
were. "Kept" is the share of breaks after which the very first beat, and those that follow, are right.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.beat_music import Changing, changing
from benchmarks.beat_scores import F64, lock_after
from benchmarks.beat_trackers import Tracker, add_arguments, chosen


@dataclass(frozen=True)
class Locks:
    """Seconds until beats are right, infinite where they never are; `kept`: right from the first beat after it on."""

    name: str
    first_s: float
    break_s: float
    jump_s: float
    silent: bool

    @property
    def kept(self) -> bool:
        return self.break_s == 0


def locks(music: Changing, tracker: Tracker) -> Locks:
    heard_s = tracker(music.clip.samples, music.clip.rate_hz).heard_s
    true_s = music.clip.beats_s
    parts: list[tuple[float, F64]] = [
        (float(true_s[0]), true_s[true_s < music.back_s]),
        (music.back_s, true_s[true_s < music.jump_s]),
        (music.jump_s, true_s),
    ]
    first_s, break_s, jump_s = (lock_after(start_s, heard_s, until) for start_s, until in parts)
    return Locks(music.clip.name, first_s, break_s, jump_s, music.silent)


def summary(times_s: Sequence[float]) -> str:
    median, most = np.quantile(times_s, (0.5, 0.9), method="higher")
    never = sum(not np.isfinite(time_s) for time_s in times_s)
    return f"{median:.1f} ({most:.1f}; {never})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--count", type=int, default=24, metavar="N", help="pieces (default 24)")
    parser.add_argument("--clips", action="store_true", help="also a line for every piece")
    args = parser.parse_args()
    pieces = [changing(n) for n in range(args.count)]
    print("| tracker | first lock, s | after chords alone, s | kept | after silence, s | kept | after a jump, s |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for name, tracker in chosen(args).items():
        found = [locks(music, tracker) for music in pieces]
        cells = [summary([each.first_s for each in found])]
        for silent in (False, True):
            breaks = [each for each in found if each.silent == silent]
            cells += [summary([each.break_s for each in breaks]), f"{np.mean([each.kept for each in breaks]):.2f}"]
        print(f"| {name} | " + " | ".join([*cells, summary([each.jump_s for each in found])]) + " |", flush=True)
        if args.clips:
            for each in found:
                kind = "silence" if each.silent else "chords"
                print(f"| {each.name} | {each.first_s:.1f} | {each.break_s:.1f} ({kind}) | | | | {each.jump_s:.1f} |")


if __name__ == "__main__":
    main()
