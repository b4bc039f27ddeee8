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


class _Scan(torch.autograd.Function):
    """y[t] = c[t] h[t] of h[t] = exp(delta[t] a) h[t-1] + delta[t] b[t] u[t] from h[-1] = 0, time
    first, one pass each way.

    At the lengths of training, a loop whose every step stays in the processor's cache is several times as fast on a CPU
    as doubling and chunked scans, and twice as fast as a loop over what was computed for all steps before.
    """

    @staticmethod
    def forward(ctx: Any, u: Tensor, delta: Tensor, a: Tensor, b: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        decay = torch.exp(delta.unsqueeze(-1) * a)  # [L, B, D, N]
        driven = delta * u
        states = driven.unsqueeze(-1) * b.unsqueeze(2)
        h = torch.zeros_like(decay[0])
        for driven_t, decay_t in zip(states.unbind(), decay.unbind(), strict=True):
            h = driven_t.addcmul_(decay_t, h)
        y = torch.einsum("lbdn,lbn->lbd", states, c)
        ctx.save_for_backward(u, delta, a, b, c, decay, states)
        last = h.clone()
        ctx.mark_non_differentiable(last)
        return y, last

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, ...]:
        u, delta, a, b, c, decay, states = ctx.saved_tensors
        grad_y = grads[0].contiguous()
        driven = delta * u
        grad_driven, grad_delta, grad_a = torch.empty_like(u), torch.zeros_like(delta), torch.zeros_like(a)
        grad_b, grad_c = torch.empty_like(b), torch.empty_like(c)
        later = torch.zeros_like(states[0])
        for t in range(len(u) - 1, -1, -1):
            grad_h = torch.addcmul(later, grad_y[t].unsqueeze(-1), c[t].unsqueeze(1))
            torch.bmm(grad_y[t].unsqueeze(1), states[t], out=grad_c[t].unsqueeze(1))
            torch.bmm(driven[t].unsqueeze(1), grad_h, out=grad_b[t].unsqueeze(1))
            torch.bmm(grad_h, b[t].unsqueeze(-1), out=grad_driven[t].unsqueeze(-1))
            if t:
                later = grad_h * decay[t]
                grad_exponent = later * states[t - 1]
                grad_delta[t] = (grad_exponent * a).sum(-1)
                grad_a += (grad_exponent * delta[t].unsqueeze(-1)).sum(0)
        return grad_driven * delta, grad_delta.addcmul_(grad_driven, u), grad_a, grad_b, grad_c


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
    timed = (part.transpose(0, 1).contiguous() for part in (u, delta))
    chosen = (part.transpose(0, 1).contiguous() for part in (b, c))
    # A running sum of hundreds of steps is no place for half precision.
    with torch.autocast(u.device.type, enabled=False):
        y, last = _Scan.apply(*timed, a, *chosen)  # type: ignore[no-untyped-call]
    return (y.transpose(0, 1) + d * u) * F.silu(z), last


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
