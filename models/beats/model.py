"""The network: a causal convolutional network whose blocks look ever further back, and one read-out for all.

After the temporal convolutional networks for beat tracking of Davies & Boeck (EUSIPCO 2019), made causal.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.beats.config import BeatNetConfig

_RARE = -3.0
"""Logit from which the activations of beats start."""
_DROPOUT = 0.1


@dataclass(frozen=True)
class Activations:
    """Logits: `beat` and `downbeat` [B, T]; `tempo` [B, T / group, tempi + 1], `metre` [B, T / group, metres + 1]."""

    beat: Tensor
    downbeat: Tensor
    tempo: Tensor
    metre: Tensor


class Block(nn.Module):
    """[B, channels, T] -> the same, with what was `dilation` steps apart in the past added."""

    def __init__(self, channels: int, kernel: int, dilation: int) -> None:
        super().__init__()
        self.look = nn.Conv1d(channels, channels, kernel, dilation=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)
        self.dropout = nn.Dropout1d(_DROPOUT)
        self.reach = (kernel - 1) * dilation
        with torch.no_grad():
            self.mix.weight *= 0.5

    def forward(self, x: Tensor) -> Tensor:
        seen = functional.silu(self.look(functional.pad(x, (self.reach, 0))))
        added: Tensor = x + self.mix(self.dropout(seen))
        return added


class BeatNet(nn.Module):
    """Inputs [B, T, inputs] -> Activations. Nothing of a group of frames depends on later groups."""

    mean: Tensor
    std: Tensor

    def __init__(self, config: BeatNetConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("mean", torch.zeros(config.inputs))
        self.register_buffer("std", torch.ones(config.inputs))
        self.inward = nn.Linear(config.group * config.inputs, config.channels)
        self.blocks = nn.ModuleList(Block(config.channels, config.kernel, 2**k) for k in range(config.blocks))
        self.outward = nn.Linear(config.channels, sum(config.outputs))
        with torch.no_grad():
            self.outward.bias[: 2 * config.group] = _RARE

    def forward(self, inputs: Tensor) -> Activations:
        batch, frames, _ = inputs.shape
        grouped = ((inputs - self.mean) / self.std).reshape(batch, frames // self.config.group, -1)
        x = functional.silu(self.inward(grouped)).transpose(1, 2)
        for block in self.blocks:
            x = block(x)
        beat, downbeat, tempo, metre = self.outward(x.transpose(1, 2)).split(self.config.outputs, dim=-1)
        return Activations(beat.reshape(batch, -1), downbeat.reshape(batch, -1), tempo, metre)
