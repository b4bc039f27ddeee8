"""The steps of a training in one process, alone or as one of several that share every batch."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from megadance_live.core.errors import DataError
from models.training.checkpoint import Progress
from models.training.config import LoopConfig
from models.training.report import Best, Report, TrainingInterrupted
from models.training.scalars import Scalars
from models.training.task import Task

if TYPE_CHECKING:
    from lightning_fabric import Fabric

MOST_SKIPPED = 5
"""Steps in a row without a finite loss after which a training gives up."""


def train_here(
    task: Task, run: Path, config: LoopConfig, fabric: "Fabric", asked_to_stop: Callable[[], bool]
) -> Iterator[Report]:
    """Trains until the last step, or until patience is over, and leaves what the task is for in `run`. What the first
    of several processes reports holds for all. Raises DataError, and TrainingInterrupted when asked to stop."""
    if task.batch_size % fabric.world_size:
        raise DataError(
            f"{fabric.world_size} devices cannot share a batch of {task.batch_size} evenly; "
            f"ask for a number of --devices that divides {task.batch_size}."
        )
    try:
        run.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"{run} cannot be made ({error.strerror}); name another run folder.") from error
    optimiser = torch.optim.AdamW(_groups(task.model, config.weight_decay), lr=config.learning_rate, betas=(0.9, 0.98))
    ema = get_ema_multi_avg_fn(config.ema_decay)  # type: ignore[no-untyped-call]
    averaged = AveragedModel(task.model, multi_avg_fn=ema, use_buffers=False).to(fabric.device)
    stepper = _Stepper(task, optimiser, config, fabric)
    progress = Progress(task.model, averaged, optimiser, torch.Generator().manual_seed(config.seed))
    progress.resume(run)
    if config.patience is None:
        progress.best, progress.best_weights = None, None
    scalars = Scalars(run, progress.step) if fabric.is_global_zero else None
    try:
        yield from _steps(task, run, config, stepper, progress, scalars, asked_to_stop)
    finally:
        if scalars is not None:
            scalars.close()
    if fabric.is_global_zero:
        task.model.load_state_dict(progress.best_weights or averaged.module.state_dict())
        task.leave(task.model.cpu().eval(), run, progress.best.step if progress.best else progress.step)


def _steps(
    task: Task,
    run: Path,
    config: LoopConfig,
    stepper: "_Stepper",
    progress: Progress,
    scalars: Scalars | None,
    asked_to_stop: Callable[[], bool],
) -> Iterator[Report]:
    fabric, window = stepper.fabric, _Window()
    patience = math.inf if config.patience is None else config.patience
    while progress.step < config.steps and progress.waited < patience:
        rate = config.learning_rate * _schedule(progress.step, config)
        taken = stepper.step(progress.generator, progress.step, rate, asked_to_stop)
        progress.step += 1
        if window.add(taken) >= MOST_SKIPPED:
            raise DataError(
                f"The loss was not a finite number {MOST_SKIPPED} times in a row, up to step {progress.step}; "
                f"the last checkpoint in {run} is kept: go on from it with a lower --learning-rate."
            )
        if taken.finite and fabric.is_global_zero:
            progress.averaged.update_parameters(task.model)
        at_checkpoint = progress.step % config.checkpoint_every == 0 or progress.step == config.steps
        if at_checkpoint or progress.step % config.report_every == 0:
            held_out = _checkpoint(task, run, config, fabric, progress) if at_checkpoint else None
            report = Report(progress.step, config.steps, window.means(fabric), held_out, progress.best, window.skipped)
            if scalars is not None:
                scalars.write(report, rate, window.gradient_norm, window.steps_per_s)
            window = _Window(skipped_in_a_row=window.skipped_in_a_row)
            yield report
        if taken.stop and progress.step < config.steps:
            _stop(run, config, fabric, progress)


def _checkpoint(task: Task, run: Path, config: LoopConfig, fabric: "Fabric", progress: Progress) -> dict[str, float]:
    """Measures the averaged weights and saves everything; returns the held-out figures."""
    measured = task.evaluate(progress.averaged.module.eval()) if fabric.is_global_zero else {}
    held_out: dict[str, float] = fabric.broadcast(measured)
    value = held_out.get(task.metric, math.nan)
    if config.patience is not None and not math.isnan(value):
        before = progress.best
        if before is None or (value > before.value if task.higher_is_better else value < before.value):
            progress.best, progress.waited = Best(progress.step, task.metric, value), 0
            if fabric.is_global_zero:  # the others do not average
                progress.best_weights = {k: t.cpu().clone() for k, t in progress.averaged.module.state_dict().items()}
        else:
            progress.waited += 1
    if fabric.is_global_zero:
        progress.save(run)
    if config.patience is not None and math.isnan(value):
        raise DataError(
            "No held-out clip tells when to stop; train without --patience, or mark clips of the data as test."
        )
    return held_out


def _stop(run: Path, config: LoopConfig, fabric: "Fabric", progress: Progress) -> None:
    """Saves and raises TrainingInterrupted."""
    if fabric.is_global_zero:
        progress.save(run)
    fabric.barrier()  # nobody says so before it is written
    raise TrainingInterrupted(
        f"Interrupted after step {progress.step} of {config.steps}, which is saved in {run}; the same command goes on."
    )


@dataclass(frozen=True)
class _Taken:
    """One step: its loss, parts, gradient norm, whether it was taken or skipped as not finite, and whether any process
    was asked to stop."""

    parts: dict[str, Tensor]
    gradient_norm: float
    finite: bool
    stop: bool


class _Stepper:
    """Takes steps with the model of a task, on whatever Fabric has found."""

    def __init__(self, task: Task, optimiser: torch.optim.Optimizer, config: LoopConfig, fabric: "Fabric") -> None:
        self.fabric = fabric
        self._task, self._config = task, config
        self._loss, self._optimiser = fabric.setup(_Loss(task), optimiser)

    def step(self, generator: torch.Generator, step: int, rate: float, stop: Callable[[], bool]) -> _Taken:
        """One step on the next batch, at a learning rate."""
        fabric = self.fabric
        for group in self._optimiser.param_groups:
            group["lr"] = rate
        self._loss.train()
        batch = self._task.batch(generator)
        own = tuple(part[fabric.global_rank :: fabric.world_size].to(fabric.device) for part in batch)
        noise = np.random.SeedSequence((self._config.seed, step, fabric.global_rank)).generate_state(1, np.uint64)
        torch.manual_seed(int(noise[0]))
        value, parts = self._loss(_Whole(own))
        self._optimiser.zero_grad(set_to_none=True)
        fabric.backward(value)
        norm = fabric.clip_gradients(
            self._loss, self._optimiser, max_norm=self._config.clip_norm, error_if_nonfinite=False
        )
        assert norm is not None
        # One exchange, so that all processes decide alike.
        told = torch.stack([value.detach().float(), norm.float(), torch.tensor(float(stop()), device=value.device)])
        mean_loss, mean_norm, stops = _mean(fabric, told)
        finite = math.isfinite(mean_loss) and math.isfinite(mean_norm)
        if finite:
            self._optimiser.step()
        return _Taken({"loss": value.detach(), **parts}, mean_norm, finite, stops > 0)


class _Whole:
    """Keeps a batch from Fabric, which would round it to the precision of the network; autocast does what is needed."""

    def __init__(self, batch: tuple[Tensor, ...]) -> None:
        self.batch = batch


class _Loss(nn.Module):
    """The loss as a module, so that Fabric takes part in all of it."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        self.model = task.model
        self._task = task

    def forward(self, whole: _Whole) -> tuple[Tensor, dict[str, Tensor]]:
        return self._task.loss(whole.batch)


