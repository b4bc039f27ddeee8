"""Poses over time as arrays: as they were presented, and on the uniform grid of a file."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion

F64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PoseTrack:
    """The poses of a take at the times at which they were to be seen, in SMPL axes; times rise strictly."""

    time_s: F64  # [n] stream time
    bars: F64  # [n]
    root_m: F64  # [n, 3] pelvis
    quats: F64  # [n, 24, 4] local, xyzw
    experts: tuple[str, ...]  # [n]

    def __len__(self) -> int:
        return len(self.time_s)


@dataclass(frozen=True)
class Motion:
    """Poses at a fixed rate, in SMPL axes; frame k is seen k / fps seconds after the take's first instant."""

    fps: int
    root_m: F64  # [n, 3] pelvis
    quats: F64  # [n, 24, 4] local, xyzw

    def __len__(self) -> int:
        return len(self.root_m)


def standing(time_s: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Which of the frames, given in the order of delivery, were not replaced: a frame whose time is not later than
    that of an earlier one replaces it and all that followed it."""
    if not len(time_s):
        return np.zeros(0, bool)
    earliest_after = np.append(np.minimum.accumulate(time_s[::-1])[::-1][1:], np.inf)
    kept: npt.NDArray[np.bool_] = time_s < earliest_after
    return kept


def resample(track: PoseTrack, start_s: float, duration_s: float, fps: int) -> Motion:
    """The track on the grid start_s + k / fps, for all k / fps < duration_s (at least one frame).

    Rotations by SLERP and positions by lerp between the two nearest poses; before the first and after the last pose
    that pose is held. `track` must hold a pose.
    """
    count = max(1, math.ceil(duration_s * fps - 1e-6))
    grid = start_s + np.arange(count) / fps
    if len(track) == 1:
        return Motion(fps, np.repeat(track.root_m, count, axis=0), np.repeat(track.quats, count, axis=0))
    before = np.clip(np.searchsorted(track.time_s, grid, side="right") - 1, 0, len(track) - 2)
    after = before + 1
    span = track.time_s[after] - track.time_s[before]
    part = np.clip((grid - track.time_s[before]) / span, 0.0, 1.0)
    root_m = track.root_m[before] + part[:, None] * (track.root_m[after] - track.root_m[before])
    quats = quaternion.slerp(track.quats[before], track.quats[after], part[:, None])
    return Motion(fps, root_m.astype(np.float64), quats.astype(np.float64))
