"""HFDQ: one auto-encoder for the upper and one for the lower body, with an encoder that looks ahead and a decoder that
does not (MEGADance section 3.2, with a causal decoder, four frames to a token, and heading-free roots)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.blocks.conv import CausalConv1d, CausalResidual, CausalUpsample, Residual
from models.blocks.fsq import FSQ
from models.representation import LOWER_SIZE, UPPER_SIZE
from models.tokenizer.config import TokenizerConfig

HalfCache = tuple[Tensor, ...]


class Encoder(nn.Module):
    """[B, C, T] -> [B, levels, T / 4], looking both ways."""

    def __init__(self, channels: int, config: TokenizerConfig) -> None:
        super().__init__()
        narrow, wide = config.frame_width, config.token_width
        layers: list[nn.Module] = [nn.Conv1d(channels, narrow, 5, padding=2)]
        layers += [Residual(narrow, d, config.dropout) for d in config.encoder_dilations]
        layers += [nn.Conv1d(narrow, wide, 4, stride=2, padding=1)]
        layers += [Residual(wide, d, config.dropout) for d in config.encoder_dilations]
        layers += [nn.Conv1d(wide, wide, 4, stride=2, padding=1)]
        layers += [Residual(wide, d, config.dropout) for d in config.token_dilations]
        self.layers = nn.Sequential(*layers)
        self.out = nn.Conv1d(wide, len(config.levels), 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.out(F.gelu(self.layers(x)))
        return y


class Decoder(nn.Module):
    """[B, levels, t] -> [B, C, 4 t], causal; its cache is the left context of each layer in turn."""

    def __init__(self, channels: int, config: TokenizerConfig) -> None:
        super().__init__()
        narrow, wide = config.frame_width, config.token_width
        layers: list[nn.Module] = [CausalConv1d(len(config.levels), wide, 3)]
        layers += [CausalResidual(wide, d, config.dropout) for d in config.token_dilations]
        layers += [CausalUpsample(wide, wide)]
        layers += [CausalResidual(wide, d, config.dropout) for d in config.frame_dilations]
        layers += [CausalUpsample(wide, narrow)]
        layers += [CausalResidual(narrow, d, config.dropout) for d in config.frame_dilations]
        layers += [CausalConv1d(narrow, channels, 3)]
        self.layers = nn.ModuleList(layers)

    def initial_cache(self, batch: int) -> HalfCache:
        return tuple(layer.initial_cache(batch) for layer in self.layers)  # type: ignore[operator]

    def forward(self, codes: Tensor) -> Tensor:
        x = codes
        for layer in self.layers:
            x = layer(x)
        return x

    def forward_chunk(self, codes: Tensor, cache: HalfCache) -> tuple[Tensor, HalfCache]:
        x, after = codes, []
        for layer, held in zip(self.layers, cache, strict=True):
            x, held = layer.forward_chunk(x, held)  # type: ignore[operator]
            after.append(held)
        return x, tuple(after)


class HalfTokenizer(nn.Module):
    """Encoder, quantiser and decoder of one half of the body, with the normalisation of its channels."""

    mean: Tensor
    std: Tensor

    def __init__(self, channels: int, config: TokenizerConfig) -> None:
        super().__init__()
        self.encoder = Encoder(channels, config)
        self.fsq = FSQ(config.levels)
        self.decoder = Decoder(channels, config)
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("std", torch.ones(channels))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Channels [B, T, C] -> codes [B, T / 4, D] and digits int64 [B, T / 4, D]."""
        z = self.encoder(((x - self.mean) / self.std).transpose(1, 2))
        codes, digits = self.fsq(z.transpose(1, 2))
        return codes, digits

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [B, t, D] -> channels [B, 4 t, C], late by the decoder's look-ahead."""
        y: Tensor = self.decoder(codes.transpose(1, 2)).transpose(1, 2)
        return y * self.std + self.mean

    def decode_chunk(self, codes: Tensor, cache: HalfCache) -> tuple[Tensor, HalfCache]:
        y, cache = self.decoder.forward_chunk(codes.transpose(1, 2), cache)
        return y.transpose(1, 2) * self.std + self.mean, cache


@dataclass(frozen=True)
class Reconstruction:
    """Channels as decoded, late by `delay_frames`, and the digits between."""

    upper: Tensor  # [B, T, 90]
    lower: Tensor  # [B, T, 62]
    upper_digits: Tensor  # [B, T / 4, D]
    lower_digits: Tensor


class Tokenizer(nn.Module):
    """The two halves together."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.config = config
        self.upper = HalfTokenizer(UPPER_SIZE, config)
        self.lower = HalfTokenizer(LOWER_SIZE, config)

    def forward(self, upper: Tensor, lower: Tensor) -> Reconstruction:
        upper_codes, upper_digits = self.upper.encode(upper)
        lower_codes, lower_digits = self.lower.encode(lower)
        return Reconstruction(
            self.upper.decode(upper_codes), self.lower.decode(lower_codes), upper_digits, lower_digits
        )

    @torch.no_grad()
    def tokens(self, upper: Tensor, lower: Tensor) -> tuple[Tensor, Tensor]:
        """Digits of both halves, int64 [B, T / 4, D] each; T must be a multiple of 4."""
        return self.upper.encode(upper)[1], self.lower.encode(lower)[1]
