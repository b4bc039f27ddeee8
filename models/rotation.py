"""Rotations in torch, differentiable. D six numbers [..., 6], the first two columns of M [..., 3, 3]
(Zhou et al., CVPR 2019, section 4), as in core/quaternion.py."""

import torch
from torch import Tensor
from torch.nn import functional as F


def matrix_from_sixd(d: Tensor) -> Tensor:
    """Gram-Schmidt; [..., 6] -> [..., 3, 3]."""
    a, b = d[..., :3], d[..., 3:]
    x = F.normalize(a, dim=-1, eps=1e-6)
    y = F.normalize(b - (x * b).sum(-1, keepdim=True) * x, dim=-1, eps=1e-6)
    z = torch.linalg.cross(x, y)
    return torch.stack([x, y, z], dim=-1)


def yaw_matrix(angle: Tensor) -> Tensor:
    """Rotation about Y; [...] -> [..., 3, 3]."""
    c, s = torch.cos(angle), torch.sin(angle)
    zero, one = torch.zeros_like(c), torch.ones_like(c)
    rows = [c, zero, s, zero, one, zero, -s, zero, c]
    return torch.stack(rows, dim=-1).reshape(*angle.shape, 3, 3)
