"""Motion that nobody danced, but could have: the tokeniser must rebuild poses that its few clips do not hold.

Limbs are taken from other windows, swings made larger or smaller, joints turned by a constant angle, the body tilted,
time stretched and turned round. Only the tokeniser learns from this: what follows what is none of its business.
"""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from megadance_live.core.skeleton import LOWER_JOINTS, UPPER_JOINTS
from models.representation import VELOCITY, YAW_RATE
from models.rotation import matrix_from_sixd, rotation_matrix, sixd_from_matrix

F32 = npt.NDArray[np.float32]

_SPINE_AND_HEAD, _LEFT_ARM, _RIGHT_ARM = (3, 6, 9, 12, 15), (13, 16, 18, 20, 22), (14, 17, 19, 21, 23)
_LEFT_LEG, _RIGHT_LEG = (1, 4, 7, 10), (2, 5, 8, 11)
_UPPER_LIMBS = [[UPPER_JOINTS.index(j) for j in limb] for limb in (_SPINE_AND_HEAD, _LEFT_ARM, _RIGHT_ARM)]
_LOWER_LIMBS = [[LOWER_JOINTS.index(j) for j in limb] for limb in (_LEFT_LEG, _RIGHT_LEG)]
_PELVIS = LOWER_JOINTS.index(0)

EXCHANGED = 0.25
"""How often a limb is taken from another window."""
SWING, SWUNG = 0.2, 0.5
"""Spread of the factor (its logarithm) by which swings grow, and how often they do."""
TURN_RAD, TURNED = 0.25, 0.6
"""The most by which every joint is turned (standard deviation), and how often."""
TILT_RAD, TILTED = 0.7, 0.25
"""The same of the pelvis about the horizontal axes: towards the floor."""
SLOWEST, FASTEST, STRETCH = 0.6, 1.6, 0.2
"""Limits and spread of the tempo factor."""
REVERSED = 0.2


def vary(upper: Tensor, lower: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Windows [B, T, 90] and [B, T, 62] as other bodies might move. Height, velocity and contacts stay as they are."""
    return (
        _varied(upper, _UPPER_LIMBS, None, generator),
        _varied(lower, _LOWER_LIMBS, _PELVIS, generator),
    )


def stretched(upper: F32, lower: F32, length: int, place: float, tempo: float, backwards: bool) -> tuple[F32, F32]:
    """A window [length, C] of a clip's channels [T, C] (T > length), begun at `place` (0..1 of what is possible) and
    danced `tempo` times as fast, as far as the clip goes, or backwards."""
    tempo = min(tempo, (len(upper) - 1) / length)
    frames = place * (len(upper) - 1 - tempo * (length - 1)) + tempo * np.arange(length)
    low = np.minimum(np.floor(frames).astype(int), len(upper) - 2)
    t = (frames - low).astype(np.float32)[:, None]
    upper, lower = (part[low] * (1 - t) + part[low + 1] * t for part in (upper, lower))
    rate = tempo
    if backwards:
        upper, lower, rate = upper[::-1].copy(), lower[::-1].copy(), -tempo
    lower[:, VELOCITY] *= rate
    lower[:, YAW_RATE] *= rate
    return upper, lower


def _varied(x: Tensor, limbs: list[list[int]], pelvis: int | None, generator: torch.Generator) -> Tensor:
    def often(share: float, *shape: int) -> Tensor:
        return (torch.rand(shape, generator=generator) < share).float()

    batch, length, _ = x.shape
    joints = sum(len(limb) for limb in limbs) + (pelvis is not None)
    body = x[..., : 6 * joints].reshape(batch, length, joints, 6).clone()
    own = body.clone()
    for limb in limbs:
        other = torch.randperm(batch, generator=generator)
        taken = torch.where(often(EXCHANGED, batch) > 0, other, torch.arange(batch))
        body[:, :, limb] = own[taken][:, :, limb]
    mean = body.mean(1, keepdim=True)
    factor = torch.exp(torch.randn(batch, 1, 1, 1, generator=generator) * SWING * often(SWUNG, batch, 1, 1, 1))
    spread = torch.rand(batch, 1, 1, generator=generator) * TURN_RAD * often(TURNED, batch, 1, 1)
    turn = torch.randn(batch, joints, 3, generator=generator) * spread
    if pelvis is not None:
        tilt = torch.randn(batch, 3, generator=generator) * TILT_RAD * often(TILTED, batch, 1)
        # The heading is not part of the channels: the pelvis tilts, but does not turn.
        turn[:, pelvis] = (turn[:, pelvis] + tilt) * torch.tensor([1.0, 0.0, 1.0])
    matrices = rotation_matrix(turn).unsqueeze(1) @ matrix_from_sixd(mean + factor * (body - mean))
    return torch.cat([sixd_from_matrix(matrices).flatten(2), x[..., 6 * joints :]], dim=-1)
