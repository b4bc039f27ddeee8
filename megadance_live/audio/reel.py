"""Recorded sound that can be read piece by piece and rewound: an audio file, or the demo track."""

from pathlib import Path
from typing import Any, Protocol

import numpy as np

from megadance_live.audio.dsp import F32
from megadance_live.core.errors import AudioSourceError

_SHORT_S = 1.0
"""A file that ends this much before its header says is reported. Less is rounding in MP3 headers."""


class Reel(Protocol):
    """Sound with a beginning and an end, `frames` samples later."""

    @property
    def name(self) -> str: ...

    @property
    def rate_hz(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def frames(self) -> int: ...

    @property
    def trouble(self) -> str:
        """Empty, or what is wrong with the recording, in words."""
        ...

    def read(self, frames: int) -> F32:
        """The next samples, float32 [at most frames, channels]; fewer only at the end."""
        ...

    def seek(self, frame: int) -> None:
        """Go on from there."""
        ...

    def close(self) -> None: ...


class DemoReel:
    """The demo track, from the cache or rendered on the first reading."""

    name = "demo"
    channels = 2
    trouble = ""

    def __init__(self, rate_hz: int) -> None:
        self.rate_hz = rate_hz
        self._track: F32 | None = None
        self._at = 0

    @property
    def frames(self) -> int:
        from megadance_live.audio.demo import demo_frames

        return demo_frames(self.rate_hz)

    def read(self, frames: int) -> F32:
        if self._track is None:
            from megadance_live.audio.demo_cache import load_demo

            self._track = load_demo(self.rate_hz)
        piece = self._track[self._at : self._at + frames]
        self._at += len(piece)
        return piece

    def seek(self, frame: int) -> None:
        self._at = frame

    def close(self) -> None:
        self._track = None


class FileReel:
    """A WAV, FLAC, OGG or MP3 file, or whatever else libsndfile reads, streamed from disk.

    Raises AudioSourceError when it is missing, unreadable, no audio, or empty. A file that proves corrupt further on is
    played up to there and `trouble` says so.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path).expanduser()
        self._file = _opened(self._path)
        self.name: str = self._path.name
        self.rate_hz: int = self._file.samplerate
        self.channels: int = self._file.channels
        self.frames: int = self._file.frames
        self.trouble = ""
        self._at = 0

    def read(self, frames: int) -> F32:
        try:
            piece: F32 = self._file.read(frames, dtype="float32", always_2d=True)
        except (RuntimeError, OSError):
            self._note_end()
            return np.zeros((0, self.channels), np.float32)
        self._at += len(piece)
        if len(piece) < frames:
            self._note_end()
        # A float file may hold anything; a device could not.
        return np.clip(np.nan_to_num(piece, nan=0.0, posinf=1.0, neginf=-1.0), -1.0, 1.0)

    def seek(self, frame: int) -> None:
        self._at = frame
        try:
            self._file.seek(frame)
        except (RuntimeError, OSError):
            self._at = 0
            self._file.close()
            self._file = _opened(self._path)

    def close(self) -> None:
        self._file.close()

    def _note_end(self) -> None:
        if self._file.frames - self._at > _SHORT_S * self.rate_hz:
            minutes, seconds = divmod(int(self._at / self.rate_hz), 60)
            self.trouble = f"{self.name} cannot be read beyond {minutes}:{seconds:02d} and is played up to there"


def _opened(path: Path) -> Any:
    """The open soundfile.SoundFile, known to hold sound."""
    import soundfile

    if not path.exists():
        raise AudioSourceError(f"There is no audio file {path}: check the path.")
    if not path.is_file():
        raise AudioSourceError(f"{path} is not a file: name an audio file (WAV, FLAC, OGG or MP3).")
    try:
        with path.open("rb") as probe:
            empty = not probe.read(1)
    except OSError as error:
        raise AudioSourceError(f"{path} cannot be read ({error.strerror}): check its permissions.") from error
    if empty:
        raise AudioSourceError(f"{path} is empty: name a file that holds sound.")
    try:
        file = soundfile.SoundFile(path)
    except (RuntimeError, TypeError, OSError) as error:
        raise AudioSourceError(f"{path} cannot be read as audio: name a WAV, FLAC, OGG or MP3 file.") from error
    if file.frames == 0 or file.samplerate <= 0:
        file.close()
        raise AudioSourceError(f"{path} holds no sound: name a file that does.")
    return file
