"""`megadance-live train tokenizer`, `train generator` and `export`: from dance data to a dancer."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.commands.training_options import How, trains
from megadance_live.core.errors import DataError, WeightsError

if TYPE_CHECKING:
    from models.training.config import LoopConfig
    from models.training.report import Report
    from models.training.settings import StageTraining

train = typer.Typer(help="Train the dancer: first its tokeniser, then its generator.", no_args_is_help=True)

PreparedArgument = Annotated[Path, typer.Argument(metavar="PREPARED", help="Folder that `prepare` has written.")]
RunArgument = Annotated[
    Path, typer.Argument(metavar="RUN", help="Folder of this training; one that was interrupted goes on.")
]
TokenizerRun = Annotated[Path, typer.Argument(metavar="TOKENIZER", help="Folder that `train tokenizer` has written.")]
RecipeOption = Annotated[
    str,
    typer.Option("--recipe", metavar="NAME|FILE", help="live, paper, an ablation, or a TOML file."),
]
RecipeStepsOption = Annotated[
    int | None, typer.Option("--steps", metavar="N", min=1, help="Steps in all, if not those of the recipe.")
]
RecipeRateOption = Annotated[
    float | None,
    typer.Option("--learning-rate", min=1e-7, max=1.0, help="Highest learning rate, if not that of the recipe."),
]
GeneratorRun = Annotated[Path, typer.Argument(metavar="GENERATOR", help="Folder that `train generator` has written.")]


@train.command("tokenizer")
@trains
def train_tokenizer(
    prepared: PreparedArgument,
    run: RunArgument,
    how: How,
    recipe: RecipeOption = "live",
    steps: RecipeStepsOption = None,
    learning_rate: RecipeRateOption = None,
    decoder_of: Annotated[
        Path | None,
        typer.Option(
            "--decoder-of",
            metavar="TOKENIZER",
            help="Begin as this one, and let only its decoder learn on: tokens stay what they are.",
        ),
    ] = None,
) -> None:
    """Train the tokeniser, which turns motion into tokens and back."""
    from models.recipe import load_recipe
    from models.training.tokenizer import train_tokenizer as train_it

    asked = load_recipe(recipe)
    loop = _loop(how, asked.tokenizer_training, steps, learning_rate)
    follow(
        "Tokeniser", train_it(prepared, run, asked.tokenizer, loop, asked.tokenizer_training, decoder_of), loop.steps
    )


@train.command("generator")
@trains
def train_generator(
    prepared: PreparedArgument,
    tokenizer: TokenizerRun,
    run: RunArgument,
    how: How,
    recipe: RecipeOption = "live",
    steps: RecipeStepsOption = None,
    learning_rate: RecipeRateOption = None,
) -> None:
    """Train the generator, which composes tokens to music. Every genre of the data becomes an expert."""
    from models.data.prepared import load_prepared
    from models.recipe import load_recipe
    from models.training.generator import train_generator as train_it
    from models.training.tokenizer import load_tokenizer
    from models.training.tokens import learnt_tokens, note_tokens, tokens_of

    asked = load_recipe(recipe)
    coder = load_tokenizer(tokenizer)
    if learnt_tokens(run) not in (None, tokens_of(coder)):
        typer.echo(
            f"{run} has learnt the tokens of another tokeniser; from here on it learns those of {tokenizer}.", err=True
        )
    note_tokens(run, coder)
    experts = tuple(sorted({clip.genre for clip in load_prepared(prepared)}))
    config = replace(asked.generator, experts=experts, levels=coder.config.digit_levels)
    loop = _loop(how, asked.generator_training, steps, learning_rate)
    follow("Generator", train_it(prepared, coder, run, config, loop, asked.generator_training), loop.steps)


def _loop(how: How, settings: "StageTraining", steps: int | None, learning_rate: float | None) -> "LoopConfig":
    """As the recipe has it, where the command line does not say otherwise."""
    told = {
        "warmup_steps": settings.warmup_steps,
        "final_fraction": settings.final_fraction,
        "weight_decay": settings.weight_decay,
        "ema_decay": settings.ema_decay,
        "checkpoint_every": settings.checkpoint_every,
        "patience": settings.patience if how.patience is None else how.patience,
    }
    return how.loop(steps or settings.steps, learning_rate or settings.learning_rate, **told)


def export(
    prepared: PreparedArgument,
    tokenizer: TokenizerRun,
    generator: GeneratorRun,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The model folder to write.")],
    name: Annotated[str, typer.Option("--name", help="What the dancer is called in takes.")] = "megadance-live",
    temperature: Annotated[
        float | None,
        typer.Option("--temperature", metavar="T", min=0.0, max=2.0, help="Sampling temperature at looseness 1."),
    ] = None,
    about: Annotated[
        Path | None,
        typer.Option("--about", metavar="FILE", help="Markdown whose sections go into the card in place of its own."),
    ] = None,
) -> None:
    """Measure both trainings and write a model folder: model.safetensors, config.json and a model card.

    `run --model DIR` dances with it.
    """
    from models.export import export as export_model

    try:
        told = about.read_text(encoding="utf-8") if about else ""
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{about} cannot be read as text; name a Markdown file with --about.") from error
    try:
        facts = export_model(prepared, tokenizer, generator, folder, name, temperature, told)
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
    if last is None:
        typer.echo("This training had ended; with more --steps, or more --patience, it goes on.")
    elif last.best is not None:
        best = last.best
        ended = "" if last.step == steps else f"Stopped at step {last.step} of {steps}: no better since. "
        typer.echo(f"{ended}Kept: the weights of step {best.step}, {best.name} {best.value:.4g}.")


def _numbers(parts: Mapping[str, object]) -> str:
    return ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in parts.items()
    )
