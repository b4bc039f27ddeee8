"""What training takes from a dancer's memory and hearing, so that hours of its own dance, silence and a lost clock do
not surprise it."""

import numpy as np
import torch
from torch import Tensor

from megadance_live.core.conditioning import CONDITION_SIZE, PHASE
from models.training.settings import GeneratorTraining

SLIPS = (-3, 1)
"""By how many tokens a history may run late (negative) or early."""
_PLACE = slice(PHASE.start, PHASE.start + 6)
_CONFIDENCE, _SILENT = PHASE.start + 8, PHASE.start + 9
_MUSIC = np.delete(np.arange(CONDITION_SIZE), PHASE)


def corrupt(digits: Tensor, levels: Tensor, settings: GeneratorTraining, generator: torch.Generator) -> Tensor:
    """History with some digits moved by one level or replaced at random, as sampling will do to it."""
    batch = digits.shape[0]
    rate = torch.rand(batch, 1, 1, generator=generator) * settings.corrupt_up_to
    rate = rate * (torch.rand(batch, 1, 1, generator=generator) > settings.clean_history)
    hit = torch.rand(digits.shape, generator=generator) < rate
    nudged = digits + torch.randint(0, 2, digits.shape, generator=generator) * 2 - 1
    anything = (torch.rand(digits.shape, generator=generator) * levels).long()
    other = torch.where(torch.rand(digits.shape, generator=generator) < 0.7, nudged, anything)
    return torch.where(hit, torch.minimum(other.clamp(min=0), levels - 1), digits)


def slips(batch: int, times: int, settings: GeneratorTraining, generator: torch.Generator) -> Tensor:
    """Offsets [B, T]: by how many tokens the history runs ahead of the bar (or, negative, behind it).

    History alone says what comes next so well that a dancer would never look at the beat. One whose history may be
    early or late has to, and so learns to come back on the beat after a slip of its own.
    """
    change = torch.rand(batch, times, generator=generator) < settings.slip_every
    drawn = torch.randint(SLIPS[0], SLIPS[1] + 1, (batch, times), generator=generator)
    # Each offset holds until the next change.
    place = torch.where(change, torch.arange(times), torch.zeros((), dtype=torch.long)).cummax(dim=1).values
    held = drawn.gather(1, place)
    return held * (torch.rand(batch, 1, generator=generator) < settings.off_beat)


def slip(history: Tensor, offsets: Tensor) -> Tensor:
    """The history [B, T, D] moved in time by offsets [B, T]."""
    index = (torch.arange(history.shape[1]) + offsets).clamp(0, history.shape[1] - 1)
    return history.gather(1, index.unsqueeze(-1).expand_as(history))


def since(share: float, batch: int, times: int, generator: torch.Generator) -> Tensor:
    """A token [B] of chance for a `share` of the samples, 0 for the others."""
    start = torch.randint(1, times, (batch,), generator=generator)
    return start * (torch.rand(batch, generator=generator) < share)


def forget(history: Tensor, start: Tensor, levels: Tensor) -> Tensor:
    """The history [B, T, D] with nothing before `start` [B]."""
    gone = torch.arange(history.shape[1]) < start.unsqueeze(1)
    return torch.where(gone.unsqueeze(-1), levels, history)


def estrange(history: Tensor, start: Tensor, stranger: Tensor) -> Tensor:
    """The history [B, T, D] with that of sample `stranger` [B] before `start` [B]: what an expert finds who takes over
    from another, and has to leave."""
    foreign = torch.arange(history.shape[1]) < start.unsqueeze(1)
    return torch.where(foreign.unsqueeze(-1), history[stranger], history)


def drop_conditions(condition: Tensor, settings: GeneratorTraining, generator: torch.Generator) -> Tensor:
    """Withholds the music (as in silence) or the bar phase (as before the clock has locked) from some samples."""
    condition = condition.clone()
    silent = torch.rand(len(condition), generator=generator) < settings.drop_music
    lost = torch.rand(len(condition), generator=generator) < settings.drop_phase
    condition[:, :, _MUSIC] *= ~silent[:, None, None]
    condition[silent, :, _SILENT] = 1.0
    condition[lost, :, _PLACE] = 0.0
    condition[lost, :, _CONFIDENCE] = 0.0
    return condition
