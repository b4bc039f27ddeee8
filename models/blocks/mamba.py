"""Mamba, the selective state space layer (Gu & Dao 2023, algorithm 2 and section 3.4), with the parameter names of
mamba-ssm. `Mamba` runs a whole sequence, `MambaStep` one item of several Mambas with a cache; they agree.

Letters of the paper: B batch, L length, D inner channels (expand x model), N state size, R rank of delta.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.blocks.scan import causal_conv_silu, selective_scan


@dataclass(frozen=True)
class MambaCache:
    """Of several samples or several Mambas, B: `conv` [B, d_conv - 1, D], the latest inputs of the convolution; `ssm`
    [B, D, N], the state h."""

    conv: Tensor
    ssm: Tensor


class Mamba(nn.Module):
    """[B, L, model] -> [B, L, model], causal."""

    def __init__(self, model: int, state: int = 16, conv: int = 4, expand: int = 2) -> None:
        super().__init__()
        inner = expand * model
        self.inner, self.state, self.conv = inner, state, conv
        self.rank = math.ceil(model / 16)
        self.split = [self.rank, state, state]
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

    def forward(self, x: Tensor) -> tuple[Tensor, MambaCache]:
        """Also returns the cache with which a step goes on."""
        u, z = self.in_proj(x).chunk(2, dim=-1)  # [B, L, D] each
        latest = F.pad(u, (0, 0, self.conv - 1, 0))[:, x.shape[1] :]
        u = causal_conv_silu(u.transpose(1, 2), self.conv1d.weight, _bias_of(self.conv1d)).transpose(1, 2)
        # Autocast may have narrowed what came out of the products; the state is at least single.
        wide = torch.promote_types(u.dtype, torch.float32)
        low, b, c = torch.split_with_sizes(self.x_proj(u.to(wide)).to(wide), self.split, -1)
        delta = F.softplus(self.dt_proj(low).to(wide))
        y, h = selective_scan(u.to(wide), delta, -torch.exp(self.A_log), b, c, self.D, z.to(wide))
        out: Tensor = self.out_proj(y)
        return out, MambaCache(latest, h)


class MambaStep:
    """One item more of several Mambas of one size, each behind a LayerNorm of its own, for one sample. Their weights
    are stacked, so that all are stepped at once."""

    def __init__(self, norms: Sequence[nn.LayerNorm], mambas: Sequence[Mamba]) -> None:
        first = mambas[0]
        self._model = first.out_proj.out_features
        self._eps = norms[0].eps
        self._conv_size = first.conv

        def stacked(each: Callable[[Mamba], Tensor]) -> Tensor:
            return torch.stack([each(mamba).detach() for mamba in mambas]).contiguous()

        # What the norms scale and shift goes into the weights that they feed.
        weights = stacked(lambda mamba: mamba.in_proj.weight.T)  # [S, model, 2 D]
        self._in = weights * torch.stack([norm.weight.detach() for norm in norms]).unsqueeze(-1)
        self._in_bias = torch.stack([norm.bias.detach() for norm in norms]).unsqueeze(1) @ weights
        self._conv = stacked(lambda mamba: mamba.conv1d.weight[:, 0].T)  # [S, d_conv, D]
        self._conv_bias = stacked(lambda mamba: _bias_of(mamba.conv1d))
        # Delta, B and C in one product: the two that make delta are one.
        low, rest = stacked(lambda mamba: mamba.x_proj.weight.T).split_with_sizes([first.rank, 2 * first.state], -1)
        self._select = torch.cat([low @ stacked(lambda mamba: mamba.dt_proj.weight.T), rest], dim=-1)
        self._delta_bias = stacked(lambda mamba: mamba.dt_proj.bias.unsqueeze(0))
        self._split = [first.inner, first.state, first.state]
        self._a = stacked(lambda mamba: -torch.exp(mamba.A_log))
        self._d = stacked(lambda mamba: mamba.D.unsqueeze(0))
        self._out = stacked(lambda mamba: mamba.out_proj.weight.T)

    def initial_cache(self) -> MambaCache:
        count, inner, state = self._a.shape
        return MambaCache(self._a.new_zeros(count, self._conv_size - 1, inner), self._a.new_zeros(count, inner, state))

    def __call__(self, x: Tensor, cache: MambaCache) -> tuple[Tensor, MambaCache]:
        """x [S, model], one row for each Mamba, -> the same shape and the next cache."""
        normal = torch.layer_norm(x, (self._model,), eps=self._eps).unsqueeze(1)
        u, z = torch.baddbmm(self._in_bias, normal, self._in).chunk(2, -1)  # [S, 1, D] each
        window = torch.cat([cache.conv, u], dim=1)  # [S, d_conv, D]
        u = F.silu((window * self._conv).sum(1) + self._conv_bias).unsqueeze(1)
        delta, b, c = torch.split_with_sizes(torch.bmm(u, self._select), self._split, -1)
        delta = F.softplus(delta + self._delta_bias)
        decay = torch.exp(delta.transpose(1, 2) * self._a)  # [S, D, N]
        h = torch.addcmul(decay * cache.ssm, (delta * u).transpose(1, 2), b)
        y = torch.addcmul(torch.bmm(c, h.transpose(1, 2)), self._d, u) * F.silu(z)
        return torch.bmm(y, self._out).squeeze(1), MambaCache(window[:, 1:], h)


def _bias_of(conv: nn.Conv1d) -> Tensor:
    assert conv.bias is not None
    return conv.bias
