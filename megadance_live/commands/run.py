"""`megadance-live run`: a show."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from megadance_live.commands.options import CueOption, ExpertOption, ModelOption, SeedOption
from megadance_live.core.errors import TakeError


def run(
    audio: Annotated[
        str | None,
        typer.Option("--audio", metavar="demo|file:PATH|device:NAME", help="Where the music comes from."),
    ] = None,
    headless: Annotated[
        bool,
        typer.Option("--headless", help="Without a window, as `run` always is; `megadance-live app` opens one on it."),
    ] = False,
    seconds: Annotated[
        float | None, typer.Option("--seconds", metavar="N", min=0.1, help="End after so many seconds of dancing.")
    ] = None,
    preset: Annotated[
        str, typer.Option("--preset", metavar="P", help="Name of a preset or path of a .toml file.")
    ] = "default",
    expert: ExpertOption = None,
    cue: CueOption = None,
    seed: SeedOption = None,
    osc: Annotated[
        list[str] | None,
        typer.Option(
            "--osc",
            metavar="HOST:PORT[,layout=native|touchdesigner][,rate=60]",
            help="Send poses and music over OSC; may be given more than once (docs/osc.md). "
            "With any --osc or --vmc the preset's destinations are not used.",
        ),
    ] = None,
    vmc: Annotated[
        list[str] | None,
        typer.Option("--vmc", metavar="HOST:PORT[,rate=60]", help="Send poses over VMC; may be given more than once."),
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="DIR", help="Record from the start, into this folder.")
    ] = None,
    osc_in: Annotated[
        int | None,
        typer.Option("--osc-in", metavar="PORT", min=0, max=65535, help="Port for OSC control; 0 listens to nobody."),
    ] = None,
    model: ModelOption = None,
    single_process: Annotated[
        bool, typer.Option("--single-process", help="Run the engine in a thread of this process, for debugging.")
    ] = False,
) -> None:
    """Dance to music, live, until Ctrl-C; a second Ctrl-C ends it at once."""
    from megadance_live.commands.perform import perform
    from megadance_live.commands.plan import RunOptions, plan_show
    from megadance_live.config.load import load_preset
    from megadance_live.show.beginning import begin_document
    from megadance_live.show.show import Show

    options = RunOptions(audio, expert, cue, seed, osc or (), vmc or (), record, osc_in, model, single_process)
    load_preset(preset)  # here a mistake ends the program; the app goes on with what can be used
    plan = plan_show(begin_document(preset), options)
    if plan.engine.record:
        check_writable(plan.engine.take.folder)
    perform(Show(plan), seconds=seconds)


def check_writable(folder: Path) -> None:
    """Before a show begins, a folder that takes cannot be written to is a mistake; later it is only a notice."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise TakeError(f"Takes cannot be written to {folder} ({error.strerror}); choose another folder.") from error
