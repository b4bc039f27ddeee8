"""The dancer: tokeniser, generator, streaming, data, training and weights. The only package that imports torch."""

from pathlib import Path

from megadance_live.core.dancer import Dancer


def load(folder: Path | None = None) -> Dancer:
    """The dancer of a model folder (None: the one that ships). Raises WeightsError."""
    from models import folder as model_folder

    return model_folder.load(folder)
