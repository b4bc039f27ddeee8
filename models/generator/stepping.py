"""The generator one token at a time, for one dance.

It computes what DanceGenerator computes over a whole sequence, from weights laid out so that a token is few operations:
on stage nearly all of the cost is that of starting them.
"""

from itertools import accumulate

import torch
from torch import Tensor, nn

from megadance_live.core.conditioning import PHASE
from models.blocks.attention import AttentionStep
from models.blocks.gelu import SCALE, scaled_gelu
from models.blocks.mamba import Mamba, MambaStep
from models.generator.config import LOWER, UPPER
from models.generator.head import HeadStep
from models.generator.model import AttentionBlock, DanceGenerator, GeneratorState, Layer, LayerState


class GeneratorStep:
    """Made from a trained generator; later changes to its weights are not followed."""

    def __init__(self, generator: DanceGenerator) -> None:
        config = generator.config
        first, second = generator.condition[0], generator.condition[2]
        assert isinstance(first, nn.Linear)
        assert isinstance(second, nn.Linear)
        self._size = config.condition
        hears = first.weight.detach().T.clone()
        if not config.phase:
            hears[PHASE] = 0.0
        self._hear = hears * SCALE, first.bias.detach() * SCALE
        self._understand = _affine(second, given=SCALE)
        self._to_body = _affine(generator.to_body)
        tables = [table for half in generator.digits for table in half.children()]
        self._digits = torch.cat([table.weight.detach() for table in tables if isinstance(table, nn.Embedding)])
        rows = [level + 1 for level in config.levels] * 2
        self._first_rows = torch.tensor([0, *accumulate(rows)][:-1])
        self._stream = generator.stream.detach()
        self._norm = _norm(generator.norm)
        self._layers = [_LayerStep(layer) for layer in generator.layers if isinstance(layer, Layer)]
        self.draw = HeadStep(generator.head)

    def initial_state(self) -> GeneratorState:
        return GeneratorState(tuple(layer.initial_state() for layer in self._layers))

    def __call__(
        self, condition: Tensor, upper: Tensor, lower: Tensor, expert: int, state: GeneratorState
    ) -> tuple[Tensor, Tensor, GeneratorState]:
        """Hidden states [model] of upper and lower body for the next token, from its condition [C] and the digits [D]
        before it; and the next state."""
        weight, bias = self._hear
        heard = torch.addmm(bias, condition[: self._size].unsqueeze(0), weight)
        weight, bias = self._understand
        heard = torch.addmm(bias, scaled_gelu(heard), weight)
        weight, bias = self._to_body
        body = torch.addmm(bias, heard, weight).view(2, -1)
        known = torch.embedding(self._digits, self._first_rows + torch.cat([upper, lower]))
        body = body + known.view(2, len(upper), -1).sum(1)
        x = torch.cat([heard, body]) + self._stream
        states = []
        for layer, held in zip(self._layers, state.layers, strict=True):
            x, held = layer(x, expert, held)
            states.append(held)
        x = torch.layer_norm(x, *self._norm)
        return x[UPPER], x[LOWER], GeneratorState(tuple(states))


class _LayerStep:
    def __init__(self, layer: Layer) -> None:
        universal = layer.universal
        self._universal = _BlockStep(universal.block) if universal is not None else None
        self._mambas = None
        if universal is not None and universal.mambas:
            norms = [norm for norm in universal.norms if isinstance(norm, nn.LayerNorm)]
            self._mambas = MambaStep(norms, [mamba for mamba in universal.mambas if isinstance(mamba, Mamba)])
        self._experts = [_BlockStep(block) for block in layer.experts if isinstance(block, AttentionBlock)]

    def initial_state(self) -> LayerState:
        return LayerState(
            self._mambas.initial_cache() if self._mambas is not None else None,
            self._universal.initial_cache() if self._universal is not None else None,
            self._experts[0].initial_cache() if self._experts else None,
        )

    def __call__(self, x: Tensor, expert: int, state: LayerState) -> tuple[Tensor, LayerState]:
        mambas, universal, own = state.mambas, state.universal, state.expert
        if self._mambas is not None and mambas is not None:
            heard, mambas = self._mambas(x, mambas)
            x = x + heard
        if self._universal is not None and universal is not None:
            x, universal = self._universal(x, universal)
        if self._experts and own is not None:
            x, own = self._experts[expert](x, own)
        return x, LayerState(mambas, universal, own)


class _BlockStep:
    """An AttentionBlock."""

    def __init__(self, block: AttentionBlock) -> None:
        first, last = block.mlp[0], block.mlp[3]
        assert isinstance(first, nn.Linear)
        assert isinstance(last, nn.Linear)
        self._attention = AttentionStep(block.attention)
        self._attention_norm, self._mlp_norm = _norm(block.attention_norm), _norm(block.mlp_norm)
        self._first, self._last = _affine(first, made=SCALE), _affine(last, given=SCALE)

    def initial_cache(self) -> Tensor:
        return self._attention.initial_cache()

    def __call__(self, x: Tensor, cache: Tensor) -> tuple[Tensor, Tensor]:
        y, cache = self._attention(torch.layer_norm(x, *self._attention_norm), cache)
        x = x + y
        weight, bias = self._first
        y = torch.addmm(bias, torch.layer_norm(x, *self._mlp_norm), weight)
        weight, bias = self._last
        return x + torch.addmm(bias, scaled_gelu(y), weight), cache


def _affine(layer: nn.Linear, *, given: float = 1.0, made: float = 1.0) -> tuple[Tensor, Tensor]:
    """Weight [in, out] and bias, for inputs larger by 1 / given, and outputs that are to be larger by `made`."""
    return (layer.weight.detach().T * (given * made)).contiguous(), layer.bias.detach() * made


def _norm(norm: nn.LayerNorm) -> tuple[list[int], Tensor, Tensor, float]:
    """What layer_norm takes after the input."""
    return list(norm.normalized_shape), norm.weight.detach(), norm.bias.detach(), norm.eps
