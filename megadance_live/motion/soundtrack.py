"""The sound of a film: an audio file, decoded and encoded again as AAC, in step with the pictures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from megadance_live.core.errors import TakeError

_RATE_HZ = 48_000


class Soundtrack:
    """Adds an audio stream to `film`, an open PyAV container. Raises TakeError where `audio` cannot be read."""

    def __init__(self, audio: Path, film: Any) -> None:
        import av

        try:
            self._source = av.open(str(audio))
            self._frames = self._resampled()
            self._waiting = next(self._frames, None)
        except (OSError, av.FFmpegError, IndexError) as error:
            raise TakeError(f"{audio} cannot be read as the sound of a film ({error}).") from error
        self._stream: Any = film.add_stream("aac", rate=_RATE_HZ)
        self._stream.codec_context.layout = "stereo"

    def write_until(self, time_s: float, film: Any) -> None:
        """Encode what sounds before `time_s`."""
        while self._waiting is not None and self._waiting.pts < time_s * _RATE_HZ:
            film.mux(self._stream.encode(self._waiting))
            self._waiting = next(self._frames, None)

    def finish(self, time_s: float, film: Any) -> None:
        """Write the sound up to the end of the pictures, and close it."""
        self.write_until(time_s, film)
        film.mux(self._stream.encode(None))
        self._source.close()

    def _resampled(self) -> Iterator[Any]:
        """Frames that the encoder takes, with times in samples. A broken end ends the sound."""
        import av

        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=_RATE_HZ, frame_size=1024)
        written = 0
        for decoded in self._source.decode(self._source.streams.audio[0]):
            for frame in resampler.resample(decoded):
                frame.pts, written = written, written + frame.samples
                yield frame
        for frame in resampler.resample(None):
            frame.pts, written = written, written + frame.samples
            yield frame
