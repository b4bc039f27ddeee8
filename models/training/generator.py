"""Trains the generator (stage 2) on prepared clips, through a trained tokeniser."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from megadance_live.core.conditioning import MUSIC_SIZE, condition_from, late_music, pool_music, sample_music
from megadance_live.core.errors import DataError
from megadance_live.core.motion import TOKEN_FRAMES
from models.data.prepared import PreparedClip, load_prepared
from models.generator.config import GeneratorConfig
from models.generator.model import DanceGenerator
from models.tokenizer.model import Tokenizer
from models.training.config import LoopConfig
from models.training.corruption import corrupt, drop_conditions, estrange, forget, since, slip, slips
from models.training.finished import finished, leave
from models.training.loop import train
from models.training.report import Report
from models.training.sampling import clip_weights
from models.training.settings import GeneratorTraining
from models.training.task import Task, device_of

_DEFAULT = GeneratorTraining()


@dataclass(frozen=True)
class TokenClip:
    """A prepared clip in tokens: digits [2, n, D] as danced and mirrored, conditions [renders, n, C]."""

    genre: str
    upper: Tensor
    lower: Tensor
    condition: Tensor

    @property
    def tokens(self) -> int:
        return int(self.upper.shape[1])


def tokenise(clip: PreparedClip, tokenizer: Tokenizer, config: GeneratorConfig) -> TokenClip:
    """The clip as the generator sees it: every render of its music beside the digits of both sides."""
    upper, lower = tokenizer.tokens(torch.from_numpy(clip.upper), torch.from_numpy(clip.lower))
    # Heard as on stage, where whoever needs more of what comes after composes so much earlier.
    earlier_hops = TOKEN_FRAMES * tokenizer.config.grid_lookahead - TOKEN_FRAMES
    heard = clip.music(pool_music if config.conditioning == "pooled" else sample_music, earlier_hops)
    music = heard if len(heard) else np.zeros((1, clip.tokens, MUSIC_SIZE), np.float32)
    phase = np.broadcast_to(clip.phase, (len(music), *clip.phase.shape))
    condition = condition_from(music, phase)[:, :: tokenizer.config.token_frames // TOKEN_FRAMES][:, : upper.shape[1]]
    if config.music_lag_tokens:
        condition = late_music(condition)
    return TokenClip(clip.genre, upper, lower, torch.from_numpy(np.ascontiguousarray(condition)))


def train_generator(
    prepared: Path,
    tokenizer: Tokenizer,
    run: Path,
    config: GeneratorConfig,
    loop: LoopConfig,
    settings: GeneratorTraining = _DEFAULT,
) -> Iterator[Report]:
    """Trains and, at the end, leaves `generator.pt` with its configuration in `run`."""
    return train(partial(GeneratorTask, prepared, tokenizer, config, loop.seed, settings), run, loop)


class GeneratorTask(Task):
    """To say the next token of prepared clips."""

    metric = "nats"

    def __init__(
        self,
        prepared: Path,
        tokenizer: Tokenizer,
        config: GeneratorConfig,
        seed: int,
        settings: GeneratorTraining = _DEFAULT,
    ) -> None:
        clips = load_prepared(prepared)
        unknown = {clip.genre for clip in clips} - set(config.experts)
        if unknown:
            raise DataError(
                f"{prepared} holds genres without an expert ({', '.join(sorted(unknown))}); add them as experts."
            )
        training = [(clip, tokenise(clip, tokenizer, config)) for clip in clips if clip.split == "train"]
        self._held_out = [tokenise(clip, tokenizer, config) for clip in clips if clip.split == "test"]
        weights = clip_weights([c for c, _ in training], settings.genre_power, settings.activity_power)
        self._sampler = WindowSampler([t for _, t in training], weights, config, settings)
        torch.manual_seed(seed)
        self.model: DanceGenerator = DanceGenerator(config)
        self.batch_size = settings.batch

    def batch(self, generator: torch.Generator) -> tuple[Tensor, ...]:
        return self._sampler.batch(generator)

    def loss(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, Tensor]]:
        return _loss(self.model, Batch(*batch))

    def evaluate(self, model: nn.Module) -> dict[str, float]:
        nats = evaluate_generator(model, self._held_out, self.model.config)
        return {"nats": sum(nats.values()) / len(nats), **nats} if nats else {}

    def leave(self, model: nn.Module, run: Path, step: int) -> None:
        leave(run, "generator", model, self.model.config)


def load_generator(run: Path) -> DanceGenerator:
    """The generator that `train_generator` left in `run`. Raises DataError where there is none."""
    return finished(run, "generator", GeneratorConfig, DanceGenerator)


class Batch(NamedTuple):
    """Conditions [B, T, C], digits before each token and of it [B, T, D], experts [B]."""

    condition: Tensor
    upper_before: Tensor
    lower_before: Tensor
    upper: Tensor
    lower: Tensor
    expert: Tensor


class WindowSampler:
    """Draws windows of a few genres at a time, since every genre in a batch is an expert to run."""

    def __init__(
        self, clips: list[TokenClip], weights: Tensor, config: GeneratorConfig, settings: GeneratorTraining
    ) -> None:
        usable = [i for i, clip in enumerate(clips) if clip.tokens >= settings.window_tokens]
        if not usable:
            raise DataError(f"No training clip is {settings.window_tokens} tokens long; prepare longer clips.")
        self._settings = settings
        self._clips = [clips[i] for i in usable]
        self._weights = weights[usable]
        self._config = config
        genres = sorted({clip.genre for clip in self._clips})
        self._members = [
            torch.tensor([i for i, clip in enumerate(self._clips) if clip.genre == genre]) for genre in genres
        ]
        self._genre_weights = torch.stack([self._weights[members].sum() for members in self._members])

    def batch(self, generator: torch.Generator) -> Batch:
        genres = torch.multinomial(
            self._genre_weights, self._settings.genres_per_batch, replacement=True, generator=generator
        )
        share = self._settings.batch // self._settings.genres_per_batch
        chosen: list[int] = []
        for genre in genres.tolist():
            members = self._members[genre]
            drawn = torch.multinomial(self._weights[members], share, replacement=True, generator=generator)
            chosen += members[drawn].tolist()
        windows = [self._window(self._clips[index], generator) for index in chosen]
        condition, upper, lower = (torch.stack(parts) for parts in zip(*windows, strict=True))
        expert = torch.tensor([self._config.experts.index(self._clips[index].genre) for index in chosen])
        levels = torch.tensor(self._config.levels)
        upper_before, lower_before = self._history(upper, lower, levels, generator)
        return Batch(
            condition=drop_conditions(condition, self._settings, generator),
            upper_before=upper_before,
            lower_before=lower_before,
            upper=upper,
            lower=lower,
            expert=expert,
        )

    def _history(
        self, upper: Tensor, lower: Tensor, levels: Tensor, generator: torch.Generator
    ) -> tuple[Tensor, Tensor]:
        """What the dancer remembers of both halves: not all that there was, if the settings say so."""
        if not self._settings.corrupt_history:
            return before(upper, levels), before(lower, levels)
        batch, times, _ = upper.shape
        offsets = slips(batch, times, self._settings, generator)
        begun = since(self._settings.forgetful, batch, times, generator)
        own = since(self._settings.estranged, batch, times, generator)
        # Samples of a genre lie side by side.
        stranger = (torch.arange(batch) + batch // self._settings.genres_per_batch) % batch

        def remembered(digits: Tensor) -> Tensor:
            history = slip(before(corrupt(digits, levels, self._settings, generator), levels), offsets)
            return forget(estrange(history, own, stranger), begun, levels)

        return remembered(upper), remembered(lower)

    def _window(self, clip: TokenClip, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        length = self._settings.window_tokens
        start = int(torch.randint(clip.tokens - length + 1, (1,), generator=generator))
        side = int(torch.randint(2, (1,), generator=generator))
        render = int(torch.randint(len(clip.condition), (1,), generator=generator))
        window = slice(start, start + length)
        return clip.condition[render, window], clip.upper[side, window], clip.lower[side, window]


def before(digits: Tensor, levels: Tensor) -> Tensor:
    """The digits before each token [B, T, D]: shifted by one, with the start digits in front."""
    start = levels.expand(digits.shape[0], 1, -1)
    return torch.cat([start, digits[:, :-1]], dim=1)


def _loss(module: nn.Module, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
    assert isinstance(module, DanceGenerator)
    nats = module.loss(
        batch.condition, batch.upper_before, batch.lower_before, (batch.upper, batch.lower), batch.expert
    )
    total = nats["upper"].sum() + nats["lower"].sum()
    return total, {name: part.mean().detach() for name, part in nats.items()}


@torch.no_grad()
def evaluate_generator(module: nn.Module, clips: list[TokenClip], config: GeneratorConfig) -> dict[str, float]:
    """Nats per digit on whole held-out clips, clean history, weighted by length."""
    levels = torch.tensor(config.levels)
    totals = {"upper": 0.0, "lower": 0.0}
    tokens = 0
    for clip in clips:
        upper, lower = clip.upper[:1], clip.lower[:1]
        batch = Batch(
            clip.condition[:1],
            before(upper, levels),
            before(lower, levels),
            upper,
            lower,
            torch.tensor([config.experts.index(clip.genre)]),
        )
        _, parts = _loss(module, Batch(*(part.to(device_of(module)) for part in batch)))
        tokens += clip.tokens
        for name, part in parts.items():
            totals[name] += float(part) * clip.tokens
    return {name: total / tokens for name, total in totals.items()} if tokens else {}
