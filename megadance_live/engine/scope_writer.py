"""What the engine hears, drawn for a control surface: meters, waveform and onsets, block by block."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.music_frame import MusicFrame
from megadance_live.engine.stream_time import StreamTime
from megadance_live.music.ear import factor_of
from megadance_live.remote.scope import COLUMNS, COLUMNS_HZ

F32 = npt.NDArray[np.float32]

FULL_SCALE = np.float32(32_767 / 32_768)
"""What the loudest sample of a 16-bit input is worth."""
ONSET = 0.5
"""An onset is where the strength rises to this."""


class ScopeSink(Protocol):
    """Shared memory in a show (remote/scope.py), a list in a test."""

    def levels(self, peak: F32, rms: F32, clipped: int) -> None: ...

    def columns(self, lowest: F32, highest: F32, end_s: float) -> None: ...

    def onset(self, time_s: float, strength: float) -> None: ...


@dataclass(frozen=True)
class Column:
    """Whole columns of a waveform: least and greatest sample [n], and the sample number at which the last one ends."""

    lowest: F32
    highest: F32
    end: int


@dataclass(frozen=True)
class Waveform:
    """What has been heard since the last whole column: least and greatest sample of left and right, [k], up to sample
    number `end`. Column c of a stream holds the samples from c / COLUMNS_HZ s to the next, however blocks are cut."""

    rate_hz: int
    end: int | None = None
    lowest: F32 = field(default_factory=lambda: np.zeros(0, np.float32))
    highest: F32 = field(default_factory=lambda: np.zeros(0, np.float32))

    def heard(self, samples: F32, index: int) -> tuple[Column, "Waveform"]:
        """After samples [1 or 2, n] from sample number `index` on; what was lost before them is drawn as silence."""
        longest = COLUMNS * self.rate_hz // COLUMNS_HZ
        lost = 0 if self.end is None else max(0, index - self.end)
        silence = np.zeros(min(lost, longest), np.float32)
        known = len(self.lowest) if lost <= longest else 0
        lowest = np.concatenate([self.lowest[:known], silence, np.minimum(samples[0], samples[-1])])
        highest = np.concatenate([self.highest[:known], silence, np.maximum(samples[0], samples[-1])])
        end = index + samples.shape[1]
        start = end - len(lowest)
        first, last = start * COLUMNS_HZ // self.rate_hz, end * COLUMNS_HZ // self.rate_hz
        if last == first:
            nothing = np.zeros(0, np.float32)
            return Column(nothing, nothing, start), Waveform(self.rate_hz, end, lowest, highest)
        edges = -(-np.arange(first, last + 1) * self.rate_hz // COLUMNS_HZ) - start
        begins, done = np.maximum(edges[:-1], 0), int(edges[-1])
        whole = Column(
            np.minimum.reduceat(lowest[:done], begins), np.maximum.reduceat(highest[:done], begins), start + done
        )
        return whole, Waveform(self.rate_hz, end, lowest[done:], highest[done:])


class ScopeWriter:
    """Draws into a sink. For one stream."""

    def __init__(self, sink: ScopeSink, rate_hz: int) -> None:
        self._sink = sink
        self._waveform = Waveform(rate_hz)
        self._frame = -1
        self._strength = 0.0

    def write(self, block: AudioBlock, gain_db: float, music: MusicFrame | None, time: StreamTime) -> None:
        """A block as it came in, the gain at which it is heard, and the newest music frame. A sample counts as clipped
        where it is at full scale before the gain or after it."""
        gain = np.float32(factor_of(gain_db))
        stereo = np.ascontiguousarray(block.samples[:, :2].T)  # [1 or 2, n]: a row is read faster than a column
        lowest, highest = stereo.min(axis=1), stereo.max(axis=1)
        peak = np.maximum(-lowest, highest)
        clipped = 0
        if peak.max() * max(gain, 1.0) >= FULL_SCALE:
            clipped = int(np.count_nonzero(np.abs(stereo) >= FULL_SCALE / max(gain, np.float32(1.0))))
        rms = np.sqrt(np.einsum("cn,cn->c", stereo, stereo) / block.frames)
        self._sink.levels(np.resize(gain * peak, 2), np.resize(gain * rms, 2), clipped)
        columns, self._waveform = self._waveform.heard(stereo, block.index)
        if len(columns.lowest):
            end_s = time.to_host_s(columns.end / block.rate_hz)
            self._sink.columns(gain * columns.lowest, gain * columns.highest, end_s)
        if music is not None and music.index != self._frame:
            if self._strength < ONSET <= music.onset:
                self._sink.onset(time.to_host_s(music.time_s), music.onset)
            self._frame, self._strength = music.index, music.onset
