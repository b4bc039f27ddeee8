"""Scores of what a beat tracker said live, against where the beats were.

A beat counts with the time that the tracker gave for it at the last moment before it sounded; one reported late with
the moment of the report. The first five seconds are not scored and the window is 70 ms, as is usual (MIREX); F, CMLt
and AMLt are mir_eval's (Davies, Degara and Plumbley, "Evaluation methods for musical audio beat tracking algorithms",
2009).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from mir_eval import beat as metrics

F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

WINDOW_S = 0.070
SKIP_S = 5.0
TEMPO_TOLERANCE = 0.04
LOCK_BEATS = 4
"""Locked from the first of so many beats in a row that are right."""
JUMP = 1.04
GAP_BEATS = 2.5
OFF_BEAT_F, ON_BEAT_F = 0.6, 0.3
"""A clip is tracked half a beat off where F is above the first for the off-beats and below the second for the beats."""
RESAMPLINGS = 4_000


@dataclass(frozen=True)
class Clip:
    name: str
    samples: F32  # [n, channels]
    rate_hz: int
    beats_s: F64
    downbeats_s: F64


@dataclass(frozen=True)
class Reported:
    """What a tracker said: where each beat was, from when on it said so (after the beat, where it only reacts), its
    number in the bar (0: not said), and how sure it was (NaN: not said)."""

    times_s: F64
    known_s: F64
    numbers: Numbers
    confidence: F64
    cost: float = 0.0
    """Seconds of computing per second of music."""

    @property
    def heard_s(self) -> F64:
        """When somebody who follows it live has each beat."""
        return np.maximum(self.times_s, self.known_s)

    def ahead(self, ahead_s: float) -> "Reported":
        """Only the beats that it had said so long before they sounded."""
        kept = self.times_s - self.known_s >= ahead_s
        times_s, known_s, numbers = self.times_s[kept], self.known_s[kept], self.numbers[kept]
        return Reported(times_s, known_s, numbers, self.confidence[kept], self.cost)


@dataclass(frozen=True)
class Score:
    name: str
    f: float
    cmlt: float
    amlt: float
    downbeat_f: float
    tempo_right: bool
    half_off: bool
    """Whether it is tracked half a beat off."""
    off_beat_share: float
    """Share of the beats told that lie in runs of LOCK_BEATS off-beats or more, with none between."""
    lock_s: float
    after_jumps_s: tuple[float, ...]
    after_pauses_s: tuple[float, ...]
    errors_s: F64
    leads_s: F64
    right: tuple[tuple[float, bool], ...]
    """Of each beat scored: how sure the tracker was, and whether it was right."""
    cost: float


def scored(clip: Clip, said: Reported) -> Score:
    heard_s = said.heard_s
    kept = heard_s >= SKIP_S
    found, truth = heard_s[kept], metrics.trim_beats(clip.beats_s, SKIP_S)
    between = (truth[1:] + truth[:-1]) / 2
    matched = pairs(found, truth)
    right = {i for i, _ in matched}
    f, f_between = f_measure(found, truth), f_measure(found, between)
    _, cmlt, _, amlt = metrics.continuity(truth, found) if len(found) > 1 else (0.0,) * 4
    jumps_s, pauses_s = changes(clip.beats_s)
    return Score(
        clip.name,
        f,
        float(cmlt),
        float(amlt),
        f_measure(found[said.numbers[kept] == 1], metrics.trim_beats(clip.downbeats_s, SKIP_S)),
        tempo_right(found, truth),
        f < ON_BEAT_F and f_between > OFF_BEAT_F,
        sum(runs(pairs(found, between))) / max(len(found), 1),
        lock_after(float(clip.beats_s[0]), heard_s, clip.beats_s),
        tuple(lock_after(at_s, heard_s, clip.beats_s) for at_s in jumps_s),
        tuple(lock_after(at_s, heard_s, clip.beats_s) for at_s in pauses_s),
        np.array([found[i] - truth[j] for i, j in matched]),
        (said.times_s - said.known_s)[kept][sorted(right)],
        tuple((float(sure), i in right) for i, sure in enumerate(said.confidence[kept])),
        said.cost,
    )


def f_measure(found_s: F64, true_s: F64) -> float:
    """0 where nothing was found."""
    return float(metrics.f_measure(true_s, found_s, WINDOW_S)) if len(found_s) and len(true_s) else 0.0


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


def runs(matched: list[tuple[int, int]]) -> list[int]:
    """Lengths of the stretches of LOCK_BEATS or more in which one was found for each, with none between."""
    out: list[int] = []
    length = 0
    for k, (i, j) in enumerate(matched):
        follows = k > 0 and (i - 1, j - 1) == matched[k - 1]
        length = length + 1 if follows else 1
        last = k + 1 == len(matched) or matched[k + 1] != (i + 1, j + 1)
        if last and length >= LOCK_BEATS:
            out.append(length)
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


def changes(true_s: F64) -> tuple[list[float], list[float]]:
    """When the music went on at another tempo at once (in steps of a ramp it does not), and when after a pause."""
    periods = np.diff(true_s)
    jumps: list[float] = []
    pauses: list[float] = []
    for i in range(4, len(periods) - 4):
        before, after = float(np.median(periods[i - 4 : i])), float(np.median(periods[i + 1 : i + 5]))
        steady = np.ptp(periods[i - 4 : i]) < 0.02 * before and np.ptp(periods[i + 1 : i + 5]) < 0.02 * after
        paused = periods[i] > GAP_BEATS * before
        jumped = max(before, after) > JUMP * min(before, after) and abs(periods[i] / before - 1) > 0.5 * (JUMP - 1)
        at_s = float(true_s[i + 1])
        if steady and (paused or jumped) and at_s - max([*jumps, *pauses, -1e9]) > 4.0:
            (pauses if paused else jumps).append(at_s)
    return jumps, pauses


def tempo_right(found_s: F64, true_s: F64) -> bool:
    """Whether the median tempo is right within 4 %."""
    if len(found_s) < 2:
        return False
    return bool(abs(np.median(np.diff(found_s)) / np.median(np.diff(true_s)) - 1) <= TEMPO_TOLERANCE)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """In which the mean lies in 95 of 100 cases, had other clips of the same kind been taken (bootstrap)."""
    drawn = np.random.default_rng(0).choice(np.asarray(values, np.float64), (RESAMPLINGS, len(values)))
    low, high = np.percentile(drawn.mean(axis=1), (2.5, 97.5))
    return float(low), float(high)
