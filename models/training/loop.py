"""The training loop that both stages share: AdamW, warm-up and cosine decay, averaged weights, checkpoints, resume."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from megadance_live.core.errors import DataError
from models.training.finished import UNREADABLE

CHECKPOINT = "checkpoint.pt"


@dataclass(frozen=True, kw_only=True)
class LoopConfig:
    """How long and how hard to train."""

    steps: int
    learning_rate: float = 1e-3
    warmup_steps: int = 100
    final_fraction: float = 0.02
    weight_decay: float = 0.01
    clip_norm: float = 1.0
    ema_decay: float = 0.998
    report_every: int = 50
    checkpoint_every: int = 500
    bf16: bool = True
    seed: int = 0


@dataclass(frozen=True)
class Report:
    """`parts` are means since the last report; `held_out` is filled where a checkpoint was written."""

    step: int
    steps: int
    parts: dict[str, float]
    held_out: dict[str, float] | None = None


Loss = Callable[[nn.Module, torch.Generator], tuple[Tensor, dict[str, Tensor]]]
Evaluate = Callable[[nn.Module], dict[str, float]]


def train(model: nn.Module, loss: Loss, evaluate: Evaluate, run: Path, config: LoopConfig) -> Iterator[Report]:
    """Trains `model` in place and yields reports; continues from the checkpoint in `run` if one is there. At the end,
    `model` holds the averaged weights."""
    run.mkdir(parents=True, exist_ok=True)
    generator = torch.Generator().manual_seed(config.seed)
    torch.manual_seed(config.seed)
    optimiser = torch.optim.AdamW(_groups(model, config.weight_decay), lr=config.learning_rate, betas=(0.9, 0.98))
    ema = get_ema_multi_avg_fn(config.ema_decay)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(model, multi_avg_fn=ema, use_buffers=False)
    step = _resume(run / CHECKPOINT, model, averaged, optimiser, generator)
    sums: dict[str, Tensor] = {}
    since = 0
    while step < config.steps:
        for group in optimiser.param_groups:
            group["lr"] = config.learning_rate * _schedule(step, config)
        model.train()
        value, parts = _step(model, loss, optimiser, generator, config)
        averaged.update_parameters(model)
        step += 1
        since += 1
        for name, part in {"loss": value, **parts}.items():
            sums[name] = sums.get(name, torch.zeros(())) + part.detach()
        at_checkpoint = step % config.checkpoint_every == 0 or step == config.steps
        if at_checkpoint or step % config.report_every == 0:
            means = {name: float(total) / since for name, total in sums.items()}
            sums, since = {}, 0
            held_out = None
            if at_checkpoint:
                _save(run / CHECKPOINT, model, averaged, optimiser, generator, step)
                held_out = evaluate(averaged.module.eval())
            yield Report(step, config.steps, means, held_out)
    model.load_state_dict(averaged.module.state_dict())
    model.eval()


def _step(
    model: nn.Module,
    loss: Loss,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator,
    config: LoopConfig,
) -> tuple[Tensor, dict[str, Tensor]]:
    with torch.autocast("cpu", torch.bfloat16, enabled=config.bf16):
        value, parts = loss(model, generator)
    optimiser.zero_grad(set_to_none=True)
    value.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), config.clip_norm)
    optimiser.step()
    return value, parts


def _schedule(step: int, config: LoopConfig) -> float:
    if step < config.warmup_steps:
        return (step + 1) / config.warmup_steps
    through = (step - config.warmup_steps) / max(1, config.steps - config.warmup_steps)
    return config.final_fraction + (1 - config.final_fraction) * 0.5 * (1 + math.cos(math.pi * min(1.0, through)))


def _groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Only matrices decay."""
    decayed = [p for p in model.parameters() if p.ndim >= 2]
    rest = [p for p in model.parameters() if p.ndim < 2]
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": rest, "weight_decay": 0.0}]


def _save(
    path: Path,
    model: nn.Module,
    averaged: AveragedModel,
    optimiser: torch.optim.Optimizer,
    generator: torch.Generator,
    step: int,
) -> None:
    scratch = path.with_suffix(".tmp")
    torch.save(
        {
            "model": model.state_dict(),
            "averaged": averaged.state_dict(),
            "optimiser": optimiser.state_dict(),
            "generator": generator.get_state(),
            "global_rng": torch.get_rng_state(),
            "step": step,
        },
        scratch,
    )
    scratch.replace(path)


def _resume(
    path: Path, model: nn.Module, averaged: AveragedModel, optimiser: torch.optim.Optimizer, generator: torch.Generator
) -> int:
    """The step to go on from: 0 where there is no checkpoint."""
    if not path.exists():
        return 0
    try:
        saved = torch.load(path, weights_only=True)
        model.load_state_dict(saved["model"])
        averaged.load_state_dict(saved["averaged"])
        optimiser.load_state_dict(saved["optimiser"])
        generator.set_state(saved["generator"])
        torch.set_rng_state(saved["global_rng"])
        return int(saved["step"])
    except UNREADABLE as error:
        raise DataError(
            f"{path} is of another model or broken; delete it to begin again, or name another run folder."
        ) from error
