"""What can be trained: a network with its batches, its loss and its measure."""

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

import torch
from torch import Tensor, nn


class Task(ABC):
    """`metric` names the held-out figure by which weights are compared."""

    model: nn.Module
    batch_size: int
    metric: ClassVar[str]
    higher_is_better: ClassVar[bool] = False

    @abstractmethod
    def batch(self, generator: torch.Generator) -> tuple[Tensor, ...]:
        """The next batch, on the CPU, with the samples along the first axis of every tensor. It depends on nothing but
        the generator: every process draws all of it and takes its share."""

    @abstractmethod
    def loss(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        """The loss of `model` and its parts by name, each a mean over samples, so that the mean over equal shares of a
        batch is that of the batch."""

    @abstractmethod
    def evaluate(self, model: nn.Module) -> dict[str, float]:
        """Figures on held-out data, by name; none where there is no such data."""

    @abstractmethod
    def leave(self, model: nn.Module, run: Path, step: int) -> None:
        """Writes what the training was for into `run`; `step` is that of the weights. Raises OSError."""


def device_of(model: nn.Module) -> torch.device:
    """Where the network computes."""
    return next(model.parameters()).device
