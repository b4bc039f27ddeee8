"""What happened in the last minute, kept so that it can still become a take."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame
from megadance_live.engine.event import Event
from megadance_live.engine.take_writer import TakeWriter
from megadance_live.output.take import TakeRecorder

KEPT_S = 60.0
POSES_AHEAD_S = 1.0
"""Poses are delivered less than this ahead of the audio: the first of a take have come so long before it."""
SUFFIX = "-retro"
_BREATHE_PARTS = 8
_BREATHE_S = 0.003
"""So often, and so long, the writing rests: the interpreter belongs to the dance."""


class OpenTake(Protocol):
    """Makes the recorder of a new take that began `ago_s` ago; `suffix` is added to its number. Raises TakeError."""

    def __call__(self, *, ago_s: float = 0.0, suffix: str = "", realtime: bool = True) -> TakeRecorder: ...


@dataclass(frozen=True)
class Played:
    """What the Session did with a block: poses, the bar clock after it, and what happened."""

    block: AudioBlock
    poses: tuple[PoseFrame, ...]
    clock: BarClock
    events: tuple[Event, ...]

    @property
    def end_s(self) -> float:
        return self.block.time_s + self.block.frames / self.block.rate_hz


class LastMinute:
    """The last KEPT_S seconds of stream time, in memory: 23 MB of stereo at 48 kHz and less than 4 MB of poses."""

    def __init__(self) -> None:
        self._played: deque[Played] = deque()

    def add(self, block: AudioBlock, poses: Sequence[PoseFrame], clock: BarClock, events: Sequence[Event]) -> None:
        """A block later than all before. One that is not, or is of another kind, begins anew."""
        last = self._played[-1] if self._played else None
        if last is not None and (
            (last.block.rate_hz, last.block.channels) != (block.rate_hz, block.channels)
            or block.index < last.block.index + last.block.frames
        ):
            self._played.clear()
        own = replace(block, samples=block.samples.copy())  # of a larger buffer, it would keep all of that alive
        self._played.append(Played(own, tuple(poses), clock, tuple(events)))
        while self._played[0].end_s <= self._played[-1].end_s - KEPT_S - POSES_AHEAD_S:
            self._played.popleft()

    def so_far(self) -> tuple[Played, ...]:
        return tuple(self._played)


class RetroTake:
    """The last minute on its way to a finished take, beside the dance. `done`, `name`, `folder` and `problem` are those
    of a TakeRecorder."""

    def __init__(self, played: tuple[Played, ...], open_take: OpenTake) -> None:
        """`played` must not be empty."""
        self._recorder: TakeRecorder | None = None
        self._problem = ""
        self._hurry = threading.Event()
        self._thread = threading.Thread(target=self._write, args=(played, open_take), name="retro-take")
        self._thread.start()

    @property
    def done(self) -> bool:
        return not self._thread.is_alive() and (self._recorder is None or self._recorder.done)

    @property
    def name(self) -> str:
        return self._recorder.name if self._recorder else ""

    @property
    def folder(self) -> Path | None:
        return self._recorder.folder if self._recorder else None

    @property
    def problem(self) -> str:
        return self._problem or (self._recorder.problem if self._recorder else "")

    def close(self) -> None:
        """Wait until it is done. Raises TakeError where there is no finished take."""
        self._hurry.set()
        self._thread.join()
        if self._recorder is None:
            raise TakeError(self._problem)
        self._recorder.close()

    def _write(self, played: tuple[Played, ...], open_take: OpenTake) -> None:
        end_s = played[-1].end_s
        start_s = max(played[0].block.time_s, end_s - KEPT_S)
        try:
            recorder = open_take(ago_s=end_s - start_s, suffix=SUFFIX, realtime=False)
        except TakeError as error:
            self._problem = str(error)
            return
        try:
            write_played(played, start_s, recorder, lambda: self._hurry.wait(_BREATHE_S))
        except Exception as error:
            self._problem = f"The last minute could not be kept whole ({error!r}); please report it."
        recorder.close_async()
        self._recorder = recorder


def write_played(
    played: tuple[Played, ...], start_s: float, recorder: TakeRecorder, breathe: Callable[[], object]
) -> None:
    """What was played from stream time `start_s` on, and the poses that had been delivered for it before. `breathe` is
    called now and then."""
    writer = TakeWriter(recorder)
    for number, part in enumerate(played):
        if number % _BREATHE_PARTS == 0:
            breathe()
        poses = [pose for pose in part.poses if pose.time_s > start_s - 1.5 / FRAME_RATE_HZ]
        if part.end_s > start_s:
            writer.write(_from(part.block, start_s), poses, part.clock, part.events)
        else:
            for pose in poses:
                recorder.pose(pose)


def _from(block: AudioBlock, start_s: float) -> AudioBlock:
    """The part of a block that is not before `start_s`."""
    skip = max(0, round((start_s - block.time_s) * block.rate_hz))
    return replace(block, samples=block.samples[skip:], index=block.index + skip) if skip else block
