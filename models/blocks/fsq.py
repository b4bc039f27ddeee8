"""Finite scalar quantisation (Mentzer et al., ICLR 2024, section 3): each dimension is bounded and rounded."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class FSQ(nn.Module):
    """Quantises [..., D] to D digits, digit d in 0..levels[d]-1. Has no parameters and no loss of its own."""

    bound: Tensor
    offset: Tensor
    shift: Tensor
    middle: Tensor

    def __init__(self, levels: Sequence[int]) -> None:
        super().__init__()
        self.levels = tuple(levels)
        counts = torch.tensor(self.levels, dtype=torch.float32)
        # Even counts have no middle level: shift the bound by half a step (section 3, "bounding function").
        half = (counts - 1) * (1 + 1e-3) / 2
        offset = torch.where(counts % 2 == 0, 0.5, 0.0)
        self.register_buffer("bound", half, persistent=False)
        self.register_buffer("offset", offset, persistent=False)
        self.register_buffer("shift", torch.atanh(offset / half), persistent=False)
        self.register_buffer("middle", torch.floor(counts / 2), persistent=False)

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor]:
        """Codes [..., D] in -1..1, with straight-through gradient, and digits int64 [..., D]."""
        z = z.float()
        bounded = torch.tanh(z + self.shift) * self.bound - self.offset
        rounded = bounded + (torch.round(bounded) - bounded).detach()
        digits = (torch.round(bounded) + self.middle).long()
        return rounded / self.middle.clamp(min=1), digits

    def codes(self, digits: Tensor) -> Tensor:
        """Codes [..., D] of digits [..., D]; codes(digits) == the codes that forward gave with them."""
        return (digits.float() - self.middle) / self.middle.clamp(min=1)
