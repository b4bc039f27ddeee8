"""`megadance-live evaluate` and `train classifier`: how a dancer dances, in numbers."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.commands.training import RunArgument, follow
from megadance_live.commands.training_options import How, RateOption, StepsOption, trains
from megadance_live.core.errors import DataError

if TYPE_CHECKING:
    from megadance_live.core.dancer import Dancer


def evaluate(
    models: Annotated[
        list[Path] | None, typer.Argument(metavar="[MODEL]...", help="Model folders [default: the one that ships].")
    ] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Real clips to measure beside, with a manifest.csv.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the report goes.")] = Path("evaluation"),
    split: Annotated[
        str, typer.Option("--split", metavar="test|train|all", help="Which clips of the data are danced to.")
    ] = "test",
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", min=1, help="Dances for each clip.")] = 2,
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="S", min=5.0, help="Of dance in every genre, where there is no data.")
    ] = 20.0,
    minutes: Annotated[
        float,
        typer.Option(
            "--minutes",
            metavar="M",
            min=0.0,
            help="Also dance this long in every genre (2 or more), once for each seed.",
        ),
    ] = 0.0,
    card: Annotated[
        bool, typer.Option("--card", help="Write the tables into the card of the model, too (of one model).")
    ] = False,
    classifier: Annotated[
        Path | None,
        typer.Option("--classifier", metavar="DIR", help="Genre classifier [default: the one that ships]."),
    ] = None,
) -> None:
    """Measure dancers beside real clips: a table in Markdown, the same as JSON, and plots."""
    from megadance_live.commands.dancer import load_dancer
    from megadance_live.commands.evaluation_stage import perform
    from megadance_live.commands.progress import progress
    from models.description import SHIPPED
    from models.evaluation.card import read_card, write_card
    from models.evaluation.evaluate import Plan, gather, seconds_of
    from models.evaluation.evaluate import evaluate as evaluate_models
    from models.evaluation.genre_folder import load_genre_net
    from models.evaluation.report import write_report

    if 0.0 < minutes < 2.0:
        raise DataError("A long dance is compared by its first and last minute; ask for --minutes 2 or more.")
    if card and len(models or ()) > 1:
        raise DataError("A card tells of one model; name one, or leave --card out.")
    told = read_card(models[0] if models else SHIPPED) if card else None
    plan = Plan(split=split, seeds=seeds, seconds=seconds, minutes=minutes)
    net = load_genre_net(classifier)
    dancers = _named([load_dancer(folder) for folder in models] if models else [load_dancer()])
    material = gather(data, plan, [dancer for _, dancer in dancers])
    try:
        out.mkdir(parents=True, exist_ok=True)
        with progress("Dancing", seconds_of(material, plan, [dancer for _, dancer in dancers])) as advance:
            found = evaluate_models(dancers, material, plan, perform, net, advance)
        files = write_report(found, out)
        if told is not None:
            files.insert(2, write_card(found, told))
    except OSError as error:
        raise DataError(f"{out} cannot be written ({error.strerror}); name another folder with --out.") from error
    for path in files[: 3 if card else 2]:
        typer.echo(str(path))


@trains
def train_classifier(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Folder of clips with a manifest.csv.")],
    run: RunArgument,
    how: How,
    steps: StepsOption = 1_000,
    learning_rate: RateOption = 2e-3,
) -> None:
    """Train the genre classifier of the evaluation; the folder is for `evaluate --classifier`."""
    from models.evaluation.genre_training import train_classifier as train_it

    # So small a network learns no faster in bf16.
    precise = replace(how, precision="32-true") if how.precision == "auto" else how
    loop = precise.loop(steps, learning_rate, weight_decay=0.05, ema_decay=0.99, checkpoint_every=250)
    follow("Classifier", train_it(data, run, loop), steps)
    typer.echo(f"Classifier: {run}")


def _named(dancers: "list[Dancer]") -> "list[tuple[str, Dancer]]":
    """Models of the same name are numbered, so that each has a column of its own."""
    names = [dancer.name for dancer in dancers]
    return [
        (f"{name} ({number + 1})" if names.count(name) > 1 else name, dancer)
        for number, (name, dancer) in enumerate(zip(names, dancers, strict=True))
    ]
