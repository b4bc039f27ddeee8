"""A reel as a source: in real time on absolute deadlines, or as fast as it is read."""

import time
from collections.abc import Callable

import numpy as np

from megadance_live.audio.dsp import F32
from megadance_live.audio.reel import Reel
from megadance_live.audio.source import MAX_BLOCK_FRAMES
from megadance_live.core.audio_block import AudioBlock

_PACED_FRAMES = 512
_TOO_LATE_S = 1.0
"""A reader further behind than this (a laptop that slept) does not get the backlog in a rush: time goes on from now."""


class ReelSource:
    """An AudioSource over a Reel.

    Paced, a block is there once its last sample has sounded: block k at start + (its end) / rate, by `monotonic`, so
    that nothing drifts. Unpaced, `host_time_s` is stream time, so that what follows from it is reproducible. With
    `began_s` the reel is taken up where it would be, had it begun at that host time.
    """

    def __init__(
        self,
        reel: Reel,
        *,
        paced: bool,
        loop: bool,
        began_s: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._reel = reel
        self._paced = paced
        self._loop = loop
        self._began_s = began_s
        self._monotonic = monotonic
        self._sleep = sleep
        self._frames = _PACED_FRAMES if paced else MAX_BLOCK_FRAMES
        self._index = 0
        self._start_s = 0.0
        self._waiting: F32 | None = None
        self._ended = False

    @property
    def name(self) -> str:
        return self._reel.name

    @property
    def rate_hz(self) -> int:
        return self._reel.rate_hz

    @property
    def channels(self) -> int:
        return self._reel.channels

    @property
    def ended(self) -> bool:
        return self._ended

    def start(self) -> None:
        # The first reading may take a while (the demo track is rendered): before the clock starts.
        self._fetch()
        self._start_s = self._monotonic() if self._paced else 0.0
        if self._began_s is not None:
            gone = round((self._start_s - self._began_s) * self.rate_hz)
            self._reel.seek(gone % self._reel.frames if self._loop else min(max(gone, 0), self._reel.frames))
            self._waiting = None

    def read(self, timeout_s: float) -> AudioBlock | None:
        samples = self._fetch()
        if samples is None:
            return None
        if self._paced and not self._due(len(samples), timeout_s):
            return None
        self._waiting = None
        host_time_s = self._start_s + self._index / self.rate_hz
        block = AudioBlock(samples, self.rate_hz, self._index, host_time_s)
        self._index += len(samples)
        return block

    def status(self) -> str:
        return self._reel.trouble

    def close(self) -> None:
        self._ended = True
        self._waiting = None
        self._reel.close()

    def _due(self, frames: int, timeout_s: float) -> bool:
        """Wait for the end of the next `frames`, at most `timeout_s`; whether they have sounded."""
        deadline_s = self._start_s + (self._index + frames) / self.rate_hz
        wait_s = deadline_s - self._monotonic()
        if wait_s < -_TOO_LATE_S:
            self._start_s -= wait_s
        if wait_s > timeout_s:
            self._sleep(timeout_s)
            return False
        if wait_s > 0:
            self._sleep(wait_s)
        return True

    def _fetch(self) -> F32 | None:
        """The next block's samples, which stay waiting until they are due; None at the end."""
        if self._waiting is None and not self._ended:
            samples = self._reel.read(self._frames)
            while self._loop and len(samples) < self._frames:
                self._reel.seek(0)
                more = self._reel.read(self._frames - len(samples))
                if len(more) == 0:
                    break
                samples = np.concatenate([samples, more])
            self._ended = len(samples) == 0
            self._waiting = samples if len(samples) else None
        return self._waiting
