"""1-D convolutions over time, [batch, channels, time]; the causal ones also run chunk by chunk.

A causal layer's cache is its left context, zeros at the start; `forward(x)` equals any sequence of
`forward_chunk(x_i, cache)`, so one code serves training and the stage.
"""

from torch import Tensor, cat, nn
from torch.nn import functional as F


class CausalConv1d(nn.Conv1d):
    """A convolution that sees only the past."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, dilation: int = 1) -> None:
        super().__init__(channels_in, channels_out, kernel, dilation=dilation)
        self.context = (kernel - 1) * dilation

    def initial_cache(self, batch: int) -> Tensor:
        return self.weight.new_zeros(batch, self.in_channels, self.context)

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, (self.context, 0)))

    def forward_chunk(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, C, n] with n >= 1 -> (y [B, C', n], next cache)."""
        if self.context:
            x = cat([cache, x], dim=-1)
            cache = x[..., -self.context :]
        # On a few time steps, one matrix product is several times faster than a convolution.
        windows = x.unfold(-1, self.context + 1, 1)[..., :: self.dilation[0]]  # [B, C, n, kernel]
        y = F.linear(windows.transpose(1, 2).flatten(2), self.weight.flatten(1), self.bias)
        return y.transpose(1, 2), cache


class CausalResidual(nn.Module):
    """x + conv1(act(conv3(act(x)))), as in Jukebox's residual blocks, causal."""

    def __init__(self, channels: int, dilation: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.conv = CausalConv1d(channels, channels, 3, dilation)
        self.mix = CausalConv1d(channels, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def initial_cache(self, batch: int) -> Tensor:
        return self.conv.initial_cache(batch)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.mix(self.dropout(F.gelu(self.conv(F.gelu(x)))))
        return x + mixed

    def forward_chunk(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        y, cache = self.conv.forward_chunk(F.gelu(x), cache)
        mixed, _ = self.mix.forward_chunk(F.gelu(y), cache)
        return x + mixed, cache


class CausalUpsample(nn.Module):
    """Twice as many steps, without look-ahead: each input step becomes two output steps."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.expand = CausalConv1d(channels_in, 2 * channels_out, 2)

    def initial_cache(self, batch: int) -> Tensor:
        return self.expand.initial_cache(batch)

    @staticmethod
    def _interleave(y: Tensor) -> Tensor:
        batch, channels, steps = y.shape
        return y.view(batch, 2, channels // 2, steps).permute(0, 2, 3, 1).reshape(batch, channels // 2, 2 * steps)

    def forward(self, x: Tensor) -> Tensor:
        return self._interleave(self.expand(x))

    def forward_chunk(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        y, cache = self.expand.forward_chunk(x, cache)
        return self._interleave(y), cache


class Residual(nn.Module):
    """The encoder's residual block: sees both sides."""

    def __init__(self, channels: int, dilation: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.mix(self.dropout(F.gelu(self.conv(F.gelu(x)))))
        return x + mixed
