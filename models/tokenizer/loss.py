"""The tokeniser's loss: SMPL parameters, joint positions through forward kinematics, their first (0.5) and second
(0.25) differences (MEGADance section 3.2), the integrated root, and foot contact. Two terms are ours.

Third differences: a causal decoder learns something new with every token and mends its course there; without them the
dance is twice as jerky where tokens meet as within. Pace, the mean speed of each joint over half a second: whoever is
not sure where a limb is does best, by all the other terms, to move it less, and the dance comes back smaller and slower
than it went in."""

from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from megadance_live.core.skeleton import JOINT_COUNT, LOWER_JOINTS, UPPER_JOINTS
from models.kinematics import joint_positions
from models.representation import CONTACT_JOINTS, CONTACTS, HEIGHT, LOWER_SIXD, VELOCITY, YAW_RATE
from models.rotation import matrix_from_sixd, yaw_matrix

VELOCITY_WEIGHT = 0.5
ACCELERATION_WEIGHT = 0.25
PACE_FRAMES = 16
"""Over so many frames, and again from half of them on, joints must be as fast as they were."""


def dynamic_l1(
    predicted: Tensor, target: Tensor, weight: Tensor | None = None, *, dynamic: bool = True, jerk: float = 0.0
) -> Tensor:
    """L1 of [B, T, ...] and, if `dynamic`, of its first and second and, weighed with `jerk`, third differences; weight
    [B] scales clips."""
    error = predicted - target
    parts = [error.abs()]
    if dynamic:
        first = error[:, 1:] - error[:, :-1]
        second = first[:, 1:] - first[:, :-1]
        parts += [VELOCITY_WEIGHT * first.abs(), ACCELERATION_WEIGHT * second.abs()]
        if jerk:
            parts.append(jerk * (second[:, 1:] - second[:, :-1]).abs())
    if weight is None:
        return torch.stack([p.mean() for p in parts]).sum()
    return torch.stack([(p.flatten(1).mean(1) * weight).mean() for p in parts]).sum()


def mean_speeds(joints: Tensor) -> Tensor:
    """[B, 24, n] a frame, of joint positions [B, T, 24, 3]."""
    speeds = (joints[:, 1:] - joints[:, :-1]).norm(dim=-1).transpose(1, 2)
    return F.avg_pool1d(speeds, PACE_FRAMES, PACE_FRAMES // 2)


def rotations_of(upper: Tensor, lower: Tensor) -> Tensor:
    """Local rotation matrices [..., 24, 3, 3], the pelvis without heading."""
    sixd = upper.new_zeros(*upper.shape[:-1], JOINT_COUNT, 6)
    sixd[..., list(UPPER_JOINTS), :] = upper.reshape(*upper.shape[:-1], -1, 6)
    sixd[..., list(LOWER_JOINTS), :] = lower[..., :LOWER_SIXD].reshape(*lower.shape[:-1], -1, 6)
    return matrix_from_sixd(sixd)


def root_path(lower: Tensor) -> tuple[Tensor, Tensor]:
    """Heading [B, T] and pelvis [B, T, 3] integrated from the start of the window."""
    heading = torch.cumsum(lower[..., YAW_RATE], dim=1)
    velocity = lower[..., VELOCITY]
    flat = torch.stack([velocity[..., 0], torch.zeros_like(heading), velocity[..., 1]], dim=-1)
    step = (yaw_matrix(heading) @ flat.unsqueeze(-1)).squeeze(-1)
    path = torch.cumsum(step, dim=1)
    height = torch.stack([torch.zeros_like(heading), lower[..., HEIGHT], torch.zeros_like(heading)], dim=-1)
    return heading, path + height


def tokenizer_loss(
    upper: Tensor,
    lower: Tensor,
    target_upper: Tensor,
    target_lower: Tensor,
    travel: Tensor,
    *,
    kinematic: bool = True,
    dynamic: bool = True,
    jerk: float = 0.0,
    pace: float = 0.0,
) -> tuple[Tensor, dict[str, Tensor]]:
    """Loss of aligned channels [B, T, C]. `travel` [B] weights the horizontal root of each clip (0..1: how much its
    travel can be trusted). Without `kinematic`, nothing that is computed from joint positions or the integrated root
    is compared; without `dynamic`, no differences; third ones count `jerk`, and with both the pace counts `pace`. Also
    returns the parts, and `mae_m` and `mpjpe_m`: mean joint error, root-relative, heading free."""
    contact_logits = 4.0 * (lower[..., CONTACTS] - 0.5)
    truth = target_lower[..., CONTACTS]
    joints = joint_positions(rotations_of(upper, lower))
    target_joints = joint_positions(rotations_of(target_upper, target_lower))
    heading, path = root_path(lower)
    target_heading, target_path = root_path(target_lower)
    world = (yaw_matrix(heading).unsqueeze(2) @ joints[:, :, CONTACT_JOINTS, :, None]).squeeze(-1) + path.unsqueeze(2)
    slide = (world[:, 1:] - world[:, :-1]).norm(dim=-1) * (truth[:, 1:] * truth[:, :-1])
    l1 = partial(dynamic_l1, dynamic=dynamic, jerk=jerk)
    parts = {
        "pose": l1(upper, target_upper) + l1(lower[..., :LOWER_SIXD], target_lower[..., :LOWER_SIXD]),
        "height": 6.0 * l1(lower[..., HEIGHT], target_lower[..., HEIGHT]),
        "root": 10.0 * l1(lower[..., VELOCITY], target_lower[..., VELOCITY], travel)
        + 5.0 * l1(lower[..., YAW_RATE], target_lower[..., YAW_RATE]),
        "contact": 0.1 * F.binary_cross_entropy_with_logits(contact_logits, truth),
    }
    if kinematic:
        parts |= {
            "joints": 6.0 * l1(joints, target_joints),
            "path": 0.5 * ((path - target_path).abs().mean((1, 2)) * travel).mean()
            + 0.3 * (heading - target_heading).abs().mean(),
            "slide": 10.0 * slide.mean(),
        }
        if dynamic and pace:
            parts["pace"] = pace * (mean_speeds(joints) - mean_speeds(target_joints)).abs().mean()
    loss = torch.stack(list(parts.values())).sum()
    report = {name: part.detach() for name, part in parts.items()}
    report["mae_m"] = (joints - target_joints).detach().abs().mean()
    report["mpjpe_m"] = (joints - target_joints).detach().norm(dim=-1).mean()
    return loss, report
