"""HFDQ: one auto-encoder for the upper and one for the lower body, with an encoder that looks ahead and a decoder that
does not (MEGADance section 3.2, with a causal decoder, four frames to a token, and heading-free roots), or, in the
published configuration, does."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.blocks.conv import CausalConv1d, CausalResidual, CausalUpsample, Residual
from models.blocks.fsq import FSQ
from models.blocks.vq import VQ
from models.representation import LOWER_SIZE, UPPER_SIZE
from models.tokenizer.config import TokenizerConfig


class Encoder(nn.Module):
    """[B, C, T] -> [B, code width, T / token_frames], looking both ways."""

    def __init__(self, channels: int, config: TokenizerConfig) -> None:
        super().__init__()
        width = config.frame_width
        layers: list[nn.Module] = [nn.Conv1d(channels, width, 5, padding=2)]
        for _ in range(config.stages):
            layers += [Residual(width, d, config.dropout) for d in config.encoder_dilations]
            layers += [nn.Conv1d(width, config.token_width, 4, stride=2, padding=1)]
            width = config.token_width
        layers += [Residual(width, d, config.dropout) for d in config.token_dilations]
        self.layers = nn.Sequential(*layers)
        self.out = nn.Conv1d(width, config.code_width, 1)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.out(F.gelu(self.layers(x)))
        return y


class Decoder(nn.Module):
    """[B, code width, t] -> [B, C, token_frames t], causal or, as published, seeing both sides."""

    def __init__(self, channels: int, config: TokenizerConfig) -> None:
        super().__init__()
        narrow, wide = config.frame_width, config.token_width
        causal = config.decoder == "causal"
        residual = CausalResidual if causal else Residual

        def conv(channels_in: int, channels_out: int) -> nn.Module:
            if causal:
                return CausalConv1d(channels_in, channels_out, 3)
            return nn.Conv1d(channels_in, channels_out, 3, padding=1)

        def upsample(channels_out: int) -> nn.Module:
            return CausalUpsample(wide, channels_out) if causal else nn.ConvTranspose1d(wide, channels_out, 4, 2, 1)

        layers = [conv(config.code_width, wide)]
        layers += [residual(wide, d, config.dropout) for d in config.token_dilations]
        for stage in range(config.stages):
            width = narrow if stage == config.stages - 1 else wide
            layers += [upsample(width)]
            layers += [residual(width, d, config.dropout) for d in config.frame_dilations]
        layers += [conv(narrow, channels)]
        self.layers = nn.ModuleList(layers)

    def forward(self, codes: Tensor) -> Tensor:
        x = codes
        for layer in self.layers:
            x = layer(x)
        return x


class HalfTokenizer(nn.Module):
    """Encoder, quantiser and decoder of one half of the body, with the normalisation of its channels."""

    mean: Tensor
    std: Tensor

    def __init__(self, channels: int, config: TokenizerConfig) -> None:
        super().__init__()
        self.encoder = Encoder(channels, config)
        self.quantiser: FSQ | VQ
        if config.quantiser == "fsq":
            self.quantiser = FSQ(config.levels)
        else:
            self.quantiser = VQ(config.digit_levels[0], config.code_width)
        self.decoder = Decoder(channels, config)
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("std", torch.ones(channels))

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Channels [B, T, C] -> codes [B, t, width], digits int64 [B, t, D], and how far what was encoded lies from the
        codes of a learnt book (0 for FSQ, which has none)."""
        z = self.encoder(((x - self.mean) / self.std).transpose(1, 2)).transpose(1, 2)
        codes, digits = self.quantiser(z)
        commitment = F.mse_loss(z.float(), codes.detach()) if isinstance(self.quantiser, VQ) else z.new_zeros(())
        return codes, digits, commitment

    def decode(self, codes: Tensor) -> Tensor:
        """Codes [B, t, width] -> channels [B, token_frames t, C], late by the decoder's delay."""
        y: Tensor = self.decoder(codes.transpose(1, 2)).transpose(1, 2)
        return y * self.std + self.mean


@dataclass(frozen=True)
class Reconstruction:
    """Channels as decoded, late by `delay_frames`, the digits between, and how far both halves lay from their codes."""

    upper: Tensor  # [B, T, 90]
    lower: Tensor  # [B, T, 62]
    upper_digits: Tensor  # [B, t, D]
    lower_digits: Tensor
    commitment: Tensor


class Tokenizer(nn.Module):
    """The two halves together."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.config = config
        self.upper = HalfTokenizer(UPPER_SIZE, config)
        self.lower = HalfTokenizer(LOWER_SIZE, config)

    def forward(self, upper: Tensor, lower: Tensor) -> Reconstruction:
        """Of whole tokens only: frames that are left over are not told."""
        upper, lower = self._whole(upper), self._whole(lower)
        upper_codes, upper_digits, upper_off = self.upper.encode(upper)
        lower_codes, lower_digits, lower_off = self.lower.encode(lower)
        return Reconstruction(
            self.upper.decode(upper_codes),
            self.lower.decode(lower_codes),
            upper_digits,
            lower_digits,
            upper_off + lower_off,
        )

    @torch.no_grad()
    def tokens(self, upper: Tensor, lower: Tensor) -> tuple[Tensor, Tensor]:
        """Digits of both halves, int64 [B, t, D] each, of whole tokens only."""
        return self.upper.encode(self._whole(upper))[1], self.lower.encode(self._whole(lower))[1]

    def _whole(self, channels: Tensor) -> Tensor:
        return channels[:, : channels.shape[1] - channels.shape[1] % self.config.token_frames]
