"""What the senders need of the engine besides poses, in shared memory."""

import math
import threading
from dataclasses import dataclass, fields
from typing import get_args

import numpy as np

from megadance_live.core.bar_clock import SOURCES, BarClock, ClockState
from megadance_live.core.control import Control
from megadance_live.core.shared_record import SharedRecord

_STATES: tuple[ClockState, ...] = get_args(ClockState)


@dataclass(frozen=True)
class Status:
    """The engine's numbers. Every time is host time, that of `clock` (None before there is one) too.

    Levels, onset and what follows them are 0..1. `expert` and `armed` are indices into the names that both sides were
    given at the start, -1 for none; the armed one speaks from bar position `armed_at_bars`. `step_ms` is what a step
    (audio in, poses out) that brought poses took, in the median of the last seconds, `step_p99_ms` the 99th percentile.
    `heard_s` is when the newest sample was captured. `written_s` is when the engine last wrote: it is its heartbeat.
    """

    clock: BarClock | None = None
    level: float = 0.0
    low: float = 0.0
    mid: float = 0.0
    high: float = 0.0
    onset: float = 0.0
    kick: float = 0.0
    snare: float = 0.0
    hat: float = 0.0
    build: float = 0.0
    drop: float = 0.0
    breakdown: float = 0.0
    expert: int = -1
    armed: int = -1
    armed_at_bars: float = 0.0
    crossfade_s: float = Control.crossfade_s
    latency_ms: float = 0.0
    frozen: bool = False
    blackout: bool = False
    panic: bool = False
    audio_lost: bool = False
    recording: bool = False
    late_steps: int = 0
    overflows: int = 0
    step_ms: float = 0.0
    step_p99_ms: float = 0.0
    heard_s: float = 0.0
    written_s: float = 0.0

    def age_s(self, host_time_s: float) -> float:
        """Since the engine last wrote."""
        return host_time_s - self.written_s


_NO_CLOCK = BarClock(time_s=0.0, bars=0.0, tempo_bpm=120.0)
_CLOCK_TYPES: tuple[type, ...] = (float, float, float, int, float, int, int, int, bool)
_NUMBERS = tuple(f for f in fields(Status) if f.name != "clock")
_DTYPE = np.dtype(
    [
        ("has_clock", bool),
        *((f"clock_{f.name}", kind) for f, kind in zip(fields(BarClock), _CLOCK_TYPES, strict=True)),
        *((f.name, f.type) for f in _NUMBERS),
    ]
)


class StatusBoard:
    """Written by one thread of the engine, read by any thread of the other processes. Neither side waits for the
    other."""

    def __init__(self, name: str | None = None) -> None:
        """Create the board, or attach to the one called `name`."""
        self._shared = SharedRecord(_DTYPE, name)
        self._status = Status()
        self._reading = threading.Lock()

    @property
    def name(self) -> str:
        return self._shared.name

    def close(self) -> None:
        self._shared.close()

    def write(self, status: Status) -> bool:
        """Publish. A status with a clock that cannot run (a number that is not finite, no tempo) is refused (False);
        levels that are no numbers become 0."""
        if not _can_run(status):
            return False
        clock = status.clock or _NO_CLOCK
        values = [
            clock.time_s, clock.bars, clock.tempo_bpm, clock.beats_per_bar, clock.confidence,
            SOURCES.index(clock.source), _STATES.index(clock.state), clock.epoch, clock.held,
            *(getattr(status, f.name) for f in _NUMBERS),
        ]  # fmt: skip
        with self._shared.writing() as record:
            record[...] = (status.clock is not None, *(x if math.isfinite(x) else 0 for x in values))
        return True

    def read(self) -> Status:
        """The newest status; while nothing has been written, the default one."""
        with self._reading:
            record, is_new = self._shared.read()
            if is_new:
                self._status = _status_of(record)
            return self._status


def _can_run(status: Status) -> bool:
    clock = status.clock or _NO_CLOCK
    numbers = (clock.time_s, clock.bars, clock.tempo_bpm, clock.confidence, status.armed_at_bars, status.written_s)
    return all(math.isfinite(x) for x in numbers) and clock.tempo_bpm > 0 and clock.beats_per_bar > 0


def _status_of(record: np.void) -> Status:
    has_clock, *values = record.item()
    time_s, bars, tempo_bpm, beats_per_bar, confidence, source, state, epoch, held = values[: len(_CLOCK_TYPES)]
    clock = BarClock(
        time_s, bars, tempo_bpm, beats_per_bar, confidence, SOURCES[source], _STATES[state], epoch, bool(held)
    )
    return Status(clock if has_clock else None, *values[len(_CLOCK_TYPES) :])
