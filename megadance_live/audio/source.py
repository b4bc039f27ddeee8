"""Where audio comes from: the protocol of every source, and the way to open one by its name."""

from typing import Protocol

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.errors import AudioSourceError

MAX_BLOCK_FRAMES = 1024


class AudioSource(Protocol):
    """A stream of AudioBlocks, whatever is behind it.

    One thread uses it: `start` once, then `read` again and again, then `close` (which may be called at any time, also
    twice). `status` and `ended` may be asked from any thread.
    """

    @property
    def name(self) -> str: ...

    @property
    def rate_hz(self) -> int: ...

    @property
    def channels(self) -> int: ...

    @property
    def ended(self) -> bool:
        """True once a source that does not loop has been read to its end; never for a device."""
        ...

    def start(self) -> None:
        """Begin to run. Raises AudioSourceError."""
        ...

    def read(self, timeout_s: float) -> AudioBlock | None:
        """The next block of at most MAX_BLOCK_FRAMES, or None if there is none within the timeout, or ever again."""
        ...

    def status(self) -> str:
        """Empty when all is well, else what is the matter, in words."""
        ...

    def close(self) -> None: ...


def open_source(
    spec: str, *, paced: bool, loop: bool, rate_hz: int | None = None, began_s: float | None = None
) -> AudioSource:
    """Open `demo`, `file:PATH` or `device:NAME`.

    With `paced` a file or the demo runs in real time, as a device does; without, `read` returns at once. `loop` begins
    them again at their end; with `began_s` they go on where they would be, had they begun at that host time. `rate_hz`
    is a wish that a device and the demo fulfil; a file keeps its own rate.
    Raises AudioSourceError with one sentence that says what to do.
    """
    kind, _, rest = spec.strip().partition(":")
    if kind == "demo" and not rest:
        from megadance_live.audio.demo import DEMO_RATE_HZ
        from megadance_live.audio.paced import ReelSource
        from megadance_live.audio.reel import DemoReel

        return ReelSource(DemoReel(rate_hz or DEMO_RATE_HZ), paced=paced, loop=loop, began_s=began_s)
    if kind == "file" and rest:
        from megadance_live.audio.paced import ReelSource
        from megadance_live.audio.reel import FileReel

        return ReelSource(FileReel(rest), paced=paced, loop=loop, began_s=began_s)
    if kind == "device" and rest:
        from megadance_live.audio.device import DeviceSource
        from megadance_live.audio.portaudio import PortAudioBackend
        from megadance_live.audio.scan import look_for

        backend = PortAudioBackend()
        look_for(rest, backend)
        return DeviceSource(rest, backend, rate_hz=rate_hz)
    raise AudioSourceError(f'"{spec}" is no audio source: write demo, file:PATH or device:NAME.')
