"""Trains the beat network."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from models.beats.batches import Batch, Ears, collate, plain, varied
from models.beats.config import BeatNetConfig
from models.beats.model import Activations, BeatNet
from models.beats.pieces import split
from models.beats.targets import UNKNOWN
from models.training.finished import finished, leave
from models.training.loop import LoopConfig, Report, train

STRETCH_S = 22
BATCH = 32
HELD_OUT_PIECES = 64
_STATISTICS_BATCHES = 4
_WEIGHTS = {"beat": 1.0, "downbeat": 1.0, "tempo": 0.3, "metre": 0.1}
_MIN_STD = 0.02


def train_beats(data: Path, run: Path, config: BeatNetConfig, ears: Ears, loop: LoopConfig) -> Iterator[Report]:
    """Trains on the pieces below `data` and, at the end, leaves `beats.pt` with its configuration in `run`."""
    paths, held_out_paths = split(data)
    frames = STRETCH_S * config.frame_rate_hz
    torch.manual_seed(loop.seed)
    model = BeatNet(config)
    normalise(model, paths, ears, frames, loop.seed)

    def loss(module: nn.Module, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
        batch = collate([varied(paths, rng, frames, config, ears) for _ in range(BATCH)], ears)
        return losses(module, batch)

    step = max(1, len(held_out_paths) // HELD_OUT_PIECES)
    known = [plain(path, frames, config) for path in held_out_paths[::step][:HELD_OUT_PIECES]]

    def evaluate(module: nn.Module) -> dict[str, float]:
        with torch.no_grad():
            _, parts = losses(module, collate(known, ears))
        return {name: float(part) for name, part in parts.items()}

    yield from train(model, loss, evaluate, run, loop)
    leave(run, "beats", model, config)


def load_beats(run: Path) -> BeatNet:
    """The network that `train_beats` left in `run`. Raises DataError where there is none."""
    return finished(run, "beats", BeatNetConfig, BeatNet)


def normalise(model: BeatNet, paths: list[Path], ears: Ears, frames: int, seed: int) -> None:
    """Sets mean and standard deviation of every input from a few batches."""
    rng = np.random.default_rng(seed)
    inputs = torch.cat(
        [
            collate([varied(paths, rng, frames, model.config, ears) for _ in range(BATCH)], ears).inputs.flatten(0, 1)
            for _ in range(_STATISTICS_BATCHES)
        ]
    )
    model.mean.copy_(inputs.mean(0))
    model.std.copy_(inputs.std(0).clamp(min=_MIN_STD))


def losses(module: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    """The weighted sum and its parts: cross-entropies, those of beats and downbeats in nats a second."""
    assert isinstance(module, BeatNet)
    said: Activations = module(batch.inputs)
    rate, group = module.config.frame_rate_hz, module.config.group
    with torch.autocast("cpu", enabled=False):
        known = ~batch.downbeat.isnan()
        downbeat = functional.binary_cross_entropy_with_logits(
            said.downbeat.float(), batch.downbeat.nan_to_num(), reduction="none"
        )
        parts = {
            "beat": rate * functional.binary_cross_entropy_with_logits(said.beat.float(), batch.beat),
            "downbeat": rate * (downbeat * known).sum() / known.sum().clamp(min=1),
            "tempo": _cross_entropy(said.tempo, batch.tempo[:, group - 1 :: group]),
            "metre": _cross_entropy(said.metre, batch.metre[:, group - 1 :: group]),
        }
    total = sum((_WEIGHTS[name] * part for name, part in parts.items()), torch.zeros(()))
    return total, {name: part.detach() for name, part in parts.items()}


def _cross_entropy(logits: Tensor, classes: Tensor) -> Tensor:
    flat, wanted = logits.float().flatten(0, 1), classes.flatten()
    summed = functional.cross_entropy(flat, wanted, ignore_index=UNKNOWN, reduction="sum")
    return summed / (wanted != UNKNOWN).sum().clamp(min=1)
