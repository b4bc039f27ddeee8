"""The command line: `megadance-live`.

This module and `megadance_live/commands/` are the composition root: the only place that imports `models`, and that
inside functions, so that `--help` is quick and the show process never loads torch.
"""

import sys
from typing import Annotated, NoReturn

import typer

from megadance_live import __version__
from megadance_live.commands import app as app_command
from megadance_live.commands import (
    beats,
    body,
    convert,
    doctor,
    evaluate,
    gallery,
    listing,
    prepare,
    recover,
    render,
    run,
    track,
    training,
)
from megadance_live.core.errors import MegaDanceError
from megadance_live.layout import check_layout
from megadance_live.log import library_log

app = typer.Typer(
    name="megadance-live",
    help="Music in, a dancing avatar out, live. Poses go out over OSC and VMC; takes are kept as SMPL motion.",
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"megadance-live {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and leave.")
    ] = False,
    safe: app_command.SafeOption = False,
) -> None:
    """Without a command: open the control app."""
    if context.invoked_subcommand is None:
        app_command.app(safe=safe)


app.command("app")(app_command.app)
app.command("run")(run.run)
app.command("render")(render.render)
app.command("track")(track.track)
app.command("devices")(listing.devices)
app.command("experts")(listing.experts)
app.command("doctor")(doctor.doctor)
app.command("recover")(recover.recover)
app.command("convert")(convert.convert)
app.command("body")(body.body)
app.command("prepare")(prepare.prepare)
training.train.command("classifier")(evaluate.train_classifier)
app.add_typer(training.train, name="train")
app.command("export")(training.export)
app.command("evaluate")(evaluate.evaluate)
app.command("gallery")(gallery.gallery)
app.command("prepare-beats")(beats.prepare_beats)
app.command("export-beats")(beats.export_beats)


def main() -> None:
    """Run the command line. What the user can mend is one sentence on stderr and exit status 1."""
    with library_log():
        try:
            check_layout()
            app()
        except MegaDanceError as error:
            _complain(str(error))
        except OSError as error:  # the output cannot be written, or a file that no command answers for
            _complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")


def _complain(sentence: str) -> NoReturn:
    typer.echo(f"megadance-live: {sentence}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
