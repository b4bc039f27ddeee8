"""GELU in the fewest cheap operations, for steps of a few numbers, where starting an operation costs most of all.

GELU(x) = x (1 + erf(x / sqrt 2)) / 2. With v = x / sqrt 2 it is (v + v erf(v)) / sqrt 2: whoever computes v instead of
x, and takes the other factor into the weights that come next, has two operations left.
"""

import math

import torch
from torch import Tensor

SCALE = math.sqrt(0.5)
"""What must be given, of what GELU would be given; and by how much the weights that come next must shrink."""


def scaled_gelu(v: Tensor) -> Tensor:
    """GELU(v / SCALE) / SCALE."""
    return torch.addcmul(v, v, torch.erf(v))
