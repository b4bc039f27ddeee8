"""`megadance-live train tokenizer`, `train generator` and `export`: from dance data to a dancer."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.commands.training_options import How, RateOption, StepsOption, trains
from megadance_live.core.errors import DataError, WeightsError

if TYPE_CHECKING:
    from models.training.report import Report

train = typer.Typer(help="Train the dancer: first its tokeniser, then its generator.", no_args_is_help=True)

PreparedArgument = Annotated[Path, typer.Argument(metavar="PREPARED", help="Folder that `prepare` has written.")]
RunArgument = Annotated[
    Path, typer.Argument(metavar="RUN", help="Folder of this training; one that was interrupted goes on.")
]
TokenizerRun = Annotated[Path, typer.Argument(metavar="TOKENIZER", help="Folder that `train tokenizer` has written.")]
GeneratorRun = Annotated[Path, typer.Argument(metavar="GENERATOR", help="Folder that `train generator` has written.")]


@train.command("tokenizer")
@trains
def train_tokenizer(
    prepared: PreparedArgument,
    run: RunArgument,
    how: How,
    steps: StepsOption = 3_000,
    learning_rate: RateOption = 1.5e-3,
) -> None:
    """Train the tokeniser, which turns motion into tokens and back."""
    from models.tokenizer.config import TokenizerConfig
    from models.training.tokenizer import train_tokenizer as train_it

    loop = how.loop(steps, learning_rate, ema_decay=0.995, checkpoint_every=250)
    follow("Tokeniser", train_it(prepared, run, TokenizerConfig(), loop), steps)


@train.command("generator")
@trains
def train_generator(
    prepared: PreparedArgument,
    tokenizer: TokenizerRun,
    run: RunArgument,
    how: How,
    steps: StepsOption = 3_750,
    learning_rate: RateOption = 1.2e-3,
) -> None:
    """Train the generator, which composes tokens to music. Every genre of the data becomes an expert."""
    from models.data.prepared import load_prepared
    from models.generator.config import GeneratorConfig
    from models.training.generator import train_generator as train_it
    from models.training.tokenizer import load_tokenizer

    coder = load_tokenizer(tokenizer)
    experts = tuple(sorted({clip.genre for clip in load_prepared(prepared)}))
    config = GeneratorConfig(experts=experts, levels=coder.config.digit_levels)
    loop = how.loop(steps, learning_rate, checkpoint_every=250)
    follow("Generator", train_it(prepared, coder, run, config, loop), steps)


def export(
    prepared: PreparedArgument,
    tokenizer: TokenizerRun,
    generator: GeneratorRun,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The model folder to write.")],
    name: Annotated[str, typer.Option("--name", help="What the dancer is called in takes.")] = "megadance-live",
    temperature: Annotated[
        float, typer.Option("--temperature", metavar="T", min=0.0, max=2.0, help="Sampling temperature at looseness 1.")
    ] = 1.0,
) -> None:
    """Measure both trainings and write a model folder: model.safetensors, config.json and a model card.

    `run --model DIR` dances with it.
    """
    from models.export import export as export_model

    try:
        facts = export_model(prepared, tokenizer, generator, folder, name, temperature)
    except OSError as error:
        raise WeightsError(f"{folder} cannot be written ({error.strerror}); name another folder.") from error
    for split, numbers in facts.items():
        typer.echo(f"{split}: {_numbers(numbers) if isinstance(numbers, dict) else numbers}")
    typer.echo(f"Model: {folder}")


def follow(what: str, reports: "Iterable[Report]", steps: int) -> None:
    """Show how a training goes: a bar, and a line for every checkpoint."""
    from megadance_live.commands.progress import progress

    done, last = 0, None
    try:
        with progress(what, float(steps)) as bar:
            for report in reports:
                bar(float(report.step - done), what=f"{what} {_numbers(report.parts)}")
                done, last = report.step, report
                if report.skipped:
                    typer.echo(f"step {report.step}: {report.skipped} steps skipped, loss not finite", err=True)
                if report.held_out is not None:
                    typer.echo(f"step {report.step}: {_numbers(report.parts)}; held out: {_numbers(report.held_out)}")
    except OSError as error:
        raise DataError(f"The training cannot be written ({error.strerror}); name another folder.") from error
    if last is not None and last.best is not None:
        best = last.best
        ended = "" if last.step == steps else f"Stopped at step {last.step} of {steps}: no better since. "
        typer.echo(f"{ended}Kept: the weights of step {best.step}, {best.name} {best.value:.4g}.")


def _numbers(parts: Mapping[str, object]) -> str:
    return ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in parts.items()
    )
