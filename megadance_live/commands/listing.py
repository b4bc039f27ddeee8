"""`megadance-live devices` and `megadance-live experts`."""

from pathlib import Path
from typing import Annotated

import typer

ModelOption = Annotated[
    Path | None, typer.Option("--model", metavar="DIR", help="Folder of the weights; the shipped ones if not given.")
]


def devices() -> None:
    """List the devices that audio can be captured from."""
    from megadance_live.audio import list_devices

    found = list_devices()
    for device in found:
        typer.echo(f"device:{device.name}\t{device.channels} channels\t{device.rate_hz:g} Hz")
    if not found:
        typer.echo("No capture device is there. `--audio demo` and `--audio file:PATH` need none.", err=True)


def experts(model: ModelOption = None) -> None:
    """List the genres that the dancer knows, in the order of their numbers over OSC."""
    from megadance_live.commands.dancer import load_dancer

    for name in load_dancer(model).experts:
        typer.echo(name)
