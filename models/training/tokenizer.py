"""Trains the tokeniser (stage 1) on prepared clips."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from megadance_live.core.errors import DataError
from models.data.prepared import PreparedClip, load_prepared
from models.tokenizer.config import TokenizerConfig
from models.tokenizer.loss import tokenizer_loss
from models.tokenizer.model import HalfTokenizer, Tokenizer
from models.training.finished import finished, leave
from models.training.loop import LoopConfig, Report, train
from models.training.sampling import clip_weights

WINDOW_FRAMES = 64
BATCH = 48
_MIN_STD = 0.02


def train_tokenizer(prepared: Path, run: Path, config: TokenizerConfig, loop: LoopConfig) -> Iterator[Report]:
    """Trains and, at the end, leaves `tokenizer.pt` with its configuration in `run`."""
    clips = load_prepared(prepared)
    training = [clip for clip in clips if clip.split == "train" and len(clip.upper[0]) > WINDOW_FRAMES]
    held_out = [clip for clip in clips if clip.split == "test"]
    if not training:
        raise DataError(f"{prepared} holds no training clip longer than {WINDOW_FRAMES} frames; prepare more data.")
    torch.manual_seed(loop.seed)
    model = Tokenizer(config)
    normalise(model, training)
    weights = clip_weights(training)

    def loss(module: nn.Module, generator: torch.Generator) -> tuple[Tensor, dict[str, Tensor]]:
        upper, lower, travel = _batch(training, weights, generator)
        return reconstruction_loss(module, upper, lower, travel)

    def evaluate(module: nn.Module) -> dict[str, float]:
        return evaluate_tokenizer(module, held_out)

    yield from train(model, loss, evaluate, run, loop)
    leave(run, "tokenizer", model, config)


def load_tokenizer(run: Path) -> Tokenizer:
    """The tokeniser that `train_tokenizer` left in `run`. Raises DataError where there is none."""
    return finished(run, "tokenizer", TokenizerConfig, Tokenizer)


def normalise(model: Tokenizer, clips: list[PreparedClip]) -> None:
    """Sets mean and standard deviation of every channel from the training clips."""
    halves: list[tuple[HalfTokenizer, list[npt.NDArray[np.float32]]]] = [
        (model.upper, [clip.upper.reshape(-1, clip.upper.shape[-1]) for clip in clips]),
        (model.lower, [clip.lower.reshape(-1, clip.lower.shape[-1]) for clip in clips]),
    ]
    for half, parts in halves:
        channels = torch.from_numpy(np.concatenate(parts))
        half.mean.copy_(channels.mean(0))
        half.std.copy_(channels.std(0).clamp(min=_MIN_STD))


def reconstruction_loss(
    module: nn.Module, upper: Tensor, lower: Tensor, travel: Tensor
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss with the decoder's delay taken out of the comparison."""
    assert isinstance(module, Tokenizer)
    delay = module.config.delay_frames
    made = module(upper, lower)
    keep = upper.shape[1] - delay
    with torch.autocast("cpu", enabled=False):
        return tokenizer_loss(
            made.upper[:, delay:].float(), made.lower[:, delay:].float(), upper[:, :keep], lower[:, :keep], travel
        )


@torch.no_grad()
def evaluate_tokenizer(module: nn.Module, clips: list[PreparedClip]) -> dict[str, float]:
    """Mean joint errors over whole clips (as danced, not mirrored), weighted by length."""
    totals: dict[str, float] = {}
    frames = 0
    for clip in clips:
        upper, lower = torch.from_numpy(clip.upper[:1]), torch.from_numpy(clip.lower[:1])
        _, parts = reconstruction_loss(module, upper, lower, torch.tensor([clip.travel]))
        frames += upper.shape[1]
        for name, part in parts.items():
            totals[name] = totals.get(name, 0.0) + float(part) * upper.shape[1]
    return {name: total / frames for name, total in totals.items()} if frames else {}


def _batch(clips: list[PreparedClip], weights: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """Windows [B, WINDOW_FRAMES, C] of both halves, and the trust in their travel [B]."""
    chosen = torch.multinomial(weights, BATCH, replacement=True, generator=generator).tolist()
    places = torch.rand(BATCH, generator=generator).tolist()
    sides = torch.randint(2, (BATCH,), generator=generator).tolist()
    upper, lower, travel = [], [], []
    for index, place, side in zip(chosen, places, sides, strict=True):
        clip = clips[index]
        start = int(place * (len(clip.upper[side]) - WINDOW_FRAMES + 1))
        window = slice(start, start + WINDOW_FRAMES)
        upper.append(clip.upper[side, window])
        lower.append(clip.lower[side, window])
        travel.append(clip.travel)
    return torch.from_numpy(np.stack(upper)), torch.from_numpy(np.stack(lower)), torch.tensor(travel)
