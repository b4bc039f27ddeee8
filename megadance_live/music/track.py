"""What the live ear makes of a recording: every beat, and when it knew."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock, ClockState
from megadance_live.core.trackers import DEFAULT_TRACKER
from megadance_live.music.ear import Ear, Heard

F32 = npt.NDArray[np.float32]

KEPT_S = 0.020
"""An announcement counts from when on it is kept to within this until the beat sounds."""
AHEAD_BEATS = 8


@dataclass(frozen=True)
class TrackedBeat:
    """A beat at `time_s`, `beat_in_bar` (1 on the downbeat) of `metre`; the live ear said so, and kept to it, from
    stream time `announced_s` on; `bpm`, `confidence` and `state` of the clock when it sounded."""

    time_s: float
    beat_in_bar: int
    announced_s: float
    bpm: float
    confidence: float
    metre: int = 4
    state: ClockState = "locked"


@dataclass
class _Announcements:
    """What has been said so far of beats to come: for each, (said at, time said)."""

    epoch: int = -1
    said: dict[int, list[tuple[float, float]]] = field(default_factory=dict)

    def note(self, clock: BarClock) -> None:
        if clock.epoch != self.epoch:
            self.epoch, self.said = clock.epoch, {}
        following = math.floor(clock.bars * clock.beats_per_bar) + 1
        for beat in range(following, following + AHEAD_BEATS):
            time_s = clock.time_of(beat / clock.beats_per_bar)
            self.said.setdefault(beat, []).append((clock.time_s, time_s))

    def known_since(self, beat: int, time_s: float) -> float:
        """From when on every announcement of a beat was within KEPT_S of when it came."""
        since = time_s
        for said_at, said in reversed(self.said.pop(beat, [])):
            if abs(said - time_s) > KEPT_S:
                break
            since = said_at
        return min(since, time_s)


def track(
    samples: F32, rate_hz: int, tracker: str = DEFAULT_TRACKER, *, on_hop: Callable[[Heard], None] | None = None
) -> Iterator[TrackedBeat]:
    """The beats of a recording [n, channels] as a live ear hears them, in order; none before it knows any. `on_hop` is
    told of every 30th of a second, after the beats that fell in it.

    Raises AudioSourceError for a rate, and ConfigError for a tracker, that is not supported.
    """
    ear = Ear(rate_hz, samples.shape[1], tracker)
    state = ear.initial_state()
    announcements = _Announcements()
    before: BarClock | None = None
    for start in range(0, len(samples), rate_hz):
        heard, state = ear.step(samples[start : start + rate_hz], state)
        for frame in heard:
            clock = frame.clock
            if clock.source != "free":
                if before is not None and before.epoch == clock.epoch:
                    yield from _beats_between(before, clock, announcements)
                announcements.note(clock)
            before = clock
            if on_hop is not None:
                on_hop(frame)


def _beats_between(before: BarClock, clock: BarClock, announcements: _Announcements) -> Iterator[TrackedBeat]:
    metre = clock.beats_per_bar
    first, last = math.floor(before.bars * metre) + 1, math.floor(clock.bars * metre)
    for beat in range(first, last + 1):
        # As the clock said it at the last moment before.
        time_s = before.time_of(beat / metre)
        announced_s = announcements.known_since(beat, time_s)
        yield TrackedBeat(time_s, beat % metre + 1, announced_s, clock.tempo_bpm, clock.confidence, metre, clock.state)
