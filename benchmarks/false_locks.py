"""What trackers make of sound without a beat: a Markdown table.

python -m benchmarks.false_locks [--tracker NAME]... [--rival NAME=COMMAND]... [--sound NAME]...

The sounds are made by code (beat_sounds.py), 30 s each. Confidence counts while the clock is locked to the audio:
its greatest, what it exceeds 5 % of the time, and the share of the time in which it is above 0.5. A program by itself
says no confidence: of it, and of all, the table tells the beats per minute, and the seconds of computing per second.
"""

import argparse
import time

import numpy as np

from benchmarks.beat_scores import F32
from benchmarks.beat_sounds import SECONDS, SOUNDS
from benchmarks.beat_trackers import OWN, add_arguments, chosen, clocks

RATE_HZ = 48_000
SURE = 0.5


def false_lock(sound: F32, tracker: str) -> tuple[float, float, float, float, float]:
    """Confidence (greatest, 95 %), share of the time above SURE, beats per minute and cost."""
    began = time.process_time()
    heard = list(clocks(sound[:, None], RATE_HZ, tracker))
    cost = (time.process_time() - began) / (len(sound) / RATE_HZ)
    locked = np.array([clock.source == "audio" and clock.state == "locked" for clock in heard])
    sure = np.where(locked, [clock.confidence for clock in heard], 0.0)
    beats = [clock.beats_at(clock.time_s) for clock in heard]
    told = np.diff(np.floor(beats))[locked[1:]]
    per_min = float(np.sum(told[told > 0])) * 60 * RATE_HZ / len(sound)
    return float(sure.max()), float(np.percentile(sure, 95)), float(np.mean(sure > SURE)), per_min, cost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_arguments(parser)
    parser.add_argument("--sound", action="append", choices=SOUNDS, help="which (default: all)")
    args = parser.parse_args()
    sounds = {name: SOUNDS[name](round(SECONDS * RATE_HZ), RATE_HZ) for name in args.sound or SOUNDS}
    print("| tracker | sound | greatest | 95 % | above .5 | beats/min | cost |\n" + "|---" * 7 + "|", flush=True)
    for name, tracker in chosen(args).items():
        for sound, samples in sounds.items():
            if name in OWN:
                greatest, usual, share, per_min, cost = false_lock(samples, name)
                cells = f"{greatest:.2f} | {usual:.2f} | {share:.2f} | {per_min:.0f} | {cost:.4f}"
            else:
                said = tracker(samples[:, None], RATE_HZ)
                cells = f"- | - | - | {60 * len(said.times_s) / SECONDS:.0f} | {said.cost:.4f}"
            print(f"| {name} | {sound} | {cells} |", flush=True)


if __name__ == "__main__":
    main()
