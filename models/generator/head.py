"""The digits of a token. In a chain each is drawn knowing those before it, lower body first; independently (as
published), the ten digits of a token need not fit each other.

The chain keeps the output layer as small as independent heads (27 logits a half instead of 4,375).
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.blocks.gelu import SCALE, scaled_gelu
from models.generator.config import GeneratorConfig


class DigitHead(nn.Module):
    """Logits of each digit from the hidden state of its half and the embeddings of the digits already known."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        levels = config.levels
        self.count = len(levels)
        self.inputs = nn.ModuleList(nn.Linear(config.model, config.model) for _ in range(2))
        chained = config.digits == "chain"
        self.known = nn.ModuleList(nn.Embedding(n, config.model) for n in levels * 2) if chained else None
        self.mix = nn.ModuleList(nn.Linear(config.model, config.model) for _ in range(2 * self.count))
        self.logits = nn.ModuleList(nn.Linear(config.model, n) for n in levels * 2)

    def forward(
        self, lower: Tensor, upper: Tensor, lower_digits: Tensor, upper_digits: Tensor
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Teacher-forced logits [B, T, level] of each digit, lower half then upper."""
        digits = torch.cat([lower_digits, upper_digits], dim=-1)
        known: Tensor | int = 0
        logits = []
        hidden = [self.inputs[0](lower), self.inputs[1](upper)]
        for index in range(2 * self.count):
            x = F.gelu(hidden[index // self.count] + known)
            logits.append(self.logits[index](F.gelu(self.mix[index](x))))
            if self.known is not None:
                known = known + self.known[index](digits[..., index])
        return logits[: self.count], logits[self.count :]


class HeadStep:
    """Draws one token through a DigitHead, whose weights it holds laid out so that a draw is few operations."""

    def __init__(self, head: DigitHead) -> None:
        self.count = head.count
        self._inputs = [_affine(layer, 1.0, SCALE) for layer in head.inputs]
        self._mix = [_affine(layer, SCALE, SCALE) for layer in head.mix]
        self._logits = [_affine(layer, SCALE, 1.0) for layer in head.logits]
        self._known = [_table(table) for table in head.known] if head.known is not None else None

    def __call__(
        self, lower: Tensor, upper: Tensor, draws: Sequence[float], temperature: float
    ) -> tuple[Tensor, Tensor]:
        """Digits [D] of both halves (lower, upper) from hidden states [model]; `draws` [2 D] in 0..1 decide, by
        inversion of the distribution, so that the same draws give the same dance. Temperature 0: the likeliest."""
        digits: list[int] = []
        for half, state in enumerate((lower, upper)):
            bias, weight = self._inputs[half]
            hidden = torch.addmv(bias, weight, state)
            if half and self._known is not None:
                for table, digit in zip(self._known, digits, strict=False):
                    hidden = hidden + table[digit]
            for index in range(half * self.count, (half + 1) * self.count):
                mixed = torch.addmv(self._mix[index][0], self._mix[index][1], scaled_gelu(hidden))
                logits = torch.addmv(self._logits[index][0], self._logits[index][1], scaled_gelu(mixed))
                digit = _drawn(logits.tolist(), draws[index], temperature)
                digits.append(digit)
                if self._known is not None:
                    hidden = hidden + self._known[index][digit]
        return torch.tensor(digits[: self.count]), torch.tensor(digits[self.count :])


def _drawn(logits: list[float], draw: float, temperature: float) -> int:
    """Plain numbers: for a handful of them nothing is faster."""
    greatest = max(logits)
    if temperature <= 0:
        return logits.index(greatest)
    cumulative = list(accumulate(math.exp((logit - greatest) / temperature) for logit in logits))
    return min(bisect_left(cumulative, draw * cumulative[-1]), len(logits) - 1)


def _affine(layer: nn.Module, given: float, made: float) -> tuple[Tensor, Tensor]:
    """Bias and weight for inputs that are larger by 1 / given, and outputs that are to be larger by `made`."""
    assert isinstance(layer, nn.Linear)
    return layer.bias.detach() * made, layer.weight.detach() * (given * made)


def _table(layer: nn.Module) -> Sequence[Tensor]:
    assert isinstance(layer, nn.Embedding)
    return (layer.weight.detach() * SCALE).unbind()
