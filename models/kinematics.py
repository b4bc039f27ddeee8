"""Forward kinematics of the built-in skeleton in torch, one level of the tree at a time."""

import torch
from torch import Tensor

from megadance_live.core.skeleton import JOINT_COUNT, PARENTS, REST_OFFSETS_M


def _levels() -> list[list[int]]:
    depth = [0] * JOINT_COUNT
    for joint in range(1, JOINT_COUNT):
        depth[joint] = depth[PARENTS[joint]] + 1
    return [[j for j in range(JOINT_COUNT) if depth[j] == level] for level in range(1, max(depth) + 1)]


_LEVELS = _levels()
_OFFSETS_M = torch.from_numpy(REST_OFFSETS_M.copy())


def joint_positions(rotations: Tensor) -> Tensor:
    """Positions [..., 24, 3] relative to the pelvis, m, from local rotation matrices [..., 24, 3, 3]."""
    offsets = _OFFSETS_M.to(rotations)
    world: dict[int, Tensor] = {0: rotations[..., 0, :, :]}
    position: dict[int, Tensor] = {0: torch.zeros_like(rotations[..., 0, :, 0])}
    for level in _LEVELS:
        parents = torch.stack([world[PARENTS[j]] for j in level], dim=-3)
        origin = torch.stack([position[PARENTS[j]] for j in level], dim=-2)
        moved = origin + (parents * offsets[level].unsqueeze(-2)).sum(-1)
        turned = parents @ rotations[..., level, :, :]
        for i, joint in enumerate(level):
            world[joint] = turned[..., i, :, :]
            position[joint] = moved[..., i, :]
    return torch.stack([position[j] for j in range(JOINT_COUNT)], dim=-2)
