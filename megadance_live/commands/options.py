"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

ModelOption = Annotated[
    Path | None,
    typer.Option("--model", metavar="DIR", help="Folder of the dancer's weights [default: the ones that ship]."),
]
ExpertOption = Annotated[
    str | None,
    typer.Option("--expert", metavar="G", help="Genre that begins, see `megadance-live experts` [default: the first]."),
]
CueOption = Annotated[
    Path | None, typer.Option("--cue", metavar="FILE", help="TOML file of what happens on which bar (docs/cues.md).")
]
SeedOption = Annotated[
    int | None,
    typer.Option("--seed", metavar="N", min=0, max=2**31 - 1, help="Seed of the improvisation [default: 0]."),
]
