"""More formats for a take that is finished."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from megadance_live.core.errors import TakeError
from megadance_live.output.take import sidecar
from megadance_live.output.take.files import PARTIAL_SUFFIX
from megadance_live.output.take.finished import FinishedTake, best_motion, open_take
from megadance_live.output.take.formats import FORMATS, parse_formats, read_motion
from megadance_live.output.take.track import Motion, PoseTrack, resample

_READ_PART = 0.2
"""Reading counts as this part of the work."""


def export(folder: Path, formats: Sequence[str], progress: Callable[[float], None] = lambda part: None) -> list[Path]:
    """Write the take in `folder` in those formats, too; returns the files, in the order of the formats.

    A file that is there and whole stays as it is. `progress` is told 0..1. Raises TakeError with one sentence; what was
    there before is then still there.
    """
    wanted = parse_formats(formats)
    try:
        take = open_take(folder)
        if take is None:
            raise TakeError(_no_take(folder))
        missing = [form for form in wanted if not _whole(take, form)]
        if missing:
            _write(take, missing, progress)
    except OSError as error:
        raise TakeError(f"{folder} cannot be exported: {error.strerror or error}.") from error
    progress(1.0)
    return [take.path(form) for form in wanted]


def _write(take: FinishedTake, missing: list[str], progress: Callable[[float], None]) -> None:
    _, motion = best_motion(take, besides=missing)
    progress(_READ_PART)
    for k, form in enumerate(missing, 1):
        fitting = at_rate(motion, FORMATS[form].fps, take.length_s)
        FORMATS[form].write(take.path(form), fitting)
        _note(take, form, fitting)
        progress(_READ_PART + (1 - _READ_PART) * k / len(missing))


def at_rate(motion: Motion, fps: int, length_s: float) -> Motion:
    """The motion at another frame rate, from the same first instant. `length_s` is how long the take is, 0 if that is
    not known; half the frame rate is every second frame."""
    if motion.fps == fps:
        return motion
    spans_s = len(motion) / motion.fps
    time_s = np.arange(len(motion)) / motion.fps
    track = PoseTrack(time_s, time_s, motion.root_m, motion.quats, ("",) * len(motion))
    return resample(track, 0.0, min(length_s or spans_s, spans_s), fps)


def _whole(take: FinishedTake, form: str) -> bool:
    if not take.path(form).is_file():
        return False
    try:
        read_motion(take.path(form), form)
    except TakeError:
        return False
    return True


def _note(take: FinishedTake, form: str, motion: Motion) -> None:
    """Add the file to the sidecar, where there is one that can be read."""
    if take.described is None:
        return
    path = take.path(form)
    described: dict[str, Any] = take.described
    motions, files = described.get("motion"), described.get("files")
    if not isinstance(motions, dict) or not isinstance(files, list):
        return
    motions[form] = {"file": path.name, "fps": motion.fps, "frames": len(motion)}
    files[:] = [entry for entry in files if not (isinstance(entry, dict) and entry.get("name") == path.name)]
    files.append({"name": path.name, "bytes": path.stat().st_size})
    sidecar.write_sidecar(take.folder / (take.name + sidecar.SUFFIX), described)


def _no_take(folder: Path) -> str:
    if folder.name.endswith(PARTIAL_SUFFIX):
        return f"{folder} is not finished; finish it first: megadance-live recover {folder}"
    return f"{folder} is no take; give the folder of one, such as takes/take-001."
