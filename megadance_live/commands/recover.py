"""`megadance-live recover`: finish the takes that a crash or a full disk cut off."""

from pathlib import Path
from typing import Annotated

import typer

from megadance_live.core.errors import TakeError


def recover(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the takes, or one interrupted take.")],
) -> None:
    """Finish every interrupted take in a folder."""
    from megadance_live.output.take import recover as recover_takes

    takes = recover_takes(folder)
    for take in takes:
        if take.folder is None:
            typer.echo(take.problem, err=True)
        else:
            typer.echo(f"{take.folder}: {', '.join(path.name for path in take.files)}")
    failed = [take for take in takes if take.folder is None]
    if len(failed) == len(takes):
        raise TakeError(f"No take in {folder} could be finished.")
