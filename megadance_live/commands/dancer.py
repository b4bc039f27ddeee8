"""The trained dancer, loaded where it is needed. Functions here are called in the engine process, too."""

from pathlib import Path

from megadance_live.core.dancer import Dancer


def known_experts(folder: Path | None = None) -> tuple[str, ...]:
    """The experts of the dancer in `folder` (None: the one that ships), without loading it. Raises WeightsError."""
    from models.description import experts_of

    return experts_of(folder)


def load_dancer(folder: Path | None = None) -> Dancer:
    """The dancer whose weights lie in `folder`; None: the one that ships. Raises WeightsError."""
    import torch

    import models

    # A step is many small products: threads only wait for each other, for long where other programs are busy, too.
    torch.set_num_threads(1)
    dancer: Dancer = models.load(folder)
    return dancer
