"""From a spool folder to a finished take.

Everything is written inside the spool folder, the sidecar last; then the spool is removed and the folder takes the
take's name. A finish that is cut off at any point can be started again.
"""

import shutil
from pathlib import Path
from typing import Any

from megadance_live.core.errors import TakeError
from megadance_live.output.take import sidecar
from megadance_live.output.take.audio_spool import write_flac
from megadance_live.output.take.files import PARTIAL_SUFFIX, TakeLock, free_name
from megadance_live.output.take.formats import FORMATS, parse_formats
from megadance_live.output.take.spool import META_FILE, SPOOL_FILES, SpooledTake, read_info, read_spool
from megadance_live.output.take.track import Motion, resample

LEAD_S = 0.5
"""Poses are planned ahead of the audio by less than this; what was planned past the end of the audio is not kept."""


def span(take: SpooledTake) -> tuple[float, float]:
    """Stream time of the take's first instant, and its length, both in seconds.

    It begins with the audio and lasts as long; where the audio is missing or ended early, as long as the poses.
    """
    times = take.poses.time_s
    if take.audio is None:
        return (float(times[0]), float(times[-1] - times[0])) if len(times) else (0.0, 0.0)
    start_s, end_s = take.audio.start_s, take.audio.end_s
    if len(times) and times[-1] > end_s + LEAD_S:
        end_s = float(times[-1])
    return start_s, end_s - start_s


def _write_motion(
    partial: Path, name: str, take: SpooledTake, start_s: float, duration_s: float
) -> tuple[dict[str, dict[str, Any]], list[Path]]:
    described: dict[str, dict[str, Any]] = {}
    files: list[Path] = []
    at_rate: dict[int, Motion] = {}
    for key in parse_formats(take.info.formats) if len(take.poses) else ():
        form = FORMATS[key]
        if form.fps not in at_rate:
            at_rate[form.fps] = resample(take.poses, start_s, duration_s, form.fps)
        path = partial / (name + form.suffix)
        form.write(path, at_rate[form.fps])
        files.append(path)
        described[key] = {"file": path.name, "fps": form.fps, "frames": len(at_rate[form.fps])}
    return described, files


def _write_all(partial: Path) -> str | None:
    """Write every file of the take, the sidecar last; returns its name, or None if it holds nothing."""
    take = read_spool(partial)
    if not len(take.poses) and take.audio is None:
        return None
    name = partial.name.removesuffix(PARTIAL_SUFFIX)
    if (partial.parent / name).exists():
        name = free_name(partial.parent, name)
    start_s, duration_s = span(take)
    motion, files = _write_motion(partial, name, take, start_s, duration_s)
    if take.audio is not None:
        files.append(partial / (name + ".flac"))
        write_flac(files[-1], take.audio)
    description = sidecar.describe(name, take, start_s, duration_s, motion, files)
    sidecar.write_sidecar(partial / (name + sidecar.SUFFIX), description)
    return name


def _finished_name(partial: Path) -> str | None:
    """The name under which an earlier finish completed all files, or None."""
    found = [p.stem for p in partial.glob("*" + sidecar.SUFFIX) if p.name not in SPOOL_FILES]
    return found[0] if found else None


def finish(partial: Path) -> Path | None:
    """Write the files of the take whose spool lies in `partial`; returns its folder, or None if it held nothing.

    Raises TakeError with one sentence where that is not possible; the spool then stays as it was.
    """
    if not partial.is_dir():
        raise TakeError(f"{partial} is gone, and the take with it: somebody has moved or deleted the folder.")
    if _finished_name(partial) is None:
        read_info(partial / META_FILE)  # leaves a folder that is not a take as it is
    try:
        lock = TakeLock(partial)
    except BlockingIOError as error:
        raise TakeError(f"{partial} is still being recorded or finished; wait for it to end.") from error
    except OSError as error:
        raise _unfinished(partial, error) from error
    try:
        name = _finished_name(partial) or _write_all(partial)
        lock.release()  # some systems rename no folder that holds an open file
        if name is not None:
            return _publish(partial, name)
        shutil.rmtree(partial)
        return None
    except OSError as error:
        raise _unfinished(partial, error) from error
    finally:
        lock.release()


def _unfinished(partial: Path, error: OSError) -> TakeError:
    return TakeError(
        f"The take in {partial} cannot be finished ({error.strerror or error}): free some space or make it writable, "
        f"then run: megadance-live recover {partial.parent}"
    )


def _publish(partial: Path, name: str) -> Path:
    for spooled in SPOOL_FILES:
        (partial / spooled).unlink(missing_ok=True)
    final = partial.parent / name
    partial.rename(final)
    return final
