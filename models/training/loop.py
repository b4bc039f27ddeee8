"""The training loop that all trainings share: AdamW, warm-up and cosine decay, averaged weights, checkpoints, resume,
early stopping, on one device or several."""

from collections.abc import Callable, Iterator
from pathlib import Path

from models.training.config import LoopConfig
from models.training.hardware import check, fabric_for
from models.training.interrupt import interruptible
from models.training.processes import train_apart
from models.training.report import Report
from models.training.steps import train_here
from models.training.task import Task


def train(make: Callable[[], Task], run: Path, config: LoopConfig) -> Iterator[Report]:
    """Trains what `make` makes, yields reports, and leaves the result in `run`; continues from the checkpoint there if
    there is one. With several devices `make` is called in a process for each, so it must be picklable. Raises
    DataError, and TrainingInterrupted after Ctrl+C."""
    check(config)
    if config.devices > 1:
        yield from train_apart(make, run, config)
        return
    task = make()
    with interruptible() as asked_to_stop:
        yield from train_here(task, run, config, fabric_for(config), asked_to_stop)
