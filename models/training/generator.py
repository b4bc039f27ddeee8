"""Trains the generator (stage 2) on prepared clips, through a trained tokeniser."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from megadance_live.core.conditioning import CONDITION_SIZE, MUSIC_SIZE, PHASE, condition_from
from megadance_live.core.errors import DataError
from models.data.prepared import PreparedClip, load_prepared
from models.generator.config import GeneratorConfig
from models.generator.model import DanceGenerator
from models.tokenizer.model import Tokenizer
from models.training.config import LoopConfig
from models.training.finished import finished, leave
from models.training.loop import train
from models.training.report import Report
from models.training.sampling import clip_weights
from models.training.task import Task, device_of

WINDOW_TOKENS = 48
BATCH = 24
GENRES_PER_BATCH = 4
# How often the music, the phase of the bar, or both are withheld, so that the dance survives silence and a lost clock.
DROP_MUSIC = 0.12
DROP_PHASE = 0.08
# Share of samples whose digits are left as they were, and the greatest share of digits changed in the others.
CLEAN_HISTORY = 0.3
CORRUPT_UP_TO = 0.4
# Share of samples whose history runs early or late against the bar, how often that changes, and by how many tokens.
OFF_BEAT = 0.6
SLIP_EVERY = 0.08
SLIPS = (-3, 1)
# Share of samples that begin without any history, for a part of the window.
FORGETFUL = 0.2
_GENRE_POWER = 0.35
_ACTIVITY_POWER = 1.5
_PLACE = slice(PHASE.start, PHASE.start + 6)
_CONFIDENCE, _SILENT = PHASE.start + 8, PHASE.start + 9
_MUSIC = np.delete(np.arange(CONDITION_SIZE), PHASE)


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


def tokenise(clip: PreparedClip, tokenizer: Tokenizer) -> TokenClip:
    """The clip as the generator sees it: every render of its music beside the digits of both sides."""
    upper, lower = tokenizer.tokens(torch.from_numpy(clip.upper), torch.from_numpy(clip.lower))
    music = clip.music() if len(clip.features) else np.zeros((1, clip.tokens, MUSIC_SIZE), np.float32)
    renders = len(music)
    phase = np.broadcast_to(clip.phase, (renders, *clip.phase.shape))
    return TokenClip(clip.genre, upper, lower, torch.from_numpy(condition_from(music, phase)))


def train_generator(
    prepared: Path, tokenizer: Tokenizer, run: Path, config: GeneratorConfig, loop: LoopConfig
) -> Iterator[Report]:
    """Trains and, at the end, leaves `generator.pt` with its configuration in `run`."""
    return train(partial(GeneratorTask, prepared, tokenizer, config, loop.seed), run, loop)


class GeneratorTask(Task):
    """To say the next token of prepared clips."""

    metric = "nats"

    def __init__(self, prepared: Path, tokenizer: Tokenizer, config: GeneratorConfig, seed: int) -> None:
        clips = load_prepared(prepared)
        unknown = {clip.genre for clip in clips} - set(config.experts)
        if unknown:
            raise DataError(
                f"{prepared} holds genres without an expert ({', '.join(sorted(unknown))}); add them as experts."
            )
        training = [(clip, tokenise(clip, tokenizer)) for clip in clips if clip.split == "train"]
        self._held_out = [tokenise(clip, tokenizer) for clip in clips if clip.split == "test"]
        weights = clip_weights([c for c, _ in training], _GENRE_POWER, _ACTIVITY_POWER)
        self._sampler = WindowSampler([t for _, t in training], weights, config)
        torch.manual_seed(seed)
        self.model: DanceGenerator = DanceGenerator(config)
        self.batch_size = BATCH

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

    def __init__(self, clips: list[TokenClip], weights: Tensor, config: GeneratorConfig) -> None:
        usable = [i for i, clip in enumerate(clips) if clip.tokens >= WINDOW_TOKENS]
        if not usable:
            raise DataError(f"No training clip is {WINDOW_TOKENS} tokens long; prepare longer clips.")
        self._clips = [clips[i] for i in usable]
        self._weights = weights[usable]
        self._config = config
        genres = sorted({clip.genre for clip in self._clips})
        self._members = [
            torch.tensor([i for i, clip in enumerate(self._clips) if clip.genre == genre]) for genre in genres
        ]
        self._genre_weights = torch.stack([self._weights[members].sum() for members in self._members])

    def batch(self, generator: torch.Generator) -> Batch:
        genres = torch.multinomial(self._genre_weights, GENRES_PER_BATCH, replacement=True, generator=generator)
        share = BATCH // GENRES_PER_BATCH
        chosen: list[int] = []
        for genre in genres.tolist():
            members = self._members[genre]
            drawn = torch.multinomial(self._weights[members], share, replacement=True, generator=generator)
            chosen += members[drawn].tolist()
        windows = [self._window(self._clips[index], generator) for index in chosen]
        condition, upper, lower = (torch.stack(parts) for parts in zip(*windows, strict=True))
        expert = torch.tensor([self._config.experts.index(self._clips[index].genre) for index in chosen])
        levels = torch.tensor(self._config.levels)
        offsets, start = slips(len(upper), generator), memory(len(upper), generator)
        upper_before, lower_before = (
            forget(slip(before(corrupt(digits, levels, generator), levels), offsets), start, levels)
            for digits in (upper, lower)
        )
        return Batch(
            condition=drop_conditions(condition, generator),
            upper_before=upper_before,
            lower_before=lower_before,
            upper=upper,
            lower=lower,
            expert=expert,
        )

    @staticmethod
    def _window(clip: TokenClip, generator: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
        start = int(torch.randint(clip.tokens - WINDOW_TOKENS + 1, (1,), generator=generator))
        side = int(torch.randint(2, (1,), generator=generator))
        render = int(torch.randint(len(clip.condition), (1,), generator=generator))
        window = slice(start, start + WINDOW_TOKENS)
        return clip.condition[render, window], clip.upper[side, window], clip.lower[side, window]


def before(digits: Tensor, levels: Tensor) -> Tensor:
    """The digits before each token [B, T, D]: shifted by one, with the start digits in front."""
    start = levels.expand(digits.shape[0], 1, -1)
    return torch.cat([start, digits[:, :-1]], dim=1)


def corrupt(digits: Tensor, levels: Tensor, generator: torch.Generator) -> Tensor:
    """History with some digits moved by one level or replaced at random, as sampling will do to it."""
    batch = digits.shape[0]
    rate = torch.rand(batch, 1, 1, generator=generator) * CORRUPT_UP_TO
    rate = rate * (torch.rand(batch, 1, 1, generator=generator) > CLEAN_HISTORY)
    hit = torch.rand(digits.shape, generator=generator) < rate
    nudged = digits + torch.randint(0, 2, digits.shape, generator=generator) * 2 - 1
    anything = (torch.rand(digits.shape, generator=generator) * levels).long()
    other = torch.where(torch.rand(digits.shape, generator=generator) < 0.7, nudged, anything)
    return torch.where(hit, torch.minimum(other.clamp(min=0), levels - 1), digits)


def slips(batch: int, generator: torch.Generator) -> Tensor:
    """Offsets [B, T]: by how many tokens the history runs ahead of the bar (or, negative, behind it).

    History alone says what comes next so well that a dancer would never look at the beat. One whose history may be
    early or late has to, and so learns to come back on the beat after a slip of its own.
    """
    change = torch.rand(batch, WINDOW_TOKENS, generator=generator) < SLIP_EVERY
    drawn = torch.randint(SLIPS[0], SLIPS[1] + 1, (batch, WINDOW_TOKENS), generator=generator)
    # Each offset holds until the next change.
    place = torch.where(change, torch.arange(WINDOW_TOKENS), torch.zeros((), dtype=torch.long)).cummax(dim=1).values
    held = drawn.gather(1, place)
    return held * (torch.rand(batch, 1, generator=generator) < OFF_BEAT)


def slip(history: Tensor, offsets: Tensor) -> Tensor:
    """The history [B, T, D] moved in time by offsets [B, T]."""
    index = (torch.arange(history.shape[1]) + offsets).clamp(0, history.shape[1] - 1)
    return history.gather(1, index.unsqueeze(-1).expand_as(history))


def memory(batch: int, generator: torch.Generator) -> Tensor:
    """The token [B] from which on there is a history: 0 for most."""
    start = torch.randint(1, WINDOW_TOKENS, (batch,), generator=generator)
    return start * (torch.rand(batch, generator=generator) < FORGETFUL)


def forget(history: Tensor, start: Tensor, levels: Tensor) -> Tensor:
    """The history [B, T, D] with nothing before `start` [B]."""
    gone = torch.arange(history.shape[1]) < start.unsqueeze(1)
    return torch.where(gone.unsqueeze(-1), levels, history)


def drop_conditions(condition: Tensor, generator: torch.Generator) -> Tensor:
    """Withholds the music (as in silence) or the bar phase (as before the clock has locked) from some samples."""
    condition = condition.clone()
    silent = torch.rand(len(condition), generator=generator) < DROP_MUSIC
    lost = torch.rand(len(condition), generator=generator) < DROP_PHASE
    condition[:, :, _MUSIC] *= ~silent[:, None, None]
    condition[silent, :, _SILENT] = 1.0
    condition[lost, :, _PLACE] = 0.0
    condition[lost, :, _CONFIDENCE] = 0.0
    return condition


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
