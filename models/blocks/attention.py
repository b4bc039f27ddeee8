"""Sliding-window attention over several streams of tokens that share one clock.

Every stream attends to every stream at the same or an earlier time inside the window (MEGADance section 3.3). Order is
told by a learned bias for each head, pair of streams and age, so that the ring of keys and values never has to be
recomputed however long the show.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F


@dataclass(frozen=True)
class AttentionCache:
    """Keys and values [B, heads, window - 1, streams, head size] of the latest times, oldest first; `filled` of them
    are real."""

    keys: Tensor
    values: Tensor
    filled: int


class WindowAttention(nn.Module):
    """[B, T, S, model] -> the same shape, causal in T with at most `window` times in sight."""

    def __init__(self, model: int, heads: int, streams: int, window: int) -> None:
        super().__init__()
        self.heads, self.streams, self.window = heads, streams, window
        self.qkv = nn.Linear(model, 3 * model)
        self.out = nn.Linear(model, model)
        self.bias = nn.Parameter(torch.zeros(heads, streams, streams, window))

    def initial_cache(self, batch: int) -> AttentionCache:
        size = self.out.in_features // self.heads
        empty = self.out.weight.new_zeros(batch, self.heads, self.window - 1, self.streams, size)
        return AttentionCache(empty, empty, 0)

    def _split(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values [B, heads, T, S, size]."""
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(3, 0, 4, 1, 2, 5)
        return q, k, v

    def forward(self, x: Tensor) -> tuple[Tensor, AttentionCache]:
        """Also returns the cache with which `step` goes on."""
        batch, times, streams, _ = x.shape
        q, k, v = self._split(x)
        age = torch.arange(times).unsqueeze(1) - torch.arange(times)  # [T, T]
        seen = (age >= 0) & (age < self.window)
        bias = self.bias[..., age.clamp(0, self.window - 1)]  # [H, S, S, T, T]
        bias = bias.masked_fill(~seen, float("-inf")).permute(0, 3, 1, 4, 2).flatten(3, 4).flatten(1, 2)
        y = F.scaled_dot_product_attention(
            q.flatten(2, 3),
            k.flatten(2, 3),
            v.flatten(2, 3),
            attn_mask=bias.to(q.dtype).unsqueeze(0),
        )
        y = y.transpose(1, 2).reshape(batch, times, streams, -1)
        return self.out(y), self._cache_of(k, v)

    def _cache_of(self, k: Tensor, v: Tensor) -> AttentionCache:
        kept = self.window - 1
        filled = min(k.shape[2], kept)
        pad = (0, 0, 0, 0, kept - filled, 0)
        start = k.shape[2] - filled
        return AttentionCache(F.pad(k[:, :, start:], pad), F.pad(v[:, :, start:], pad), filled)

    def step(self, x: Tensor, cache: AttentionCache) -> tuple[Tensor, AttentionCache]:
        """x [B, S, model] -> the same shape, and the next cache."""
        q, k, v = self._split(x.unsqueeze(1))
        keys, values = torch.cat([cache.keys, k], dim=2), torch.cat([cache.values, v], dim=2)
        first = self.window - 1 - cache.filled
        # Age falls along the ring, the newest has age 0.
        bias = self.bias.flip(-1)[..., first:].permute(0, 1, 3, 2).flatten(2, 3)  # [H, S, n S]
        y = F.scaled_dot_product_attention(
            q.squeeze(2),
            keys[:, :, first:].flatten(2, 3),
            values[:, :, first:].flatten(2, 3),
            attn_mask=bias.unsqueeze(0),
        )
        y = y.transpose(1, 2).flatten(2)
        filled = min(cache.filled + 1, self.window - 1)
        return self.out(y), AttentionCache(keys[:, :, 1:], values[:, :, 1:], filled)
