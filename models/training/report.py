"""What a training tells while it runs."""

from dataclasses import dataclass

from megadance_live.core.errors import MegaDanceError


@dataclass(frozen=True)
class Best:
    """The best held-out figure so far, and the step after which it was measured."""

    step: int
    name: str
    value: float


@dataclass(frozen=True)
class Report:
    """`parts` are means since the last report; `held_out` is filled where a checkpoint was written, and `best` too
    where the training stops when it is not beaten. `skipped` steps since the last report had no finite loss."""

    step: int
    steps: int
    parts: dict[str, float]
    held_out: dict[str, float] | None = None
    best: Best | None = None
    skipped: int = 0


class TrainingInterrupted(MegaDanceError):
    """Somebody asked a training to stop; its checkpoint is written."""
