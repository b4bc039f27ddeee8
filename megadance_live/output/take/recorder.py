"""Records a take beside a show, and never gets in its way."""

import queue
import shutil
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import PoseFrame
from megadance_live.output.take.elsewhere import finish_elsewhere
from megadance_live.output.take.files import PARTIAL_SUFFIX, TakeLock, claim
from megadance_live.output.take.finish import finish
from megadance_live.output.take.formats import USUAL_FORMATS, parse_formats
from megadance_live.output.take.spool import Event, TakeInfo, TakeSpool

_QUEUE_ITEMS = 8192  # about a minute of a show
_SYNC_S = 0.5
_CHECK_ITEMS = 4096
_MB = 1_000_000
LOW_DISK_BYTES = 1000 * _MB
RESERVE_BYTES = 64 * _MB

_TEMPO_STEP_BPM = 0.1
_PHASE_STEP_S = 0.005

_Item = PoseFrame | AudioBlock | Event


class TakeRecorder:
    """Spools what a show does, and makes a take of it when it is closed.

    Threads: `pose`, `audio`, `event`, `clock` and the closing belong to one thread; `problem`, `folder` and `done` may
    be read from any. With `realtime` the disk is touched only by a thread of the recorder's own, and what it cannot
    take in time is dropped and counted; without, every call writes at once and nothing is dropped.

    Nothing here raises while the show runs: a disk that is full, read-only or gone turns into one sentence in
    `problem`, and the take keeps what it has. Only `close` raises, where there is no take in the end.
    """

    def __init__(
        self,
        folder: Path,
        name: str | None = None,
        formats: Sequence[str] = USUAL_FORMATS,
        *,
        seed: int | None = None,
        model: str = "",
        source: str = "",
        started: str = "",
        suffix: str = "",
        realtime: bool = True,
    ) -> None:
        """`name` None numbers the take and adds `suffix`; a name that exists gets a number. `started` is a wall-clock
        stamp for the sidecar. Raises TakeError for an unknown format, and for nothing else."""
        info = TakeInfo(parse_formats(formats), seed, model, source, started)
        self._parent = folder
        self._partial: Path | None = None
        self._spool: TakeSpool | None = None
        self._lock: TakeLock | None = None
        self._stopped = ""  # why nothing more is stored
        self._unfinished = ""  # why there are no files
        self._low = ""
        self._dropped = 0
        self._items = 0
        self._last_clock: BarClock | None = None
        self._folder: Path | None = None
        self._closing: threading.Thread | None = None
        self._closed = False
        self._queue: queue.Queue[_Item | None] | None = None
        self._writer: threading.Thread | None = None
        self._open(name, suffix, info)
        if realtime and self._spool is not None:
            self._queue = queue.Queue(_QUEUE_ITEMS)
            self._writer = threading.Thread(target=self._write, args=(self._queue,), name="take-writer", daemon=True)
            self._writer.start()

    def _open(self, name: str | None, suffix: str, info: TakeInfo) -> None:
        try:
            self._partial = claim(self._parent, name, suffix)
            self._lock = TakeLock(self._partial)
            self._spool = TakeSpool(self._partial, info)
            self._check_disk()
        except OSError as error:
            if self._partial is not None:
                shutil.rmtree(self._partial, ignore_errors=True)
            reason = error.strerror or error
            self._stopped = f"Recording is off: {self._parent} cannot be written ({reason}); choose another folder."

    @property
    def name(self) -> str:
        """Name of the take, "" where it could not be begun."""
        return self._partial.name.removesuffix(PARTIAL_SUFFIX) if self._partial else ""

    @property
    def problem(self) -> str:
        """One sentence on what is wrong, "" when all is well."""
        if self._dropped:
            slow = f"Recording: the disk is too slow, {self._dropped} pieces of the take were lost."
        else:
            slow = ""
        return self._unfinished or self._stopped or slow or self._low

    @property
    def cut_short(self) -> bool:
        """True where the take misses something of what it was given; `problem` then says why."""
        return bool(self._stopped or self._dropped)

    @property
    def done(self) -> bool:
        """True once closing has ended."""
        return self._closed and (self._closing is None or not self._closing.is_alive())

    @property
    def folder(self) -> Path | None:
        """The finished take; None before, and where there is none."""
        return self._folder

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of the finished take."""
        return tuple(sorted(self._folder.iterdir())) if self._folder else ()

    def pose(self, frame: PoseFrame) -> None:
        """Record a pose in the order of delivery; the rule of replacing is applied when the take is finished."""
        self._put(frame)

    def audio(self, block: AudioBlock) -> None:
        """Record audio as heard. The first block gives the take its time zero, rate and channels."""
        self._put(block)

    def event(self, kind: str, time_s: float, **details: Any) -> None:
        """Record something that happened at a stream time; `details` become its JSON entry.

        The sidecar has lists of its own for "beat" (beat=1.., bar=1..), "marker" (text=), "note" (text=) and "tempo"
        (see `clock`); every other kind stands in `events`. Expert switches are taken from the poses.
        """
        self._put(Event(kind, time_s, details))

    def clock(self, clock: BarClock) -> None:
        """Note the tempo map: call it as often as the clock changes, only what the last entry did not foretell is
        stored."""
        last = self._last_clock
        if last is not None and last.epoch == clock.epoch and last.beats_per_bar == clock.beats_per_bar:
            drift_s = abs(clock.bars - last.bars_at(clock.time_s)) * clock.bar_s
            if drift_s < _PHASE_STEP_S and abs(clock.tempo_bpm - last.tempo_bpm) < _TEMPO_STEP_BPM:
                return
        self._last_clock = clock
        self.event(
            "tempo",
            clock.time_s,
            bars=round(clock.bars, 6),
            bpm=round(clock.tempo_bpm, 4),
            beats_per_bar=clock.beats_per_bar,
            source=clock.source,
        )

    def close(self) -> Path:
        """Finish the take and return its folder. A take that was cut short is finished too, and `problem` says so.

        Raises TakeError, with `problem` as its sentence, where there is no finished take.
        """
        if self._closing is not None:
            self._closing.join()
        elif not self._closed:
            self._closed = True
            self._end(finish)
        if self._folder is None:
            raise TakeError(self.problem)
        return self._folder

    def close_async(self) -> None:
        """Finish the take in a process of its own, so that neither the caller nor its interpreter is held up; `done`
        says when. If this process ends first, the files are finished all the same."""
        if not self._closed:
            self._closed = True
            self._closing = threading.Thread(target=self._end, args=(finish_elsewhere,), name="take-finisher")
            self._closing.start()

    def _put(self, item: _Item) -> None:
        if self._closed or self._stopped:
            return
        if self._queue is None:
            self._store(item)
            return
        try:
            self._queue.put_nowait(item)
        except queue.Full:
            self._dropped += 1

    def _write(self, items: "queue.Queue[_Item | None]") -> None:
        """The writer thread."""
        tended_s = time.monotonic()
        while (item := items.get()) is not None:
            self._store(item)
            if time.monotonic() - tended_s >= _SYNC_S:
                self._guard(self._tend)
                tended_s = time.monotonic()

    def _store(self, item: _Item) -> None:
        if self._spool is None or self._stopped:
            return
        match item:
            case PoseFrame():
                self._guard(self._spool.pose, item)
            case AudioBlock():
                self._guard(self._spool.audio, item)
            case Event():
                self._guard(self._spool.event, item)
        self._items += 1
        if self._items % _CHECK_ITEMS == 0:
            self._guard(self._check_disk)

    def _guard(self, action: Any, *args: Any) -> None:
        """Whatever goes wrong with the take ends the take, not the show."""
        try:
            action(*args)
        except Exception as error:
            reason = getattr(error, "strerror", None) or error
            self._stop(f"Recording stopped: {reason}; what the take has is kept.")

    def _stop(self, sentence: str) -> None:
        self._stopped = self._stopped or sentence

    def _tend(self) -> None:
        if self._spool is not None and not self._stopped:
            self._spool.sync()
            self._check_disk()

    def _check_disk(self) -> None:
        """Stop while there is still room to finish: the files need about as much again as the spool."""
        size = self._spool.size if self._spool else 0
        free = shutil.disk_usage(self._parent).free
        if free < RESERVE_BYTES + size:
            self._stop(
                f"Recording stopped: only {free // _MB} MB are left on the disk of {self._parent}, which finishing the "
                "take needs; free some space and start a new take."
            )
        self._low = (
            f"Recording: only {free // _MB} MB are left on the disk of {self._parent}." if free < LOW_DISK_BYTES else ""
        )

    def _end(self, finisher: Any) -> None:
        if self._queue is not None and self._writer is not None:
            self._queue.put(None)
            self._writer.join()
        if self._spool is not None:
            self._guard(self._spool.close)
        if self._lock is not None:
            self._lock.release()
        if self._partial is None or self._spool is None:
            return
        try:
            self._folder = finisher(self._partial)
            if self._folder is None:
                self._stop(f"The take {self.name} held neither poses nor audio and was removed.")
        except TakeError as error:
            self._unfinished = str(error)
        except Exception as error:
            self._unfinished = f"The take in {self._partial} cannot be finished ({error!r}); please report it."
