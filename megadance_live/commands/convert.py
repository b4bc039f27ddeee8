"""`megadance-live convert`: a finished take in more formats."""

from pathlib import Path
from typing import Annotated

import typer


def convert(
    take: Annotated[Path, typer.Argument(metavar="TAKE", help="The folder of a finished take.")],
    formats: Annotated[
        str, typer.Option("--format", metavar="F,F", help="amass, aist, bvh, edge, glb (docs/recordings.md).")
    ],
) -> None:
    """Write a finished take in more formats."""
    from megadance_live.output.take import export

    for path in export(take, [name.strip() for name in formats.split(",") if name.strip()]):
        typer.echo(path)
