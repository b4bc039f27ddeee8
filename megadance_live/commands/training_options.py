"""The options that every training has, in one place."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from models.training.config import LoopConfig

RateOption = Annotated[float, typer.Option("--learning-rate", min=1e-7, max=1.0, help="Highest learning rate.")]
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of everything that is random.")]
StepsOption = Annotated[int, typer.Option("--steps", metavar="N", min=1, help="Steps in all.")]


@dataclass(frozen=True)
class How:
    """Where to train and when to stop; the fields are options by the same names."""

    seed: SeedOption = 0
    patience: Annotated[
        int | None,
        typer.Option(
            "--patience",
            metavar="N",
            min=1,
            help="Stop after N checkpoints without a better held-out figure, and keep the best weights.",
        ),
    ] = None
    accelerator: Annotated[
        Literal["auto", "cpu", "cuda"],
        typer.Option("--accelerator", help="auto: a GPU if there is one."),
    ] = "auto"
    devices: Annotated[
        int, typer.Option("--devices", metavar="N", min=1, help="GPUs (or processes) that share every batch.")
    ] = 1
    precision: Annotated[
        Literal["auto", "bf16-mixed", "32-true"],
        typer.Option("--precision", help="auto: bf16-mixed where the hardware computes in bf16."),
    ] = "auto"

    def loop(self, steps: int, learning_rate: float, **more: Any) -> "LoopConfig":
        """These and what else a training decides for itself."""
        from models.training.config import LoopConfig

        return LoopConfig(steps=steps, learning_rate=learning_rate, **{**vars(self), **more})


def trains(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options of How to a command, which takes them as its argument `how`."""
    shared = inspect.signature(How).parameters

    @wraps(command)
    def run(**given: Any) -> None:
        command(**{n: v for n, v in given.items() if n not in shared}, how=How(**{n: given[n] for n in shared}))

    own = [parameter for name, parameter in inspect.signature(command).parameters.items() if name != "how"]
    parameters = [*own, *shared.values()]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
