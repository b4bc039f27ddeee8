"""The genre classifier: which genre a stretch of dance is, and the style features of FID_s and DIV_s.

Unlike MEGADance's (whose input holds the absolute place on the stage) it sees joints relative to the pelvis, with the
heading taken out, and their velocities: it can tell genres by how the body moves, not by where. Its penultimate layer
is the style feature.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from megadance_live.core.motion import FRAME_RATE_HZ
from megadance_live.core.skeleton import JOINT_COUNT
from models.evaluation.motion import Motion

STYLE_SIZE = 64
_CHANNELS = 2 * 3 * (JOINT_COUNT - 1)


@dataclass(frozen=True, kw_only=True)
class GenreConfig:
    """`genres` in the order of the outputs."""

    genres: tuple[str, ...]
    widths: tuple[int, ...] = (96, 96, 128)
    dropout: float = 0.3


@dataclass(frozen=True)
class Seen:
    """What the classifier makes of stretches of dance: style features [n, 64] and probabilities [n, genres]."""

    style: npt.NDArray[np.float64]
    probability: npt.NDArray[np.float64]


class GenreNet(nn.Module):
    """Three strided convolutions over time, a mean over time, and two layers on top. Any length from 2 s on."""

    mean: Tensor
    std: Tensor

    def __init__(self, config: GenreConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("mean", torch.zeros(_CHANNELS))
        self.register_buffer("std", torch.ones(_CHANNELS))
        sizes = (_CHANNELS, *config.widths)
        self.layers = nn.ModuleList(nn.Conv1d(a, b, 5, stride=2, padding=2) for a, b in pairwise(sizes))
        self.dropout = nn.Dropout(config.dropout)
        self.style = nn.Linear(config.widths[-1], STYLE_SIZE)
        self.genre = nn.Linear(STYLE_SIZE, len(config.genres))

    def forward(self, local_joints_m: Tensor) -> tuple[Tensor, Tensor]:
        """Style [B, 64] and logits [B, genres] of root-relative joints [B, T, 24, 3]."""
        x = ((channels_of(local_joints_m) - self.mean) / self.std).transpose(1, 2)
        for layer in self.layers:
            x = self.dropout(F.gelu(layer(x)))
        style: Tensor = F.gelu(self.style(x.mean(dim=-1)))
        return style, self.genre(self.dropout(style))


def channels_of(local_joints_m: Tensor) -> Tensor:
    """Places and velocities [B, T - 1, 138] of root-relative joints [B, T, 24, 3]; the pelvis is always 0."""
    places = local_joints_m[:, :, 1:].flatten(2)
    return torch.cat([places[:, 1:], (places[:, 1:] - places[:, :-1]) * FRAME_RATE_HZ], dim=-1)


@torch.no_grad()
def see(net: GenreNet, windows: list[Motion]) -> Seen:
    """What the classifier makes of stretches of the same length."""
    if not windows:
        return Seen(np.zeros((0, STYLE_SIZE)), np.zeros((0, len(net.config.genres))))
    joints = torch.from_numpy(np.stack([window.local_joints_m() for window in windows]).astype(np.float32))
    parts = [net.eval()(batch.to(net.mean.device)) for batch in torch.split(joints, 64)]
    style = torch.cat([part[0] for part in parts]).double().cpu().numpy()
    probability = torch.softmax(torch.cat([part[1] for part in parts]).double(), dim=-1).cpu().numpy()
    return Seen(style, probability)


def parameters_of(net: GenreNet) -> int:
    return sum(p.numel() for p in net.parameters())


def described(net: GenreNet) -> dict[str, object]:
    """The configuration as JSON can hold it."""
    return asdict(net.config)
