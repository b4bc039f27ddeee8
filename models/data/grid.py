"""A clip laid on the bar grid on which the dancer is generated: each bar a whole number of tokens, four frames each."""

import itertools
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from megadance_live.core import quaternion
from megadance_live.core.conditioning import slots_of
from megadance_live.core.errors import DataError
from megadance_live.core.motion import FRAME_RATE_HZ, TOKEN_FRAMES

F32 = npt.NDArray[np.float32]

BEATS_PER_BAR = 4


@dataclass(frozen=True)
class GridClip:
    """Motion resampled so that bar lines are token boundaries; `start_s` is the time of each token in the clip."""

    root_m: F32  # [4 n, 3]
    quats: F32  # [4 n, 24, 4]
    slot: npt.NDArray[np.int64]  # [n]
    slots: npt.NDArray[np.int64]  # [n]
    bar_s: F32  # [n]
    start_s: F32  # [n]

    def __len__(self) -> int:
        return len(self.slot)


def sample_motion(root_m: F32, quats: F32, frames: npt.NDArray[np.floating[Any]]) -> tuple[F32, F32]:
    """Motion at fractional frames [m] by linear and spherical interpolation."""
    low = np.clip(np.floor(frames).astype(int), 0, len(quats) - 1)
    high = np.minimum(low + 1, len(quats) - 1)
    t = np.clip(frames - low, 0, 1).astype(np.float32)
    root = root_m[low] + (root_m[high] - root_m[low]) * t[:, None]
    turned = quaternion.slerp(quats[low], quats[high], np.repeat(t[:, None], quats.shape[1], axis=1))
    return root.astype(np.float32), turned.astype(np.float32)


def on_grid(root_m: F32, quats: F32, beat_frames: F32) -> GridClip:
    """Lays motion on the grid of its beats, the first of which begins a bar; bars before it and after the last are
    extrapolated at the nearest tempo. Tokens that the clip does not cover whole are left out.

    Raises DataError where it covers none."""
    starts = _bar_lines(beat_frames, len(quats))
    frames: list[npt.NDArray[np.floating[Any]]] = []
    slot, slots, bar_s, start_s = [], [], [], []
    for begin, end in itertools.pairwise(starts):
        length_s = (end - begin) / FRAME_RATE_HZ
        count = slots_of(length_s)
        step = (end - begin) / (count * TOKEN_FRAMES)
        for index in range(count):
            at = begin + step * (index * TOKEN_FRAMES + np.arange(TOKEN_FRAMES))
            if at[0] < 0 or at[-1] > len(quats) - 1:
                continue
            frames.append(at)
            slot.append(index)
            slots.append(count)
            bar_s.append(length_s)
            start_s.append(at[0] / FRAME_RATE_HZ)
    if not frames:
        raise DataError("it covers no whole token of its bar grid")
    root, turned = sample_motion(root_m, quats, np.concatenate(frames).astype(np.float32))
    return GridClip(
        root, turned, np.array(slot), np.array(slots), np.array(bar_s, np.float32), np.array(start_s, np.float32)
    )


def _bar_lines(beat_frames: F32, length: int) -> list[float]:
    """Fractional frames of bar lines from before the clip's first frame to after its last."""
    first = float(beat_frames[1] - beat_frames[0]) * BEATS_PER_BAR
    lines = [float(f) for f in beat_frames[::BEATS_PER_BAR]]
    last = float(beat_frames[-1] - beat_frames[-2]) * BEATS_PER_BAR
    before = max(0, math.ceil(lines[0] / first))
    lines = [lines[0] - first * k for k in range(before, 0, -1)] + lines
    while lines[-1] < length:
        lines.append(lines[-1] + last)
    return lines
