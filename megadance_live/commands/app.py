"""`megadance-live` and `megadance-live app`: the control app, on the show that runs or with a new one."""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from megadance_live.commands.options import ExpertOption, ModelOption
from megadance_live.core.errors import MegaDanceError
from megadance_live.log import log_path

if TYPE_CHECKING:
    from megadance_live.show.show import Show

ENDING = (signal.SIGINT, signal.SIGTERM)

SafeOption = Annotated[
    bool, typer.Option("--safe", help="Begin with the default preset, whatever the last show was like.")
]


def app(
    safe: SafeOption = False,
    preset: Annotated[
        str | None,
        typer.Option("--preset", metavar="P", help="Name of a preset or path of a .toml file [default: the last one]."),
    ] = None,
    audio: Annotated[
        str | None,
        typer.Option("--audio", metavar="demo|file:PATH|device:NAME", help="Where the music comes from."),
    ] = None,
    expert: ExpertOption = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="DIR", help="Record from the start, into this folder.")
    ] = None,
    osc_in: Annotated[
        int | None,
        typer.Option("--osc-in", metavar="PORT", min=0, max=65535, help="Port for OSC control; 0 listens to nobody."),
    ] = None,
    model: ModelOption = None,
    new: Annotated[
        bool, typer.Option("--new", help="Start another show, even if one is running on this computer.")
    ] = False,
) -> None:
    """Open the control app: on the show that is running, or with a new one."""
    from megadance_live.remote.rendezvous import answers, running_shows
    from megadance_live.show.app_keeper import AppKeeper, app_command

    running = None if new else next(filter(answers, running_shows()), None)
    if running is not None:
        _open_on(app_command(running.pid))
        return
    show: Show | None = None
    keeper = AppKeeper(app_command(os.getpid()), lambda: show is not None and show.surfaces > 0)
    try:
        from megadance_live.commands.perform import perform

        show = _make_show(safe, preset, audio, expert, record, osc_in, model)
        perform(show, app=keeper)
    finally:
        keeper.stop()


def _open_on(command: list[str]) -> None:
    """Beside a show that runs already, until the window is closed. Raises MegaDanceError."""
    from megadance_live.show.app_keeper import open_app

    app = open_app(command)
    before = {number: signal.signal(number, lambda number, _: app.send_signal(number)) for number in ENDING}
    try:
        failed = app.wait() != 0
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if failed:
        raise MegaDanceError(
            f"The app has crashed, or no window can be opened here; {log_path()} may say why. The show goes on."
        )


def _make_show(
    safe: bool,
    preset: str | None,
    audio: str | None,
    expert: str | None,
    record: Path | None,
    osc_in: int | None,
    model: Path | None,
) -> "Show":
    """With everything that can be used; what cannot be is told in the app."""
    from megadance_live.commands.plan import RunOptions, plan_show
    from megadance_live.show.autosave import Autosave
    from megadance_live.show.beginning import begin_document
    from megadance_live.show.show import Show

    document = begin_document(preset, safe=safe, autosave=Autosave())
    options = RunOptions(audio=audio, expert=expert, record=record, osc_in=osc_in, model=model)
    return Show(plan_show(document, options, patient=True))
