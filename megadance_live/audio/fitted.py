"""A source at a wished rate and with a wished number of channels, whatever it has of its own."""

from typing import TYPE_CHECKING

import numpy as np

from megadance_live.audio.dsp import F32
from megadance_live.audio.source import MAX_BLOCK_FRAMES
from megadance_live.core.audio_block import AudioBlock

if TYPE_CHECKING:
    from megadance_live.audio.source import AudioSource

QUALITY = "LQ"
"""Of soxr: 16 bits, and at most 10 ms late where its better ones are 20 to 40."""


def fitted(source: "AudioSource", rate_hz: int, channels: int) -> "AudioSource":
    """The source itself where it is so already."""
    if (source.rate_hz, source.channels) == (rate_hz, channels):
        return source
    return FittedSource(source, rate_hz, channels)


def with_channels(samples: F32, channels: int) -> F32:
    """[n, any] -> [n, channels]: mixed down to one, the first ones of more, repeated in turn where there are fewer."""
    have = samples.shape[1]
    fitting: F32 = samples[:, np.arange(channels) % have]
    if channels == 1:
        fitting = samples[:, :2].mean(axis=1, keepdims=True, dtype=np.float32)
    return fitting


class FittedSource:
    """An AudioSource over another one. Sample numbers count at the wished rate; a sample keeps the host time at which
    it sounded, though it comes some milliseconds later."""

    def __init__(self, source: "AudioSource", rate_hz: int, channels: int) -> None:
        import soxr

        self._source = source
        self.rate_hz = rate_hz
        self.channels = channels
        self._stream = soxr.ResampleStream(source.rate_hz, rate_hz, channels, dtype="float32", quality=QUALITY)
        self._expected = 0  # the source's next sample
        self._index = 0  # ours
        self._pending = np.zeros((0, channels), np.float32)
        self._newest: AudioBlock | None = None
        self._overflow = False
        self._drained = False

    @property
    def name(self) -> str:
        return self._source.name

    @property
    def ended(self) -> bool:
        return self._source.ended and not self._holds_more and not len(self._pending)

    @property
    def _holds_more(self) -> bool:
        """In the filter, at the end."""
        return self._newest is not None and not self._drained

    def start(self) -> None:
        self._source.start()

    def read(self, timeout_s: float) -> AudioBlock | None:
        while not len(self._pending):
            block = self._source.read(timeout_s)
            if block is None and not (self._source.ended and self._holds_more):
                return None
            self._take_in(block)
        return self._given_out()

    def status(self) -> str:
        return self._source.status()

    def close(self) -> None:
        self._source.close()
        self._pending = self._pending[:0]

    def _take_in(self, block: AudioBlock | None) -> None:
        """None: the end, which brings what the filter still holds."""
        if block is None:
            self._drained = True
            self._pending = self._stream.resample_chunk(np.zeros((0, self.channels), np.float32), last=True)
            return
        if block.index != self._expected:  # samples were lost: what the filter holds does not belong to what comes
            self._stream.clear()
            self._index = max(self._index, round(block.index * self.rate_hz / block.rate_hz))
        self._expected = block.index + block.frames
        self._newest = block
        self._overflow = self._overflow or block.overflow
        self._pending = self._stream.resample_chunk(np.ascontiguousarray(with_channels(block.samples, self.channels)))

    def _given_out(self) -> AudioBlock:
        newest = self._newest
        assert newest is not None
        samples, self._pending = self._pending[:MAX_BLOCK_FRAMES], self._pending[MAX_BLOCK_FRAMES:]
        host_time_s = newest.host_time_s + self._index / self.rate_hz - newest.time_s
        block = AudioBlock(samples, self.rate_hz, self._index, host_time_s, self._overflow, newest.lost)
        self._overflow = False
        self._index += len(samples)
        return block