@dataclass
class _Window:
    """What has happened since the last report."""

    skipped_in_a_row: int = 0
    skipped: int = 0
    gradient_norm: float = math.nan
    _sums: dict[str, Tensor] = field(default_factory=dict)
    _count: int = 0
    _since: float = field(default_factory=time.perf_counter)

    def add(self, taken: _Taken) -> int:
        """Counts a step; returns how many in a row have been skipped."""
        if not taken.finite:
            self.skipped += 1
            self.skipped_in_a_row += 1
            return self.skipped_in_a_row
        self.skipped_in_a_row = 0
        self.gradient_norm = taken.gradient_norm
        self._count += 1
        for name, part in taken.parts.items():
            self._sums[name] = self._sums[name] + part.detach() if name in self._sums else part.detach()
        return 0

    def means(self, fabric: "Fabric") -> dict[str, float]:
        """Over all steps that were taken, and over all processes."""
        if not self._sums:
            return {}
        summed = torch.stack([total.float() for total in self._sums.values()]) / self._count
        return dict(zip(self._sums, _mean(fabric, summed), strict=True))

    @property
    def steps_per_s(self) -> float:
        return (self._count + self.skipped) / (time.perf_counter() - self._since)


def _mean(fabric: "Fabric", values: Tensor) -> list[float]:
    """Over all processes, of each value [n]."""
    mean = fabric.all_reduce(values, reduce_op="mean")
    assert isinstance(mean, Tensor)
    return [float(value) for value in mean]


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
