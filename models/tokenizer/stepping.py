"""The causal decoders of both halves a token at a time, for one dance.

It computes what their `decode` computes over a whole sequence; the weights of the halves are stacked, so that both are
decoded at once.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from models.blocks.conv import CausalConv1d, CausalResidual, CausalUpsample, ConvStep
from models.blocks.gelu import SCALE, scaled_gelu
from models.representation import LOWER_SIZE, UPPER_SIZE
from models.tokenizer.model import Tokenizer

DecoderCache = tuple[Tensor, ...]
_Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


class DecoderStep:
    """Made from a trained tokeniser; later changes to its weights are not followed. Its memory is the left context of
    each layer in turn."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        halves = (tokenizer.upper, tokenizer.lower)
        self._quantisers = tokenizer.upper.quantiser, tokenizer.lower.quantiser
        self._convs: list[ConvStep] = []
        self._steps: list[_Step] = []
        for pair in zip(*(half.decoder.layers for half in halves), strict=True):
            conv, step = _step_of(pair)
            self._convs.append(conv)
            self._steps.append(step)
        # What the last layer gives is not normalised any more.
        last = self._convs[-1]
        for index, half in enumerate(halves):
            size = len(half.std)
            last.weight[index, :, :size] *= half.std
            last.bias[index, :, :size] = last.bias[index, :, :size] * half.std + half.mean

    def initial_cache(self) -> DecoderCache:
        return tuple(conv.initial_cache() for conv in self._convs)

    def __call__(self, upper: Tensor, lower: Tensor, cache: DecoderCache) -> tuple[Tensor, Tensor, DecoderCache]:
        """Digits [n, D] of both halves -> their channels, late by the look-ahead, [n token_frames, 90] and
        [n token_frames, 62]; and the next cache."""
        first, second = self._quantisers
        x = torch.stack([first.codes(upper), second.codes(lower)])
        after = []
        for step, held in zip(self._steps, cache, strict=True):
            x, held = step(x, held)
            after.append(held)
        return x[0, :, :UPPER_SIZE], x[1, :, :LOWER_SIZE], tuple(after)


def _step_of(layers: Sequence[nn.Module]) -> tuple[ConvStep, _Step]:
    """One layer of both halves: the convolution that remembers, and how the layer goes on. Between the layers goes
    SCALE of what goes between those of the decoder, since all of it goes into GELUs."""
    if all(isinstance(layer, CausalResidual) for layer in layers):
        residuals = [layer for layer in layers if isinstance(layer, CausalResidual)]
        conv = ConvStep([layer.conv for layer in residuals], SCALE, SCALE)
        mix = ConvStep([layer.mix for layer in residuals], SCALE, SCALE)

        def residual(x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
            y, cache = conv(scaled_gelu(x), cache)
            return torch.baddbmm(mix.bias, scaled_gelu(y), mix.weight).add_(x), cache

        return conv, residual
    if all(isinstance(layer, CausalUpsample) for layer in layers):
        expands = [layer.expand for layer in layers if isinstance(layer, CausalUpsample)]
        expand = ConvStep(expands, 1.0 / SCALE, SCALE)

        def upsample(x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
            y, cache = expand(x, cache)
            return y.view(len(y), 2 * y.shape[1], -1), cache

        return expand, upsample
    convs = [layer for layer in layers if isinstance(layer, CausalConv1d)]
    width = max(layer.out_channels for layer in convs)
    last = len({layer.out_channels for layer in convs}) > 1
    plain = ConvStep(convs, 1.0 / SCALE, 1.0, width) if last else ConvStep(convs, 1.0, SCALE)
    return plain, plain
