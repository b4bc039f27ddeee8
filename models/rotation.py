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


def sixd_from_matrix(matrix: Tensor) -> Tensor:
    """[..., 3, 3] -> [..., 6]."""
    return torch.cat([matrix[..., :, 0], matrix[..., :, 1]], dim=-1)


def rotation_matrix(vector: Tensor) -> Tensor:
    """Rodrigues' formula: axis times angle [..., 3], rad -> [..., 3, 3]."""
    angle = vector.norm(dim=-1, keepdim=True).clamp(min=1e-8)
    x, y, z = (vector / angle).unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], dim=-1).reshape(*x.shape, 3, 3)
    sine, cosine = torch.sin(angle).unsqueeze(-1), torch.cos(angle).unsqueeze(-1)
    return torch.eye(3).to(vector) + sine * cross + (1 - cosine) * (cross @ cross)


def yaw_matrix(angle: Tensor) -> Tensor:
    """Rotation about Y; [...] -> [..., 3, 3]."""
    c, s = torch.cos(angle), torch.sin(angle)
    zero, one = torch.zeros_like(c), torch.ones_like(c)
    rows = [c, zero, s, zero, one, zero, -s, zero, c]
    return torch.stack(rows, dim=-1).reshape(*angle.shape, 3, 3)
