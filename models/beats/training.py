"""Trains the beat network."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from megadance_live.core.errors import DataError
from models.beats.batches import Batch, Ears, Music, collate, plain, varied
from models.beats.config import BeatNetConfig
from models.beats.model import Activations, BeatNet
from models.beats.pieces import split
from models.beats.targets import UNKNOWN
from models.config_file import read_config, write_config
from models.training.checkpoint import learnt_weights
from models.training.config import LoopConfig
from models.training.loop import train
from models.training.report import Report
from models.training.saving import UNREADABLE
from models.training.task import Task, device_of

STRETCH_S = 22
BATCH = 32
HELD_OUT_PIECES = 64
_STATISTICS_BATCHES = 4
_WEIGHTS = {"beat": 1.0, "downbeat": 1.0, "tempo": 0.3, "metre": 0.1}
_MIN_STD = 0.02
CONFIG = "beats.json"
BEGAN = "began.json"


@dataclass(frozen=True)
class Began:
    """How many steps of other trainings came before this one."""

    steps: int


@dataclass(frozen=True)
class Diet:
    """What a training is fed: pieces in folders named `still` have no beat, and are laid over others too; those in
    folders named `favoured` make up `share` of all."""

    still: str = ""
    favoured: str = ""
    share: float = 0.3


def train_beats(
    data: Path,
    run: Path,
    config: BeatNetConfig,
    ears: Ears,
    loop: LoopConfig,
    diet: Diet = Diet(),
    start: Path | None = None,
) -> Iterator[Report]:
    """Trains on the pieces below `data`; `load_beats` reads what the last checkpoint in `run` has learnt. With `start`
    it begins with what the training there has learnt, instead of with nothing. Raises DataError."""
    paths, held_out = split(data)
    music = Music(
        tuple(paths),
        tuple(path for path in paths if path.parent.name == diet.still),
        tuple(path for path in paths if path.parent.name == diet.favoured),
        diet.share,
    )
    if diet.favoured and not music.favoured:
        raise DataError(f"{data} has no folder {diet.favoured} with enough pieces; prepare it first.")
    learnt, taught = load_beats(start) if start is not None else (None, 0)
    run.mkdir(parents=True, exist_ok=True)
    write_config(run / CONFIG, learnt.config if learnt is not None else config)
    write_config(run / BEGAN, Began(taught))
    yield from train(partial(BeatTask, music, held_out, learnt or config, ears, loop.seed), run, loop)


class BeatTask(Task):
    """To hear beats and bars in stretches of music, from the beginning or with what a network has learnt."""

    metric = "beat"

    def __init__(
        self, music: Music, held_out: list[Path], begin: BeatNet | BeatNetConfig, ears: Ears, seed: int
    ) -> None:
        self._music, self._held_out, self._ears = music, held_out, ears
        self.batch_size = BATCH
        torch.manual_seed(seed)
        self.model: BeatNet = begin if isinstance(begin, BeatNet) else BeatNet(begin)
        self._frames = STRETCH_S * self.model.config.frame_rate_hz
        if not isinstance(begin, BeatNet):
            normalise(self.model, music, ears, self._frames, seed)

    def batch(self, generator: torch.Generator) -> tuple[Tensor, ...]:
        rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
        config = self.model.config
        drawn = [varied(self._music, rng, self._frames, config, self._ears) for _ in range(self.batch_size)]
        batch = collate(drawn, self._ears)
        return (*batch, (known(batch, config.group) / self.batch_size).expand(self.batch_size, -1))

    def loss(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        *parts, counted = batch
        return losses(self.model, Batch(*parts), counted.sum(0))

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        return measured(model, self._held_out, self._ears)

    def leave(self, model: nn.Module, run: Path, step: int) -> None:
        """Nothing: `load_beats` reads the checkpoint, of an unfinished training too."""


def load_beats(run: Path) -> tuple[BeatNet, int]:
    """The averaged network of the last checkpoint in `run`, and after how many steps (those before it began, too).
    Raises DataError where there is none."""
    try:
        model = BeatNet(read_config(BeatNetConfig, run / CONFIG))
        weights, step = learnt_weights(run)
        model.load_state_dict(weights)
        return model.eval(), step + read_config(Began, run / BEGAN).steps
    except UNREADABLE as error:
        raise DataError(f"{run} holds no beat network of this version; run `train beats` first.") from error


def measured(module: nn.Module, paths: list[Path], ears: Ears) -> dict[str, float]:
    """The losses by name over the beginnings of some of the pieces as they are."""
    assert isinstance(module, BeatNet)
    frames = STRETCH_S * module.config.frame_rate_hz
    step = max(1, len(paths) // HELD_OUT_PIECES)
    pieces = [plain(path, frames, module.config) for path in paths[::step][:HELD_OUT_PIECES]]
    batch = Batch(*(part.to(device_of(module)) for part in collate(pieces, ears)))
    with torch.no_grad():
        _, parts = losses(module, batch, known(batch, module.config.group))
    return {name: float(part) for name, part in parts.items()}


def normalise(model: BeatNet, music: Music, ears: Ears, frames: int, seed: int) -> None:
    """Sets mean and standard deviation of every input from a few batches."""
    rng = np.random.default_rng(seed)
    inputs = torch.cat(
        [
            collate([varied(music, rng, frames, model.config, ears) for _ in range(BATCH)], ears).inputs.flatten(0, 1)
            for _ in range(_STATISTICS_BATCHES)
        ]
    )
    model.mean.copy_(inputs.mean(0))
    model.std.copy_(inputs.std(0).clamp(min=_MIN_STD))


def known(batch: Batch, group: int) -> Tensor:
    """How many targets of downbeat, tempo and metre [3] a batch has; at least 1 each."""
    steps = slice(group - 1, None, group)
    found = (~batch.downbeat.isnan(), batch.tempo[:, steps] != UNKNOWN, batch.metre[:, steps] != UNKNOWN)
    return torch.stack([mask.sum() for mask in found]).clamp(min=1).float()


def losses(module: nn.Module, batch: Batch, counted: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The weighted sum and its parts: cross-entropies, those of beats and downbeats in nats a second. `counted` [3] is
    how many targets are known: those of the batch, or this share's mean part of those of a greater batch."""
    assert isinstance(module, BeatNet)
    said: Activations = module(batch.inputs)
    rate, group = module.config.frame_rate_hz, module.config.group
    with torch.autocast(batch.inputs.device.type, enabled=False):
        there = ~batch.downbeat.isnan()
        downbeat = functional.binary_cross_entropy_with_logits(
            said.downbeat.float(), batch.downbeat.nan_to_num(), reduction="none"
        )
        parts = {
            "beat": rate * functional.binary_cross_entropy_with_logits(said.beat.float(), batch.beat),
            "downbeat": rate * (downbeat * there).sum() / counted[0],
            "tempo": _cross_entropy(said.tempo, batch.tempo[:, group - 1 :: group]) / counted[1],
            "metre": _cross_entropy(said.metre, batch.metre[:, group - 1 :: group]) / counted[2],
        }
    total = torch.stack([_WEIGHTS[name] * part for name, part in parts.items()]).sum()
    return total, {name: part.detach() for name, part in parts.items()}


def _cross_entropy(logits: Tensor, classes: Tensor) -> Tensor:
    """Summed over what is known."""
    return functional.cross_entropy(
        logits.float().flatten(0, 1), classes.flatten(), ignore_index=UNKNOWN, reduction="sum"
    )
