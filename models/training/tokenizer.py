"""Trains the tokeniser (stage 1) on prepared clips."""

from collections.abc import Iterator
from functools import partial
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
from models.training.config import LoopConfig
from models.training.finished import finished, leave
from models.training.loop import train
from models.training.report import Report
from models.training.sampling import clip_weights
from models.training.settings import TokenizerTraining
from models.training.task import Task, device_of
from models.training.tokens import coders
from models.training.variation import FASTEST, REVERSED, SLOWEST, STRETCH, stretched, vary

_MIN_STD = 0.02
_DEFAULT = TokenizerTraining()


def train_tokenizer(
    prepared: Path,
    run: Path,
    config: TokenizerConfig,
    loop: LoopConfig,
    settings: TokenizerTraining = _DEFAULT,
    decoder_of: Path | None = None,
) -> Iterator[Report]:
    """Trains and, at the end, leaves `tokenizer.pt` with its configuration in `run`. With `decoder_of` it begins as the
    tokeniser that was left there, and only the decoders go on learning: tokens stay what they are, and a generator that
    has learnt them stays right. Raises DataError."""
    if decoder_of is not None:
        config = load_tokenizer(decoder_of).config
    return train(partial(TokenizerTask, prepared, config, loop.seed, settings, decoder_of), run, loop)


class TokenizerTask(Task):
    """To bring windows of prepared clips through tokens and back."""

    metric = "mae_m"

    def __init__(
        self,
        prepared: Path,
        config: TokenizerConfig,
        seed: int,
        settings: TokenizerTraining = _DEFAULT,
        decoder_of: Path | None = None,
    ) -> None:
        clips = load_prepared(prepared)
        frames = settings.window_frames
        self._settings = settings
        self._clips = [clip for clip in clips if clip.split == "train" and len(clip.upper[0]) > frames]
        self._held_out = [clip for clip in clips if clip.split == "test"]
        if not self._clips:
            raise DataError(f"{prepared} holds no training clip longer than {frames} frames; prepare more data.")
        torch.manual_seed(seed)
        self.model: Tokenizer = Tokenizer(config)
        normalise(self.model, self._clips)
        self._kept = list(coders(self.model)) if decoder_of is not None else []
        if decoder_of is not None:
            self.model.load_state_dict(load_tokenizer(decoder_of).state_dict())
        for part in self._kept:
            part.requires_grad_(False)
        self._weights = clip_weights(self._clips)
        self.batch_size = settings.batch

    def batch(self, generator: torch.Generator) -> tuple[Tensor, ...]:
        return _batch(self._clips, self._weights, self._settings, generator)

    def loss(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        upper, lower, travel = batch
        for part in self._kept:  # their dropout would blur the tokens that stay
            part.eval()
        return reconstruction_loss(self.model, upper, lower, travel, self._settings)

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        return evaluate_tokenizer(model, self._held_out)

    def leave(self, model: nn.Module, run: Path, step: int) -> None:
        leave(run, "tokenizer", model, self.model.config)


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
    module: nn.Module, upper: Tensor, lower: Tensor, travel: Tensor, settings: TokenizerTraining = _DEFAULT
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss with the decoder's delay taken out of the comparison."""
    assert isinstance(module, Tokenizer)
    delay = module.config.delay_frames
    made = module(upper, lower)
    keep = made.upper.shape[1] - delay
    with torch.autocast(upper.device.type, enabled=False):
        loss, parts = tokenizer_loss(
            made.upper[:, delay:].float(),
            made.lower[:, delay:].float(),
            upper[:, :keep],
            lower[:, :keep],
            travel,
            kinematic=settings.kinematic,
            dynamic=settings.dynamic,
            jerk=settings.jerk,
            pace=settings.pace,
        )
        if module.config.quantiser == "vq":
            parts["commitment"] = made.commitment.detach()
            loss = loss + settings.commitment * made.commitment
        return loss, parts


@torch.no_grad()
def evaluate_tokenizer(module: nn.Module, clips: list[PreparedClip]) -> dict[str, float]:
    """Mean joint errors over whole clips (as danced, not mirrored), weighted by length."""
    totals: dict[str, float] = {}
    frames = 0
    for clip in clips:
        device = device_of(module)
        upper, lower = (torch.from_numpy(half[:1]).to(device) for half in (clip.upper, clip.lower))
        _, parts = reconstruction_loss(module, upper, lower, torch.tensor([clip.travel], device=device))
        frames += upper.shape[1]
        for name, part in parts.items():
            totals[name] = totals.get(name, 0.0) + float(part) * upper.shape[1]
    return {name: total / frames for name, total in totals.items()} if frames else {}


def _batch(
    clips: list[PreparedClip], weights: Tensor, settings: TokenizerTraining, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Windows [B, window_frames, C] of both halves, varied, and the trust in their travel [B]."""
    count = settings.batch
    chosen = torch.multinomial(weights, count, replacement=True, generator=generator).tolist()
    places = torch.rand(count, generator=generator).tolist()
    sides = torch.randint(2, (count,), generator=generator).tolist()
    varied = float(settings.vary)
    tempi = torch.exp(torch.randn(count, generator=generator) * STRETCH * varied).clamp(SLOWEST, FASTEST).tolist()
    backwards = (torch.rand(count, generator=generator) < REVERSED * varied).tolist()
    windows = []
    for index, side, *how in zip(chosen, sides, places, tempi, backwards, strict=True):
        clip = clips[index]
        windows.append(stretched(clip.upper[side], clip.lower[side], settings.window_frames, *how))
    upper, lower = (torch.from_numpy(np.stack(parts)) for parts in zip(*windows, strict=True))
    travel = torch.tensor([clips[index].travel for index in chosen])
    return (*vary(upper, lower, generator), travel) if settings.vary else (upper, lower, travel)
