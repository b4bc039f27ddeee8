"""Motion clips as they lie in a data folder: a `manifest.csv` and one npz a clip.

The manifest names file, genre, split, root_travel and licence; an npz holds poses (T, 24, 3) axis-angle, trans (T, 3)
(pelvis, m, Y up), fps, and beat_frames where they are known. A clip that cannot be used is reported, and skipped.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.errors import DataError
from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import JOINT_COUNT

F32 = npt.NDArray[np.float32]

MIN_SECONDS = 1.5


@dataclass(frozen=True)
class Clip:
    """One dance at 30 frames per second."""

    name: str
    genre: str
    split: str
    root_m: F32  # [T, 3]
    quats: F32  # [T, 24, 4] xyzw
    beat_frames: F32 | None  # fractional frame of every beat, the first a downbeat
    travel_trusted: bool

    def __len__(self) -> int:
        return int(self.quats.shape[0])


@dataclass(frozen=True)
class Skipped:
    """A file that was not used, and why."""

    name: str
    why: str


def load_clips(folder: Path) -> tuple[list[Clip], list[Skipped]]:
    """All clips that the manifest names, in its order. Raises DataError where there is no manifest."""
    manifest = folder / "manifest.csv"
    try:
        with manifest.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    except OSError as error:
        raise DataError(
            f"{manifest} cannot be read ({error.strerror}); name a folder that holds a manifest.csv."
        ) from error
    clips: list[Clip] = []
    skipped: list[Skipped] = []
    for row in rows:
        try:
            clips.append(_load_clip(folder, row))
        except (OSError, KeyError, ValueError, DataError) as error:
            skipped.append(Skipped(row.get("file") or "(no file named)", str(error)))
    if not clips:
        why = skipped[0].why if skipped else "it is empty"
        raise DataError(f"{manifest} names no clip that can be used; its first problem: {why}.")
    return clips, skipped


def _load_clip(folder: Path, row: dict[str, str]) -> Clip:
    with np.load(folder / row["file"], allow_pickle=False) as data:
        poses = np.asarray(data["poses"], np.float32)
        root_m = np.asarray(data["trans"], np.float32)
        fps = float(data["fps"])
        beats = np.asarray(data["beat_frames"], np.float32) if "beat_frames" in data.files else None
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
    if not row["genre"]:
        raise DataError("it has no genre")
    return Clip(
        name=row["file"],
        genre=row["genre"],
        split=row.get("split") or "train",
        root_m=root_m,
        quats=quaternion.from_axis_angle(poses),
        beat_frames=beats if beats is not None and len(beats) >= 2 else None,
        travel_trusted=row.get("root_travel") != "estimated",
    )
