"""Mamba, the selective state space layer (Gu & Dao 2023, algorithm 2 and section 3.4), with the parameter names of
mamba-ssm. `forward` runs a whole sequence, `step` one item with a cache; they agree.

Letters of the paper: B batch, L length, D inner channels (expand x model), N state size, R rank of delta.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class _LinearRecurrence(torch.autograd.Function):
    """h[t] = a[t] h[t-1] + b[t] from h[-1] = 0, over the first axis. One pass each way, without a graph of L nodes."""

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


@dataclass(frozen=True)
class MambaCache:
    """`conv` [B, D, d_conv - 1]: the latest inputs of the convolution; `ssm` [B, D, N]: the state h."""

    conv: Tensor
    ssm: Tensor


class Mamba(nn.Module):
    """[B, L, model] -> [B, L, model], causal."""

    def __init__(self, model: int, state: int = 16, conv: int = 4, expand: int = 2) -> None:
        super().__init__()
        inner = expand * model
        self.inner, self.state, self.conv = inner, state, conv
        self.rank = math.ceil(model / 16)
        self.in_proj = nn.Linear(model, 2 * inner, bias=False)
        self.conv1d = nn.Conv1d(inner, inner, conv, groups=inner)
        self.x_proj = nn.Linear(inner, self.rank + 2 * state, bias=False)
        self.dt_proj = nn.Linear(self.rank, inner)
        self.A_log = nn.Parameter(torch.log(torch.arange(1, state + 1, dtype=torch.float32)).repeat(inner, 1))
        self.D = nn.Parameter(torch.ones(inner))
        self.out_proj = nn.Linear(inner, model, bias=False)
        self._initialise_delta()

    def _initialise_delta(self) -> None:
        """Time steps log-uniform in 0.001..0.1 after the softplus (section 3.6)."""
        nn.init.uniform_(self.dt_proj.weight, -(self.rank**-0.5), self.rank**-0.5)
        delta = torch.exp(torch.rand(self.inner) * math.log(100.0) + math.log(1e-3))
        with torch.no_grad():
            self.dt_proj.bias.copy_(delta + torch.log(-torch.expm1(-delta)))

    def initial_cache(self, batch: int) -> MambaCache:
        new = self.D.new_zeros
        return MambaCache(new(batch, self.inner, self.conv - 1), new(batch, self.inner, self.state))

    def forward(self, x: Tensor) -> tuple[Tensor, MambaCache]:
        """Also returns the cache with which `step` goes on."""
        u, z = self.in_proj(x).chunk(2, dim=-1)  # [B, L, D] each
        padded = F.pad(u.transpose(1, 2), (self.conv - 1, 0))  # [B, D, L + conv - 1]
        u = F.silu(self.conv1d(padded)).transpose(1, 2).float()
        delta, b, c = self._selection(u)
        # Time first, so that the recurrence runs over contiguous slices.
        decay = torch.exp(delta.transpose(0, 1).unsqueeze(-1) * -torch.exp(self.A_log))  # [L, B, D, N]
        driven = (delta * u).transpose(0, 1).unsqueeze(-1) * b.transpose(0, 1).unsqueeze(2)
        h = linear_recurrence(decay, driven)  # [L, B, D, N]
        y = (h @ c.transpose(0, 1).unsqueeze(-1)).squeeze(-1).transpose(0, 1) + self.D * u
        out: Tensor = self.out_proj(y * F.silu(z.float()))
        return out, MambaCache(padded[..., x.shape[1] :], h[-1])

    def step(self, x: Tensor, cache: MambaCache) -> tuple[Tensor, MambaCache]:
        """x [B, model] -> y [B, model] and the next cache."""
        u, z = self.in_proj(x).chunk(2, dim=-1)  # [B, D] each
        window = torch.cat([cache.conv, u.unsqueeze(-1)], dim=-1)  # [B, D, conv]
        assert self.conv1d.bias is not None
        # Written out: a grouped convolution of one step is slow.
        u = F.silu((window * self.conv1d.weight[:, 0]).sum(-1) + self.conv1d.bias)
        delta, b, c = self._selection(u)
        decay = torch.exp(delta.unsqueeze(-1) * -torch.exp(self.A_log))
        h = decay * cache.ssm + (delta * u).unsqueeze(-1) * b.unsqueeze(1)
        y = (h * c.unsqueeze(1)).sum(-1) + self.D * u
        out: Tensor = self.out_proj(y * F.silu(z))
        return out, MambaCache(window[..., 1:], h)

    def _selection(self, u: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Delta [..., D], B [..., N] and C [..., N] from the input itself (section 3.2)."""
        projected = self.x_proj(u).float()
        low, b, c = projected.split([self.rank, self.state, self.state], dim=-1)
        delta = F.softplus(self.dt_proj(low).float())
        return delta, b, c
