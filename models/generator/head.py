"""The digits of a token, one after another: each is drawn knowing those before it, lower body first.

Drawn independently, the ten digits of a token would not fit each other; the chain keeps the output layer as small as
independent heads (27 logits a half instead of 4,375).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from models.generator.config import GeneratorConfig


class DigitHead(nn.Module):
    """Logits of each digit from the hidden state of its half and the embeddings of the digits already known."""

    def __init__(self, config: GeneratorConfig) -> None:
        super().__init__()
        levels = config.levels
        self.count = len(levels)
        self.inputs = nn.ModuleList(nn.Linear(config.model, config.model) for _ in range(2))
        self.known = nn.ModuleList(nn.Embedding(n, config.model) for n in levels * 2)
        self.mix = nn.ModuleList(nn.Linear(config.model, config.model) for _ in range(2 * self.count))
        self.logits = nn.ModuleList(nn.Linear(config.model, n) for n in levels * 2)

    def _digit(self, index: int, x: Tensor) -> Tensor:
        y: Tensor = self.logits[index](F.gelu(self.mix[index](F.gelu(x))))
        return y

    def forward(
        self, lower: Tensor, upper: Tensor, lower_digits: Tensor, upper_digits: Tensor
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Teacher-forced logits [B, T, level] of each digit, lower half then upper."""
        digits = torch.cat([lower_digits, upper_digits], dim=-1)
        known: Tensor | int = 0
        logits = []
        hidden = [self.inputs[0](lower), self.inputs[1](upper)]
        for index in range(2 * self.count):
            logits.append(self._digit(index, hidden[index // self.count] + known))
            known = known + self.known[index](digits[..., index])
        return logits[: self.count], logits[self.count :]

    def sample(self, lower: Tensor, upper: Tensor, draws: Tensor, temperature: float) -> tuple[Tensor, Tensor]:
        """Digits [D] of both halves (lower, upper) from hidden states [1, model]; `draws` [2 D] in 0..1 decide, by
        inversion of the distribution, so that the same draws give the same dance. Temperature 0: the likeliest."""
        hidden = [self.inputs[0](lower), self.inputs[1](upper)]
        known: Tensor | int = 0
        digits = []
        for index in range(2 * self.count):
            logits = self._digit(index, hidden[index // self.count] + known)[0]
            if temperature <= 0:
                digit = logits.argmax()
            else:
                cumulative = torch.softmax(logits / temperature, -1).cumsum(-1)
                digit = (cumulative < draws[index] * cumulative[-1]).sum().clamp(max=len(logits) - 1)
            digits.append(digit)
            known = known + self.known[index](digit).unsqueeze(0)
        return torch.stack(digits[: self.count]), torch.stack(digits[self.count :])
