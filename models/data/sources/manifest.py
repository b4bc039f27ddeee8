"""Folders with a `manifest.csv` and one npz a clip.

The manifest names file, genre, split, root_travel and licence, and where there is music its file; an npz holds poses
(T, 24, 3) axis-angle, trans (T, 3) (pelvis, m, Y up), fps, and beat_frames where they are known.
"""

import csv
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np

from megadance_live.core import quaternion
from megadance_live.core.errors import DataError
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import JOINT_COUNT
from models.data.clips import MIN_SECONDS, Clip, Music
from models.data.sources.arrays import archive
from models.data.sources.shaping import oddities
from models.data.sources.source import Entry, Listing, Skipping, Wishes

FILE = "manifest.csv"


def list_manifest(folder: Path, wishes: Wishes) -> Listing:
    """The clips that the manifest names, in its order. Raises DataError where there is none that can be read."""
    manifest = folder / FILE
    try:
        with manifest.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise DataError(
            f"{manifest} cannot be read ({error.strerror}); name a folder that holds a manifest.csv."
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{manifest} is not a table in UTF-8; save it as one.") from error
    entries, skipped = [], Skipping()
    for row in rows:
        name = row.get("file") or ""
        if not name:
            skipped.add("(no file named)", f"a line of {FILE} names no file")
        elif genre := skipped.or_value(name, partial(_genre_of, row, wishes)):
            entries.append(Entry(name, partial(read_manifest_clip, folder, row, genre)))
    licences = Counter(row.get("licence") or "none named" for row in rows)
    told = "; ".join(f"{licence} ({count} clips)" for licence, count in sorted(licences.items()))
    return Listing("manifest", folder, tuple(entries), skipped.all, (f"Licences: {told}",))


def read_manifest_clip(folder: Path, row: dict[str, str], genre: str) -> Clip:
    """One clip. Raises OSError, and DataError for a file that is of no use."""
    with archive(folder / row["file"]) as arrays:
        poses = arrays.numbers("poses").astype(np.float32)
        root_m = arrays.numbers("trans").astype(np.float32)
        fps = arrays.number("fps")
        beats = arrays.numbers("beat_frames").astype(np.float32) if "beat_frames" in arrays else None
    if poses.ndim != 3 or poses.shape[1:] != (JOINT_COUNT, 3):
        raise DataError(f"poses have shape {poses.shape}, expected (frames, {JOINT_COUNT}, 3)")
    if root_m.shape != (len(poses), 3):
        raise DataError(f"trans has shape {root_m.shape}, expected ({len(poses)}, 3)")
    if abs(fps - FRAME_RATE_HZ) > 1e-3:
        raise DataError(f"it runs at {fps:g} frames per second, expected {FRAME_RATE_HZ}")
    if len(poses) < MIN_SECONDS * FRAME_RATE_HZ:
        raise DataError(f"it is shorter than {MIN_SECONDS} s")
    if not (np.isfinite(poses).all() and np.isfinite(root_m).all()):
        raise DataError("it holds numbers that are not finite")
    if beats is not None and (beats.ndim != 1 or not np.isfinite(beats).all() or (np.diff(beats) <= 0).any()):
        raise DataError("its beat_frames do not rise from beat to beat")
    recording = folder / row["music"] if row.get("music") else None
    clip = Clip(
        name=row["file"],
        genre=genre,
        split=row.get("split") or "train",
        root_m=root_m,
        quats=quaternion.from_axis_angle(poses),
        beat_frames=beats if beats is not None and len(beats) >= 2 else None,
        travel_trusted=row.get("root_travel") != "estimated",
        music=Music(recording) if recording and recording.is_file() else None,
    )
    if recording and clip.music is None:
        clip = clip.warned(f"lacks its music {row['music']}, so that music is composed")
    return clip.warned(*oddities(clip))


def _genre_of(row: dict[str, str], wishes: Wishes) -> str:
    written = row.get("genre") or wishes.genre or ""
    if not written:
        raise DataError("it has no genre")
    genre = wishes.genres.known(written)
    if genre is None:
        raise DataError(f"its genre {written!r} is not known; write it otherwise or --new-genre it")
    return genre
