"""Trains the beat network."""

from collections.abc import Iterator
from dataclasses import dataclass
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
from models.training.finished import UNREADABLE
from models.training.loop import CHECKPOINT, LoopConfig, Report, train

STRETCH_S = 22
BATCH = 32
HELD_OUT_PIECES = 64
_STATISTICS_BATCHES = 4
_WEIGHTS = {"beat": 1.0, "downbeat": 1.0, "tempo": 0.3, "metre": 0.1}
_MIN_STD = 0.02
_AVERAGED = "module."
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
    paths, held_out_paths = split(data)
    music = Music(
        tuple(paths),
        tuple(path for path in paths if path.parent.name == diet.still),
        tuple(path for path in paths if path.parent.name == diet.favoured),
        diet.share,
    )
    if diet.favoured and not music.favoured:
        raise DataError(f"{data} has no folder {diet.favoured} with enough pieces; prepare it first.")
    frames = STRETCH_S * config.frame_rate_hz
    torch.manual_seed(loop.seed)
    taught = 0
    if start is not None:
        model, taught = load_beats(start)
        model.train()
    else:
        model = BeatNet(config)
        normalise(model, music, ears, frames, loop.seed)

    def loss(module: nn.Module, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        rng = np.random.default_rng(int(torch.randint(2**62, (1,), generator=generator)))
        batch = collate([varied(music, rng, frames, model.config, ears) for _ in range(BATCH)], ears)
        return losses(module, batch)

    def evaluate(module: nn.Module) -> dict[str, float]:
        return measured(module, held_out_paths, ears)

    run.mkdir(parents=True, exist_ok=True)
    write_config(run / CONFIG, model.config)
    write_config(run / BEGAN, Began(taught))
    yield from train(model, loss, evaluate, run, loop)


def load_beats(run: Path) -> tuple[BeatNet, int]:
    """The averaged network of the last checkpoint in `run`, and after how many steps (those before it began, too).
    Raises DataError where there is none."""
    try:
        model = BeatNet(read_config(BeatNetConfig, run / CONFIG))
        saved = torch.load(run / CHECKPOINT, weights_only=True)
        averaged = {name.removeprefix(_AVERAGED): t for name, t in saved["averaged"].items() if _AVERAGED in name}
        model.load_state_dict(averaged)
        return model.eval(), int(saved["step"]) + read_config(Began, run / BEGAN).steps
    except (*UNREADABLE, TypeError) as error:
        raise DataError(f"{run} holds no beat network of this version; run `train beats` first.") from error


def measured(module: nn.Module, paths: list[Path], ears: Ears) -> dict[str, float]:
    """The losses by name over the beginnings of some of the pieces as they are."""
    assert isinstance(module, BeatNet)
    frames = STRETCH_S * module.config.frame_rate_hz
    step = max(1, len(paths) // HELD_OUT_PIECES)
    known = [plain(path, frames, module.config) for path in paths[::step][:HELD_OUT_PIECES]]
    with torch.no_grad():
        _, parts = losses(module, collate(known, ears))
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
