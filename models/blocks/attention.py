"""Sliding-window attention over several streams of tokens that share one clock.

Every stream attends to every stream at the same or an earlier time inside the window (MEGADance section 3.3). Order is
told by a learned bias for each head, pair of streams and age, so that the ring of keys and values never has to be
recomputed however long the show.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class WindowAttention(nn.Module):
    """[B, T, S, model] -> the same shape, causal in T. `window` times have a bias of their own, and whatever is older
    shares that of the last; `sight` times are seen (None: as many as have a bias)."""

    def __init__(self, model: int, heads: int, streams: int, window: int, sight: int | None = None) -> None:
        super().__init__()
        self.heads, self.streams, self.window = heads, streams, window
        self.sight = window if sight is None else sight
        self.qkv = nn.Linear(model, 3 * model)
        self.out = nn.Linear(model, model)
        self.bias = nn.Parameter(torch.zeros(heads, streams, streams, window))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Also returns what a step needs to go on: keys and values [2, B, heads, n S, size] of the latest n < `sight`
        times, oldest first."""
        batch, times, streams, _ = x.shape
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(3, 0, 4, 1, 2, 5).flatten(3, 4)
        age = torch.arange(times, device=x.device).unsqueeze(1) - torch.arange(times, device=x.device)  # [T, T]
        seen = (age >= 0) & (age < self.sight)
        bias = self.bias[..., age.clamp(0, self.window - 1)]  # [H, S, S, T, T]
        bias = bias.masked_fill(~seen, float("-inf")).permute(0, 3, 1, 4, 2).flatten(3, 4).flatten(1, 2)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype).unsqueeze(0))
        y = y.transpose(1, 2).reshape(batch, times, streams, -1)
        kept = min(times, self.sight - 1) * streams
        return self.out(y), torch.stack([k, v])[..., k.shape[2] - kept :, :]


class AttentionStep:
    """One time more of a WindowAttention, for one sample. Its weights are laid out so that a step is few operations."""

    def __init__(self, attention: WindowAttention) -> None:
        self._heads, self._streams, self._sight = attention.heads, attention.streams, attention.sight
        model = attention.out.in_features
        self._size = model // attention.heads
        scale = torch.ones(3 * model)
        scale[:model] = self._size**-0.5
        self._qkv = (attention.qkv.weight.detach() * scale.unsqueeze(1)).T.contiguous()
        self._qkv_bias = attention.qkv.bias.detach() * scale
        self._out = attention.out.weight.detach().T.contiguous()
        self._out_bias = attention.out.bias.detach()
        # Age falls along the ring: the newest, last, has age 0.
        age = torch.arange(self._sight - 1, -1, -1).clamp(max=attention.window - 1)
        self._bias = attention.bias.detach()[..., age].permute(0, 1, 3, 2).flatten(2, 3).contiguous()  # [H, S, n S]

    def initial_cache(self) -> Tensor:
        return self._out.new_zeros(2, self._heads, 0, self._size)

    def __call__(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        """x [S, model] -> the same shape, and the next cache [2, heads, n S, size]."""
        qkv = torch.addmm(self._qkv_bias, x, self._qkv)
        qkv = qkv.view(self._streams, 3, self._heads, self._size).permute(1, 2, 0, 3)
        cache = torch.cat([cache, qkv[1:]], dim=2)
        keys, values = cache.unbind()
        full = cache.shape[2] == self._bias.shape[2]
        bias = self._bias if full else self._bias[..., -cache.shape[2] :]
        odds = torch.baddbmm(bias, qkv[0], keys.transpose(1, 2))
        y = torch.bmm(torch.softmax(odds, -1), values).transpose(0, 1).reshape(self._streams, -1)
        if full:
            cache = cache[:, :, self._streams :]
        return torch.addmm(self._out_bias, y, self._out), cache
