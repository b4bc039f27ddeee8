"""Weights as they are stored: in half precision, those of the encoders in eight bits.

Encoders only serve training and evaluation. A row's own scale leaves an error of 1/254 of its greatest weight at most,
as much as the training's bf16 has.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

_SCALE = ".scale"


def packed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """As stored. Matrices of encoders become int8 [n, ...] beside a scale for each row, NAME.scale [n]."""
    stored: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            stored[name] = tensor.contiguous()
        elif ".encoder." in name and tensor.ndim >= 2:
            scale = tensor.float().flatten(1).abs().amax(1).clamp(min=1e-8) / 127
            stored[name] = (tensor.float() / _each_row(scale, tensor)).round().to(torch.int8)
            stored[name + _SCALE] = scale
        else:
            stored[name] = tensor.half().contiguous()
    return stored


def unpacked(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """In single precision, from `packed` or from half precision alone. Raises KeyError where a scale is missing."""
    return {
        name: tensor.float() * _each_row(stored[name + _SCALE].float(), tensor)
        if tensor.dtype == torch.int8
        else tensor.float()
        for name, tensor in stored.items()
        if not name.endswith(_SCALE)
    }


def _each_row(scale: Tensor, tensor: Tensor) -> Tensor:
    return scale.view(-1, *(1 for _ in tensor.shape[1:]))
