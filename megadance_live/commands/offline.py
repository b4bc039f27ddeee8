"""Recordings heard as fast as they can be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.errors import AudioSourceError

if TYPE_CHECKING:
    from megadance_live.audio import AudioSource

READ_S = 1.0


@contextmanager
def opened(audio: str) -> Iterator["AudioSource"]:
    """An unpaced source of `demo`, `file:PATH` or a path. Raises AudioSourceError."""
    from megadance_live.audio import open_source

    spec = audio if audio == "demo" or audio.startswith("file:") else f"file:{audio}"
    source = open_source(spec, paced=False, loop=False)
    try:
        source.start()
        yield source
    finally:
        source.close()


def blocks_of(source: "AudioSource") -> Iterator[AudioBlock]:
    """Every block up to the end."""
    while not source.ended:
        block = source.read(READ_S)
        if block is not None:
            yield block


def samples_of(source: "AudioSource") -> npt.NDArray[np.float32]:
    """The whole recording, float32 [n, channels]."""
    pieces = [block.samples for block in blocks_of(source)]
    return np.concatenate(pieces) if pieces else np.zeros((0, source.channels), np.float32)


def check_whole(source: "AudioSource") -> None:
    """Once everything has been read: raises AudioSourceError where that was not all that the recording promised."""
    if source.status():
        raise AudioSourceError(f"{source.status()}.")


def name_of(audio: str) -> str:
    """What to call what is made of a recording."""
    return Path(audio.removeprefix("file:")).stem


def length_s(audio: str) -> float:
    """How long a recording says that it is; for a progress bar."""
    if audio == "demo":
        from megadance_live.audio.demo import DEMO_RATE_HZ, demo_frames

        return demo_frames(DEMO_RATE_HZ) / DEMO_RATE_HZ
    import soundfile

    return float(soundfile.info(Path(audio.removeprefix("file:")).expanduser()).duration)


@contextmanager
def as_file(audio: str) -> Iterator[Path]:
    """The recording as a file that a film can take its sound from."""
    if audio != "demo":
        yield Path(audio.removeprefix("file:")).expanduser()
        return
    import soundfile

    from megadance_live.audio.demo import DEMO_RATE_HZ
    from megadance_live.audio.demo_cache import load_demo

    with TemporaryDirectory() as folder:
        path = Path(folder) / "demo.flac"
        soundfile.write(path, load_demo(), DEMO_RATE_HZ)
        yield path
