"""`megadance-live devices` and `megadance-live experts`."""

import typer

from megadance_live.commands.options import ModelOption


def devices() -> None:
    """List the devices that audio can be captured from."""
    from megadance_live.audio import list_devices

    found = list_devices()
    for device in found:
        typer.echo(f"device:{device.full_name}\t{device.channels} channels\t{device.rate_hz:g} Hz")
    if not found:
        typer.echo("No capture device is there. `--audio demo` and `--audio file:PATH` need none.", err=True)


def experts(model: ModelOption = None) -> None:
    """List the genres that the dancer knows, in the order of their numbers over OSC."""
    from megadance_live.commands import dancer

    for name in dancer.known_experts(model):
        typer.echo(name)
