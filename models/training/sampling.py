"""Which clip comes next.

Genres are unequal by a factor of eighteen, so they are drawn by a root of their length. Within a genre, lively clips
are drawn more often: some clips of the data hardly move, and a dancer that has learnt to stand still by them freezes.
"""

import numpy as np
import torch
from torch import Tensor

from models.data.prepared import PreparedClip
from models.representation import LOWER_SIXD


def activity(clip: PreparedClip) -> float:
    """Mean change of the rotation channels from frame to frame: about 0.02 for a dance, 0.002 for standing."""
    upper = np.abs(np.diff(clip.upper[0], axis=0)).mean()
    lower = np.abs(np.diff(clip.lower[0, :, :LOWER_SIXD], axis=0)).mean()
    return float(upper + lower)


def clip_weights(clips: list[PreparedClip], genre_power: float = 0.5, activity_power: float = 0.0) -> Tensor:
    """Probability weight [len(clips)] of drawing each clip: between genres by length to `genre_power` (1: by length
    alone, 0: every genre alike), within a genre by length times activity to `activity_power`."""
    length: dict[str, float] = {}
    share: dict[str, float] = {}
    own = [clip.tokens * activity(clip) ** activity_power for clip in clips]
    for clip, weight in zip(clips, own, strict=True):
        length[clip.genre] = length.get(clip.genre, 0.0) + clip.tokens
        share[clip.genre] = share.get(clip.genre, 0.0) + weight
    return torch.tensor(
        [w / share[c.genre] * length[c.genre] ** genre_power for c, w in zip(clips, own, strict=True)],
        dtype=torch.float32,
    )
