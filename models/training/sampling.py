"""Which clip comes next: genres are unequal by a factor of eighteen, so they are drawn by the root of their length."""

import torch
from torch import Tensor

from models.data.prepared import PreparedClip


def genre_weights(clips: list[PreparedClip], power: float = 0.5) -> Tensor:
    """Probability weight [len(clips)] of drawing each clip: within a genre by length, between genres by length to
    `power` (1: by length alone, 0: every genre alike)."""
    total: dict[str, float] = {}
    for clip in clips:
        total[clip.genre] = total.get(clip.genre, 0.0) + clip.tokens
    return torch.tensor([clip.tokens * total[clip.genre] ** (power - 1.0) for clip in clips])
