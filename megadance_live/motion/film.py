"""Films and contact sheets of a dance: sinks for PoseFrames."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.errors import TakeError
from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame
from megadance_live.motion.draw import SIZE, Painter
from megadance_live.motion.rotations import nlerp
from megadance_live.motion.settle import Settle, Shown
from megadance_live.motion.sheet import ContactSheet
from megadance_live.motion.soundtrack import Soundtrack


class PictureSink(Protocol):
    """Takes poses in any order that Session gives them; `close` finishes the file and may be called again."""

    def pose(self, pose: PoseFrame, clock: BarClock) -> None: ...

    def close(self) -> None: ...


def open_film(path: Path, *, experts: Sequence[str], audio: Path | None = None) -> PictureSink:
    """A film for `.mp4` (with `audio` as its sound), a contact sheet for `.png`, a strip for `.strip.png`.

    Raises TakeError for another suffix, and where the file cannot be written."""
    suffix = path.suffix.lower()
    if suffix not in (".mp4", ".png"):
        raise TakeError(f"{path.name}: a film ends in .mp4 and a contact sheet in .png; choose one of them.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb"):
            pass
    except OSError as error:
        raise TakeError(f"{path} cannot be written ({error.strerror}); choose another place.") from error
    if suffix == ".mp4":
        return Film(path, experts=experts, audio=audio)
    return ContactSheet(path, experts=experts, strip=path.stem.lower().endswith(".strip"))


class Film:
    """An mp4 of H.264 (MPEG-4 part 2 where the encoder is missing) and AAC, from stream time 0 on.

    Poses come at their own times; each picture shows the pose between its two neighbours. Raises TakeError where the
    file cannot be written or the audio cannot be read.
    """

    def __init__(
        self,
        path: Path,
        fps: int = FRAME_RATE_HZ,
        *,
        experts: Sequence[str] = (),
        audio: Path | None = None,
        size: tuple[int, int] = SIZE,
    ) -> None:
        import av

        self._path, self._fps = path, fps
        self._painter = Painter(experts, *size)
        self._settle = Settle()
        self._before: Shown | None = None
        self._pictures = 0
        self._av_error: type[Exception] = av.FFmpegError
        self._soundtrack: Soundtrack | None = None
        try:
            self._file: Any = av.open(str(path), "w")
            self._stream = self._add_video(size)
            if audio is not None:
                self._soundtrack = Soundtrack(audio, self._file)
        except (OSError, av.FFmpegError) as error:
            raise TakeError(f"{path} cannot be written as a film ({error}); choose another place.") from error

    def pose(self, pose: PoseFrame, clock: BarClock) -> None:
        """The next pose; it may still replace later ones."""
        for shown in self._settle.add(pose, clock):
            self._show(shown)

    def close(self) -> None:
        """Draw what is left and finish the file."""
        if self._file is None:
            return
        for shown in self._settle.rest():
            self._show(shown)
        file, self._file = self._file, None
        try:
            if self._before is not None:
                file.mux(self._stream.encode(self._picture(*self._before)))
            file.mux(self._stream.encode(None))
            if self._soundtrack is not None:
                self._soundtrack.finish(self._pictures / self._fps, file)
            file.close()
        except (OSError, self._av_error) as error:
            raise TakeError(f"{self._path} could not be finished ({error}); is the disk full?") from error

    def _add_video(self, size: tuple[int, int]) -> Any:
        import av

        h264 = "libx264" in av.codecs_available
        stream: Any = self._file.add_stream("libx264" if h264 else "mpeg4", rate=self._fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.options = {"crf": "20", "preset": "veryfast"} if h264 else {"q": "4"}
        stream.codec_context.thread_count = 1
        return stream

    def _show(self, shown: Shown) -> None:
        """Every picture whose time has come by this pose."""
        before = self._before or shown
        self._before = shown
        while (time_s := self._pictures / self._fps) < shown[0].time_s:
            between = _between(before[0], shown[0], time_s)
            try:
                self._file.mux(self._stream.encode(self._picture(between, before[1])))
                if self._soundtrack is not None:
                    self._soundtrack.write_until(time_s, self._file)
            except (OSError, self._av_error) as error:
                raise TakeError(f"{self._path} could not be written ({error}); is the disk full?") from error

    def _picture(self, pose: PoseFrame, clock: BarClock) -> Any:
        import av

        frame = av.VideoFrame.from_ndarray(np.asarray(self._painter.paint(pose, clock)), format="rgb24")
        frame.pts = self._pictures
        self._pictures += 1
        return frame


def _between(a: PoseFrame, b: PoseFrame, time_s: float) -> PoseFrame:
    """The pose at a time from a to b; before a, a itself."""
    if time_s <= a.time_s or b.time_s <= a.time_s:
        return a
    share = (time_s - a.time_s) / (b.time_s - a.time_s)
    quats = nlerp(a.quats.astype(np.float64), b.quats.astype(np.float64), share).astype(np.float32)
    root_m = (a.root_m + np.float32(share) * (b.root_m - a.root_m)).astype(np.float32)
    return PoseFrame(time_s, a.bars + share * (b.bars - a.bars), root_m, quats, a.contacts, a.expert)
