"""GADG: the generator of motion tokens (MEGADance section 3.3), rebuilt to stream (stepping.py).

Three streams share a clock: the music heard and the bar phase of the token to come, the upper-body token before it, and
the lower-body token before it. Each layer is a Universal Expert (one Mamba per stream, attention over all three, MLP)
and then one Specialised Expert per genre (attention, MLP), chosen by hard routing. Unlike the published system a token
hears the music up to its own composing, not to the token before.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from megadance_live.core.conditioning import PHASE
from models.blocks.attention import WindowAttention
from models.blocks.mamba import Mamba, MambaCache
from models.generator.config import LOWER, STREAMS, UPPER, GeneratorConfig
from models.generator.head import DigitHead


def _mlp(model: int, hidden: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(nn.Linear(model, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, model))


class AttentionBlock(nn.Module):
    """Pre-norm attention over the streams and an MLP, both with residuals."""

    def __init__(self, config: GeneratorConfig, hidden: int) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(config.model)
        self.attention = WindowAttention(config.model, config.heads, STREAMS, config.window, config.sight)
        self.mlp_norm = nn.LayerNorm(config.model)
        self.mlp = _mlp(config.model, hidden, config.dropout)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Also returns the keys and values of the attention."""
        y, cache = self.attention(self.attention_norm(x))
        x = x + self.dropout(y)
        return x + self.dropout(self.mlp(self.mlp_norm(x))), cache


class UniversalExpert(nn.Module):
    """What all genres share: one Mamba per stream, then attention and MLP."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        mambas = STREAMS if config.mamba else 0
        self.norms = nn.ModuleList(nn.LayerNorm(config.model) for _ in range(mambas))
        self.mambas = nn.ModuleList(Mamba(config.model, config.state, expand=config.expand) for _ in range(mambas))
        self.block = AttentionBlock(config, config.universal_hidden)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor) -> tuple[Tensor, MambaCache | None, Tensor]:
        """Also returns the states of the Mambas [S B, ...] and the keys and values of the attention."""
        if not self.mambas:
            x, attention = self.block(x)
            return x, None, attention
        heard = [mamba(norm(x[:, :, i])) for i, (norm, mamba) in enumerate(zip(self.norms, self.mambas, strict=True))]
        x, attention = self.block(x + self.dropout(torch.stack([y for y, _ in heard], dim=2)))
        conv, ssm = (torch.cat([getattr(cache, name) for _, cache in heard]) for name in ("conv", "ssm"))
        return x, MambaCache(conv, ssm), attention


@dataclass(frozen=True)
class LayerState:
    """What one layer remembers while one expert speaks, of the parts that it has: the Mambas of the streams, and keys
    and values of both attentions."""

    mambas: MambaCache | None
    universal: Tensor | None
    expert: Tensor | None


class Layer(nn.Module):
    """Universal, then the Specialised Expert of each sample; either may be left out."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.universal = UniversalExpert(config) if config.universal else None
        experts = config.experts if config.specialised else ()
        self.experts = nn.ModuleList(AttentionBlock(config, config.expert_hidden) for _ in experts)

    def forward(self, x: Tensor, expert: Tensor) -> Tensor:
        if self.universal is not None:
            x, _, _ = self.universal(x)
        if not self.experts:
            return x
        out = torch.empty_like(x)
        for index in sorted(set(expert.tolist())):
            chosen = (expert == index).nonzero().squeeze(1)
            y, _ = self.experts[index](x[chosen])
            out[chosen] = y.to(out.dtype)
        return out

    def prefill(self, x: Tensor, expert: int) -> tuple[Tensor, LayerState]:
        """One expert over a history [1, T, S, model], and what it then remembers."""
        mambas = universal = own = None
        if self.universal is not None:
            x, mambas, universal = self.universal(x)
            universal = universal[:, 0]
        if self.experts:
            x, own = self.experts[expert](x)
            own = own[:, 0]
        return x, LayerState(mambas, universal, own)


