"""Audio as heard: raw samples while the take runs, FLAC when it is finished.

Raw, because a FLAC that was cut off cannot be read to its end by libsndfile, while raw samples can be cut anywhere.
"""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.core.audio_block import AudioBlock
from megadance_live.output.take.append_file import AppendFile
from megadance_live.output.take.files import atomic

if TYPE_CHECKING:
    import soxr

F32 = npt.NDArray[np.float32]

AUDIO_FILE = "audio.f32"
FLAC_SUBTYPE = "PCM_24"
MAX_CHANNELS = 8  # of FLAC
_CHUNK_FRAMES = 1 << 16


@dataclass(frozen=True)
class SpooledAudio:
    """Raw audio on disk. `start_s` is the stream time of its first sample."""

    path: Path
    start_s: float
    rate_hz: int
    channels: int

    @property
    def frames(self) -> int:
        """Whole frames; a torn last one does not count."""
        return self.path.stat().st_size // (4 * self.channels)

    @property
    def end_s(self) -> float:
        return self.start_s + self.frames / self.rate_hz


class AudioSpool:
    """Writes blocks so that every sample stays at its stream time, in the rate and channels of the first block.

    Missing samples become silence, samples that were there already are dropped, another rate is resampled.
    """

    def __init__(self, path: Path, first: AudioBlock) -> None:
        self.start_s = first.time_s
        self.rate_hz = first.rate_hz
        self.channels = min(first.channels, MAX_CHANNELS)
        self._file = AppendFile(path)
        self._end_s = first.time_s  # of what has come in
        self._written = 0  # frames on disk
        self._resampler: soxr.ResampleStream | None = None
        self._incoming_hz = first.rate_hz
        self._lost = False
        self._repeating = False

    def write(self, block: AudioBlock) -> list[str]:
        """Store a block; returns what there is to note about it. Raises OSError."""
        notes = self._place(block)
        if block.overflow:
            notes.append("audio overflow: samples were lost before this block")
        if block.lost and not self._lost:
            notes.append("audio lost: silence from here on")
        self._lost = block.lost
        skip = max(0, round((self._end_s - block.time_s) * block.rate_hz))
        if skip and not self._repeating:
            notes.append("audio clock jumped back: samples that were there already are left out")
        self._repeating = skip > 0
        samples = self._fit(block.samples[skip:])
        if len(samples):
            self._append(samples if self._resampler is None else self._resampler.resample_chunk(samples))
        self._end_s = max(self._end_s, block.time_s + block.frames / block.rate_hz)
        return notes

    def _place(self, block: AudioBlock) -> list[str]:
        """Bring the file to where the block begins: silence over a gap, a new resampler for a new rate."""
        notes = []
        gap_s = block.time_s - self._end_s
        gap = gap_s * block.rate_hz >= 0.75
        if gap:
            notes.append(f"audio missing: {gap_s:.3f} s of silence filled in")
            self._end_s = block.time_s
        if block.rate_hz != self._incoming_hz:
            notes.append(f"audio rate changed to {block.rate_hz} Hz: kept at {self.rate_hz} Hz")
        if gap or block.rate_hz != self._incoming_hz:
            self._drain()
            self._silence_to(round((self._end_s - self.start_s) * self.rate_hz))
            self._incoming_hz = block.rate_hz
            self._resampler = self._new_resampler()
        return notes

    def _new_resampler(self) -> "soxr.ResampleStream | None":
        if self._incoming_hz == self.rate_hz:
            return None
        import soxr

        return soxr.ResampleStream(self._incoming_hz, self.rate_hz, self.channels, dtype="float32")

    def _drain(self) -> None:
        if self._resampler is not None:
            self._append(self._resampler.resample_chunk(np.zeros((0, self.channels), np.float32), last=True))
            self._resampler = None

    def _silence_to(self, frames: int) -> None:
        while self._written < frames:
            self._append(np.zeros((min(_CHUNK_FRAMES, frames - self._written), self.channels), np.float32))

    def _fit(self, samples: F32) -> F32:
        """[n, self.channels]: mono is copied to every channel, others are cut or filled with silence."""
        n, have = samples.shape
        if have == 1 and self.channels > 1:
            return np.repeat(samples, self.channels, axis=1)
        fitted = np.zeros((n, self.channels), np.float32)
        shared = min(have, self.channels)
        fitted[:, :shared] = samples[:, :shared]
        return fitted

    def _append(self, samples: F32) -> None:
        self._file.append(np.nan_to_num(samples, posinf=0.0, neginf=0.0).astype("<f4").tobytes())
        self._written += len(samples)

    @property
    def size(self) -> int:
        """Bytes stored."""
        return self._file.size

    def sync(self) -> None:
        """Have the system write it to the disk itself; raises OSError."""
        self._file.sync()

    def close(self) -> None:
        """Store what the resampler still holds; raises OSError."""
        try:
            self._drain()
        finally:
            self._file.close()


def write_flac(path: Path, audio: SpooledAudio) -> None:
    """Encode spooled audio as FLAC, 24 bits, in one go. The same samples give the same bytes.

    Raises OSError where it cannot be written.
    """
    import soundfile

    raw = np.memmap(audio.path, np.dtype("<f4"), "r", shape=(audio.frames, audio.channels))
    try:
        with (
            atomic(path) as temporary,
            soundfile.SoundFile(temporary, "w", audio.rate_hz, audio.channels, FLAC_SUBTYPE, format="FLAC") as file,
        ):
            for start in range(0, audio.frames, _CHUNK_FRAMES):
                file.write(np.ascontiguousarray(raw[start : start + _CHUNK_FRAMES], np.float32))
    except soundfile.SoundFileError as error:
        raise OSError(errno.EIO, f"the audio cannot be encoded ({error})") from error
