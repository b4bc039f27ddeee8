"""1-D convolutions over time, [batch, channels, time]. The causal ones also run a few times at once, see `ConvStep`."""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class CausalConv1d(nn.Conv1d):
    """A convolution that sees only the past."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int, dilation: int = 1) -> None:
        super().__init__(channels_in, channels_out, kernel, dilation=dilation)
        self.context = (kernel - 1) * dilation

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(F.pad(x, (self.context, 0)))


class CausalResidual(nn.Module):
    """x + conv1(act(conv3(act(x)))), as in Jukebox's residual blocks, causal."""

    def __init__(self, channels: int, dilation: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.conv = CausalConv1d(channels, channels, 3, dilation)
        self.mix = CausalConv1d(channels, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.mix(self.dropout(F.gelu(self.conv(F.gelu(x)))))
        return x + mixed


class CausalUpsample(nn.Module):
    """Twice as many steps, without look-ahead: each input step becomes two output steps."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.expand = CausalConv1d(channels_in, 2 * channels_out, 2)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.expand(x)
        batch, channels, steps = y.shape
        return y.view(batch, 2, channels // 2, steps).permute(0, 2, 3, 1).reshape(batch, channels // 2, 2 * steps)


class Residual(nn.Module):
    """A residual block that sees both sides."""

    def __init__(self, channels: int, dilation: int, dropout: float = 0.0) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, channels, 3, padding=dilation, dilation=dilation)
        self.mix = nn.Conv1d(channels, channels, 1)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.mix(self.dropout(F.gelu(self.conv(F.gelu(x)))))
        return x + mixed


class ConvStep:
    """A few times more of several causal convolutions of one kind, one for each sample, time before channels:
    [S, n, C] with n >= 1. On so few times one matrix product is several times faster than a convolution.

    What it is given is 1 / `given` of what the convolutions were trained with, and `made` times what they make is what
    it makes. Outputs narrower than `channels_out` are filled up with zeros.
    """

    def __init__(
        self, convs: Sequence[CausalConv1d], given: float = 1.0, made: float = 1.0, channels_out: int = 0
    ) -> None:
        first = convs[0]
        self._kernel, self._dilation, self._context = first.kernel_size[0], first.dilation[0], first.context
        self._channels = first.in_channels
        weights, biases = [], []
        for conv in convs:
            missing = max(0, channels_out - conv.out_channels)
            taps = conv.weight.detach().permute(2, 1, 0).flatten(0, 1) * (given * made)  # [kernel C, C']
            assert conv.bias is not None
            weights.append(F.pad(taps, (0, missing)))
            biases.append(F.pad(conv.bias.detach() * made, (0, missing)).unsqueeze(0))
        self.weight, self.bias = torch.stack(weights).contiguous(), torch.stack(biases)

    def initial_cache(self) -> Tensor:
        """The left context [S, context, C]: nothing yet."""
        return self.weight.new_zeros(len(self.weight), self._context, self._channels)

    def __call__(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        """y [S, n, C'] and the next left context."""
        if not self._context:
            return torch.baddbmm(self.bias, x, self.weight), cache
        x = torch.cat([cache, x], dim=1)
        samples, times, channels = x.shape
        shape = samples, times - self._context, self._kernel, channels
        windows = x.as_strided(shape, (times * channels, channels, self._dilation * channels, 1)).flatten(2)
        return torch.baddbmm(self.bias, windows, self.weight), x[:, -self._context :]