@dataclass(frozen=True)
class GeneratorState:
    """What the generator remembers while one expert speaks, one entry a layer."""

    layers: tuple[LayerState, ...]


class DanceGenerator(nn.Module):
    """Conditions and earlier digits in, distributions of the next digits out."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        self.config = config
        self.condition = nn.Sequential(
            nn.Linear(config.condition, config.model), nn.GELU(), nn.Linear(config.model, config.model)
        )
        # Straight into the body's streams too: where history alone can tell what comes next, attention never learns to
        # look at the music.
        self.to_body = nn.Linear(config.model, 2 * config.model)
        nn.init.zeros_(self.to_body.weight)
        nn.init.zeros_(self.to_body.bias)
        # One more entry than levels: the digit before the first.
        self.digits = nn.ModuleList(
            nn.ModuleList(nn.Embedding(n + 1, config.model) for n in config.levels) for _ in range(2)
        )
        self.stream = nn.Parameter(torch.randn(STREAMS, config.model) * 0.02)
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.model)
        self.head = DigitHead(config)

    @property
    def start_digits(self) -> Tensor:
        """Digits [D] that stand for "nothing before"."""
        return torch.tensor(self.config.levels)

    def _embed(self, condition: Tensor, upper: Tensor, lower: Tensor) -> Tensor:
        """[..., C], [..., D], [..., D] -> streams [..., S, model]. Of a condition that has grown since the training
        only the first part is read."""
        condition = condition[..., : self.config.condition]
        if not self.config.phase:
            condition = condition.clone()
            condition[..., PHASE] = 0.0
        heard = self.condition(condition)
        to_upper, to_lower = self.to_body(heard).chunk(2, dim=-1)
        streams = [heard, self._embed_half(0, upper) + to_upper, self._embed_half(1, lower) + to_lower]
        embedded: Tensor = self.dropout(torch.stack(streams, dim=-2) + self.stream)
        return embedded

    def _embed_half(self, half: int, digits: Tensor) -> Tensor:
        tables = self.digits[half]
        assert isinstance(tables, nn.ModuleList)
        return torch.stack([table(digits[..., i]) for i, table in enumerate(tables)]).sum(0)

    def forward(self, condition: Tensor, upper: Tensor, lower: Tensor, expert: Tensor) -> tuple[Tensor, Tensor]:
        """Hidden states [B, T, model] of upper and lower body for tokens 0..T-1, from conditions [B, T, C], the digits
        [B, T, D] before each token, and the expert [B] of each sample."""
        x = self._embed(condition, upper, lower)
        for layer in self.layers:
            x = layer(x, expert)
        x = self.norm(x)
        return x[:, :, UPPER], x[:, :, LOWER]

    def prefill(self, condition: Tensor, upper: Tensor, lower: Tensor, expert: int) -> GeneratorState:
        """The state of one expert after a history [1, T, ...] that it did not dance: how one takes over."""
        x = self._embed(condition, upper, lower)
        states = []
        for layer in self.layers:
            assert isinstance(layer, Layer)
            x, state = layer.prefill(x, expert)
            states.append(state)
        return GeneratorState(tuple(states))

    def loss(
        self, condition: Tensor, upper: Tensor, lower: Tensor, targets: tuple[Tensor, Tensor], expert: Tensor
    ) -> dict[str, Tensor]:
        """Cross-entropy of every digit, nats, [digits] for each half; targets are upper and lower digits [B, T, D]."""
        hidden_upper, hidden_lower = self(condition, upper, lower, expert)
        logits_lower, logits_upper = self.head(hidden_lower, hidden_upper, targets[1], targets[0])
        return {
            name: torch.stack(
                [
                    F.cross_entropy(logit.flatten(0, 1).float(), target[..., i].flatten())
                    for i, logit in enumerate(logits)
                ]
            )
            for name, logits, target in (("lower", logits_lower, targets[1]), ("upper", logits_upper, targets[0]))
        }
