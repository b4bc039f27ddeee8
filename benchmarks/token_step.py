"""What one token step costs, from samples to poses: features, clock, generator, decoder and everything after.

Pushes the demo track through a Session in blocks of one token (133 ms), times every push, and compares the last minute
with the second. Prints a Markdown table. `--minutes 61` shows that an hour changes nothing. Then the dancer alone: the
cached step beside the window recomputed for every token, in turn, in CPU time.
"""

import argparse
import platform
import time
from pathlib import Path

import numpy as np
import torch

import models
from megadance_live.audio.demo_cache import load_demo
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.motion import TOKEN_S
from megadance_live.engine.session import Session
from models.evaluation.cost import step_cost
from models.folder import load

RATE_HZ = 48_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=4.0, help="minutes of music (default 4)")
    parser.add_argument("--model", type=Path, help="a model folder (default: the one that ships)")
    parser.add_argument("--threads", type=int, default=1, help="torch threads (default 1, as on stage)")
    parser.add_argument("--switch-every-s", type=float, default=8.0, help="arm another expert this often (default 8)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    costs_ms = measure(options.model, options.minutes, options.switch_every_s)
    report(costs_ms, options.threads)
    compare(options.model)


def compare(model: Path | None) -> None:
    """Cached and recomputed, with the same weights."""
    cost = step_cost(load(model))
    print(f"\nDancer alone, s of CPU per s of dance: window recomputed {cost.uncached_s:.4f}", end="")
    if cost.cached_s is None:
        print("; it cannot be streamed")
    else:
        print(f", cached {cost.cached_s:.4f}, {cost.saving:.1f} times cheaper")


def measure(model: Path | None, minutes: float, switch_every_s: float) -> np.ndarray:
    """Milliseconds of every push."""
    dancer = models.load(model)
    music = load_demo()
    session = Session(dancer, RATE_HZ, 2, seed=1)
    block = round(TOKEN_S * RATE_HZ)
    costs = []
    next_switch_s = switch_every_s
    for number in range(int(minutes * 60 / TOKEN_S)):
        at = number * block
        samples = np.take(music, np.arange(at, at + block), axis=0, mode="wrap")
        if session.time_s >= next_switch_s:
            next_switch_s += switch_every_s
            session.command(Command("expert", dancer.experts[number % len(dancer.experts)]))
        begun = time.perf_counter()
        session.push(AudioBlock(samples, RATE_HZ, at, at / RATE_HZ))
        costs.append(1000 * (time.perf_counter() - begun))
    return np.array(costs)


def report(costs_ms: np.ndarray, threads: int) -> None:
    minute = int(60 / TOKEN_S)
    early, late = costs_ms[minute : 2 * minute], costs_ms[-minute:]
    print(f"{platform.machine()}, {threads} torch threads, {len(costs_ms) * TOKEN_S / 60:.1f} minutes of music\n")
    print("| | median, ms | 99th percentile, ms | of the 133 ms of a token |")
    print("|---|---|---|---|")
    for name, part in (("all", costs_ms[minute // 6 :]), ("minute 2", early), ("last minute", late)):
        median, high = np.median(part), np.percentile(part, 99)
        print(f"| {name} | {median:.1f} | {high:.1f} | {high / (1000 * TOKEN_S):.0%} |")
    print(f"\nLast minute against minute 2: median x {np.median(late) / np.median(early):.3f}")


if __name__ == "__main__":
    main()
