"""Something very small to train: a network that learns a product, with everything that can go wrong on the way."""

import signal
from pathlib import Path

import torch
from torch import Tensor, nn

from models.training.task import Task


class ToyTask(Task):
    """`figures` are measured at one checkpoint after the other; the loss of the batches numbered `broken` is not a
    number; while `interrupted_at` is drawn, somebody presses Ctrl+C."""

    metric = "error"

    def __init__(
        self,
        figures: tuple[float, ...] = (),
        broken: tuple[int, ...] = (),
        interrupted_at: int | None = None,
        dropout: float = 0.0,
    ) -> None:
        torch.manual_seed(3)
        self.model = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Dropout(dropout), nn.Linear(8, 1))
        self.batch_size = 8
        self._figures = iter(figures)
        self._broken, self._interrupted_at = broken, interrupted_at
        self._number = 0

    def batch(self, generator: torch.Generator) -> tuple[Tensor, ...]:
        self._number += 1
        if self._number == self._interrupted_at:
            signal.raise_signal(signal.SIGINT)
        seen = torch.randn(self.batch_size, 3, generator=generator)
        return seen, seen.prod(dim=1, keepdim=True)

    def loss(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        seen, wanted = batch
        value = (self.model(seen) - wanted).square().mean()
        if self._number in self._broken:
            value = value * float("nan")
        return value, {"square": value.detach()}

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        return {"error": figure} if (figure := next(self._figures, None)) is not None else {}

    def leave(self, model: nn.Module, run: Path, step: int) -> None:
        torch.save({"step": step, **model.state_dict()}, run / "toy.pt")


def left(run: Path) -> dict[str, Tensor]:
    """The weights that a training of the toy has left, and their step."""
    weights: dict[str, Tensor] = torch.load(run / "toy.pt", weights_only=True)
    return weights
