"""`megadance-live body`: make a body for the app's stage out of an SMPL model of the user's own."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from megadance_live.core.errors import ConfigError


class GenderName(StrEnum):
    """The models that SMPL comes in."""

    NEUTRAL = "neutral"
    MALE = "male"
    FEMALE = "female"


def body(
    smpl: Annotated[
        Path,
        typer.Option(
            "--smpl",
            metavar="PATH",
            help="SMPL model file (.pkl or .npz), or the folder of them. You bring it yourself, under its own licence: "
            "https://smpl.is.tue.mpg.de",
        ),
    ],
    gender: Annotated[GenderName, typer.Option("--gender", help="Which model of a folder.")] = GenderName.NEUTRAL,
    betas: Annotated[
        str,
        typer.Option("--betas", metavar="B,B,...", help="Shape coefficients, for instance 0.5,-1 [default: zeros]."),
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder to write [default: one in your data folder].")
    ] = None,
) -> None:
    """Make a body for the stage of the app out of an SMPL model, and print its folder."""
    coefficients = _coefficients(betas)
    from models import body as baking

    made = baking.bake(smpl.expanduser(), gender.value, coefficients)
    folder = out.expanduser() if out is not None else bodies_folder() / baking.body_name(gender.value, coefficients)
    baking.write(made, folder, gender.value, coefficients)
    typer.echo(folder.resolve())


def bodies_folder() -> Path:
    """Where bodies are kept."""
    import platformdirs

    return platformdirs.user_data_path("megadance-live", appauthor=False) / "bodies"


def _coefficients(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(part) for part in text.split(",")) if text.strip() else ()
    except ValueError as error:
        raise ConfigError(
            f'"{text}" are no shape coefficients; give numbers with commas between, as in 0.5,-1.'
        ) from error
