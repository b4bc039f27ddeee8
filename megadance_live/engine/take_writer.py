"""What a Session did with a block, written into a take: the same for a show and for a rendering."""

import math
from collections.abc import Sequence

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.motion import PoseFrame
from megadance_live.engine.event import Event
from megadance_live.output.take import TakeRecorder

UNRECORDED = frozenset({"switch", "record", "retro"})
"""Events that a take knows from its poses, or does not need to know."""


class TakeWriter:
    """Writes into one open recorder."""

    def __init__(self, recorder: TakeRecorder) -> None:
        self.recorder = recorder
        self._clock: BarClock | None = None
        self._beat = 0

    def write(self, block: AudioBlock, poses: Sequence[PoseFrame], clock: BarClock, events: Sequence[Event]) -> None:
        """A block, the poses that it brought, the bar clock after it, and what happened."""
        self.recorder.audio(block)
        for pose in poses:
            self.recorder.pose(pose)
        self.recorder.clock(clock)
        self._write_beats(clock, block.time_s, block.time_s + block.frames / block.rate_hz)
        for event in events:
            if event.kind == "notice":
                self.recorder.event("note", event.time_s, **event.details)
            elif event.kind == "marker":
                self.recorder.event("marker", event.time_s, text=str(event.details.get("value", "")))
            elif event.kind not in UNRECORDED:
                self.recorder.event(event.kind, event.time_s, **event.details)

    def _write_beats(self, clock: BarClock, start_s: float, now_s: float) -> None:
        """The beats that have gone by since `start_s`. Where the bar lines have moved, counting starts anew."""
        before, self._clock = self._clock, clock
        beat = math.floor(clock.beats_at(now_s))
        moved = before is None or before.epoch != clock.epoch or before.beats_per_bar != clock.beats_per_bar
        first = math.ceil(clock.beats_at(start_s)) if moved else self._beat + 1
        for number in range(max(first, beat - clock.beats_per_bar), beat + 1):
            bar, place = divmod(number, clock.beats_per_bar)
            self.recorder.event("beat", clock.time_of(number / clock.beats_per_bar), beat=place + 1, bar=bar + 1)
        self._beat = beat if moved else max(beat, self._beat)
