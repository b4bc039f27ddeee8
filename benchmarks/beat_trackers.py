"""The trackers that are compared: the product's, aubio by itself, and any program that prints beats.

A rival is a command; the path of a WAV file (16 bits) is put behind it. It prints a line for each beat:
"time [beat in bar [known]]", in seconds; `known` is when the beat was known to the program at the earliest (missing: at
the beat). A line "cost S" says how many seconds of computing that was, without starting up (missing: with all). Rivals
are programs of their own, in environments of their own; runners for some are in benchmarks/rivals.
"""

import argparse
import math
import resource
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from benchmarks.beat_scores import F32, Reported
from megadance_live.core.bar_clock import BarClock
from megadance_live.music.ear import Ear
from megadance_live.music.track import TrackedBeat, track

Tracker = Callable[[F32, int], Reported]
"""(samples [n, channels], rate Hz) -> what it said."""

RIVAL_TIMEOUT_S = 900


def megadance_live(samples: F32, rate_hz: int, tracker: str, ahead_s: float = 0.0) -> Reported:
    """The product's own clock behind one of its trackers, as it was `ahead_s` before each beat."""
    began = time.process_time()
    rows = list(told_ahead(samples, rate_hz, tracker, ahead_s) if ahead_s else track(samples, rate_hz, tracker))
    cost = (time.process_time() - began) / (len(samples) / rate_hz)
    return Reported(
        np.array([row.time_s for row in rows]),
        np.array([row.announced_s for row in rows]),
        np.array([row.beat_in_bar for row in rows], np.int64),
        np.array([row.confidence for row in rows]),
        cost,
    )


def told_ahead(samples: F32, rate_hz: int, tracker: str, ahead_s: float) -> Iterator[TrackedBeat]:
    """The beats for somebody who must know each `ahead_s` before it sounds, and cannot take it back."""
    before: BarClock | None = None
    for clock in clocks(samples, rate_hz, tracker):
        if clock.source == "free":
            before = None
            continue
        if before is not None and before.epoch == clock.epoch:
            metre = clock.beats_per_bar
            first = math.floor(before.bars_at(before.time_s + ahead_s) * metre) + 1
            last = math.floor(clock.bars_at(clock.time_s + ahead_s) * metre)
            for beat in range(first, last + 1):
                at_s = before.time_of(beat / metre)
                yield TrackedBeat(at_s, beat % metre + 1, at_s - ahead_s, clock.tempo_bpm, clock.confidence)
        before = clock


def clocks(samples: F32, rate_hz: int, tracker: str) -> Iterator[BarClock]:
    """The bar clock, thirty times a second."""
    ear = Ear(rate_hz, samples.shape[1], tracker)
    state = ear.initial_state()
    for start in range(0, len(samples), rate_hz):
        heard, state = ear.step(samples[start : start + rate_hz], state)
        yield from (frame.clock for frame in heard)


def aubio_alone(samples: F32, rate_hz: int, ahead_s: float = 0.0) -> Reported:
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
    count = len(times)
    said = Reported(np.array(times), np.array(known), np.zeros(count, np.int64), np.full(count, np.nan), cost)
    return said.ahead(ahead_s) if ahead_s else said


def rival(samples: F32, rate_hz: int, command: str, ahead_s: float = 0.0) -> Reported:
    """What a program printed. Raises SystemExit where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "music.wav"
        soundfile.write(wav, samples, rate_hz, subtype="PCM_16")
        before_s = _children_s()
        try:
            done = subprocess.run(
                [*shlex.split(command), str(wav)], capture_output=True, text=True, timeout=RIVAL_TIMEOUT_S, check=True
            )
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"{command} failed:\n{error.stderr[-2_000:]}") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise SystemExit(f"{command} cannot be run: {error}") from error
    said = printed(done.stdout, len(samples) / rate_hz, _children_s() - before_s)
    return said.ahead(ahead_s) if ahead_s else said


def printed(text: str, length_s: float, taken_s: float) -> Reported:
    """Of lines as a rival prints them; `taken_s` of computing, unless it says so itself."""
    times, numbers, known = [], [], []
    for words in (line.split() for line in text.splitlines()):
        if words and words[0] == "cost":
            taken_s = float(words[1])
        elif words:
            times.append(float(words[0]))
            numbers.append(int(words[1]) if len(words) > 1 else 0)
            known.append(float(words[2]) if len(words) > 2 else times[-1])
    confidence = np.full(len(times), np.nan)
    return Reported(np.array(times), np.array(known), np.array(numbers, np.int64), confidence, taken_s / length_s)


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


OWN = ("megadance", "aubio")
ALONE = "aubio alone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--tracker, --rival, --ahead and --processes."""
    parser.add_argument("--tracker", action="append", choices=[*OWN, ALONE, "none"], help="which (default: all)")
    parser.add_argument("--rival", action="append", default=[], metavar="NAME=COMMAND", help="a program to compare")
    parser.add_argument("--ahead", type=float, default=0.0, metavar="S", help="score what was said S seconds before")
    parser.add_argument("--processes", type=int, default=1)


def chosen(args: argparse.Namespace) -> dict[str, Tracker]:
    """By name. Raises SystemExit for a rival that is not NAME=COMMAND."""
    out: dict[str, Tracker] = {}
    for name in args.tracker or (*OWN, ALONE):
        if name in OWN:
            out[name] = partial(megadance_live, tracker=name, ahead_s=args.ahead)
        elif name == ALONE:
            out[name] = partial(aubio_alone, ahead_s=args.ahead)
    for text in args.rival:
        name, equals, command = text.partition("=")
        if not equals or not command.strip():
            raise SystemExit(f'--rival "{text}" is not NAME=COMMAND.')
        out[name] = partial(rival, command=command, ahead_s=args.ahead)
    return out
