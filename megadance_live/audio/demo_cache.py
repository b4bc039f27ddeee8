"""The demo track from the user's cache, or rendered and put there."""

import logging
import os
import tempfile
from pathlib import Path

import numpy as np

from megadance_live.audio.demo import DEMO_RATE_HZ, DEMO_VERSION, demo_frames, render_demo
from megadance_live.audio.dsp import F32

_log = logging.getLogger(__name__)


def load_demo(rate_hz: int = DEMO_RATE_HZ, folder: Path | None = None) -> F32:
    """One pass of the demo track, float32 [demo_frames(rate_hz), 2], the same to the bit whether cached or rendered.

    `folder` is the user's cache folder when None. A cache that cannot be read or written only costs the rendering.
    """
    path = (folder or _cache_folder()) / f"demo-{DEMO_VERSION}-{rate_hz}.flac"
    cached = _read(path, rate_hz)
    if cached is not None:
        return cached
    track = render_demo(rate_hz)
    _write(path, track, rate_hz)
    return track


def _cache_folder() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("megadance-live", appauthor=False))


def _read(path: Path, rate_hz: int) -> F32 | None:
    import soundfile

    try:
        if not path.is_file():
            return None
        track, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (OSError, RuntimeError) as error:
        _log.info("rendering the demo track again, its cached copy cannot be read: %s", error)
        return None
    whole = rate == rate_hz and track.shape == (demo_frames(rate_hz), 2)
    return np.ascontiguousarray(track) if whole else None


def _write(path: Path, track: F32, rate_hz: int) -> None:
    """A whole file or none: written beside its place, then renamed."""
    import soundfile

    half_done: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, half_done = tempfile.mkstemp(suffix=".flac", dir=path.parent)
        os.close(handle)
        integers = np.round(track * 32_768).astype(np.int16)
        soundfile.write(half_done, integers, rate_hz, subtype="PCM_16", format="FLAC")
        os.replace(half_done, path)
    except (OSError, RuntimeError) as error:
        _log.info("the demo track is not cached: %s", error)
        if half_done is not None:
            Path(half_done).unlink(missing_ok=True)
