"""The selective scan at the heart of Mamba: by mamba-ssm's fused kernels for tensors on a GPU where they are installed,
by ours elsewhere. Both compute the same.

Letters of the paper (Gu & Dao 2023): B batch, L length, D inner channels, N state size.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


class _LinearRecurrence(torch.autograd.Function):
    """h[t] = a[t] h[t-1] + b[t] from h[-1] = 0, over the first axis. One pass each way, without a graph of L nodes.

    At the lengths of training, doubling and chunked scans take several times as long as this loop on a CPU."""

    @staticmethod
    def forward(ctx: Any, a: Tensor, b: Tensor) -> Tensor:
        h = torch.empty_like(b)
        carried = torch.zeros_like(b[0])
        for t in range(len(b)):
            carried = torch.addcmul(b[t], a[t], carried, out=h[t])
        ctx.save_for_backward(a, h)
        return h

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor]:
        a, h = ctx.saved_tensors
        grad_b = torch.empty_like(grads[0])
        carried = grads[0][-1]
        grad_b[-1] = carried
        for t in range(len(h) - 2, -1, -1):
            carried = torch.addcmul(grads[0][t], a[t + 1], carried, out=grad_b[t])
        grad_a = torch.zeros_like(a)
        grad_a[1:] = grad_b[1:] * h[:-1]
        return grad_a, grad_b


def linear_recurrence(a: Tensor, b: Tensor) -> Tensor:
    """h [L, ...] of h[t] = a[t] h[t-1] + b[t], h[-1] = 0; differentiable in a and b."""
    h: Tensor = _LinearRecurrence.apply(a.contiguous(), b.contiguous())  # type: ignore[no-untyped-call]
    return h


def selective_scan(
    u: Tensor, delta: Tensor, a: Tensor, b: Tensor, c: Tensor, d: Tensor, z: Tensor
) -> tuple[Tensor, Tensor]:
    """y [B, L, D], gated by silu(z), and the last state h [B, D, N], where h[t] = exp(delta[t] a) h[t-1] +
    delta[t] b[t] u[t] and y[t] = c[t] h[t] + d u[t]. Takes u, delta and z [B, L, D], a [D, N], b and c [B, L, N],
    d [D]."""
    fused = fused_scan() if u.is_cuda else None
    if fused is not None:
        u, delta, b, c, z = (part.float().transpose(1, 2).contiguous() for part in (u, delta, b, c, z))
        y, last = fused(u, delta, a.float(), b, c, d.float(), z=z, return_last_state=True)
        return y.transpose(1, 2), last
    # Time first, so that the recurrence runs over contiguous slices.
    decay = torch.exp(delta.transpose(0, 1).unsqueeze(-1) * a)  # [L, B, D, N]
    driven = (delta * u).transpose(0, 1).unsqueeze(-1) * b.transpose(0, 1).unsqueeze(2)
    h = linear_recurrence(decay, driven)  # [L, B, D, N]
    y = (h @ c.transpose(0, 1).unsqueeze(-1)).squeeze(-1).transpose(0, 1) + d * u
    return y * F.silu(z), h[-1]


def causal_conv_silu(u: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """silu of a causal convolution of each channel with its own taps: u [B, D, L], weight [D, 1, K], bias [D]."""
    fused = fused_conv() if u.is_cuda else None
    if fused is not None:
        y: Tensor = fused(u.contiguous(), weight.squeeze(1), bias, activation="silu")
        return y
    padded = F.pad(u, (weight.shape[-1] - 1, 0))
    return F.silu(F.conv1d(padded, weight, bias, groups=len(weight)))


@cache
def fused_scan() -> Callable[..., Any] | None:
    """mamba-ssm's selective scan, if it is installed and fits this torch."""
    return _function("mamba_ssm.ops.selective_scan_interface", "selective_scan_fn")


@cache
def fused_conv() -> Callable[..., Any] | None:
    """The causal convolution that comes with it."""
    return _function("causal_conv1d", "causal_conv1d_fn")


def _function(module: str, name: str) -> Callable[..., Any] | None:
    # A build for another torch or CUDA fails with other errors than a missing one.
    try:
        found = getattr(import_module(module), name)
    except (ImportError, OSError, RuntimeError, AttributeError):
        return None
    return found if callable(found) else None
