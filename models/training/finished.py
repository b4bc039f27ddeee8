"""What a finished training leaves in its run folder: weights in single precision, and the configuration beside them."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from megadance_live.core.errors import DataError
from models.config_file import Config, read_config, write_config
from models.training.saving import UNREADABLE, save_whole

Model = TypeVar("Model", bound=nn.Module)

_IN_WORDS = {"tokenizer": "tokeniser", "generator": "generator"}


def leave(run: Path, stage: str, model: nn.Module, config: object) -> None:
    """Writes `stage`.pt and `stage`.json. Raises DataError and OSError."""
    save_whole(run / f"{stage}.pt", model.state_dict())
    write_config(run / f"{stage}.json", config)


def finished(run: Path, stage: str, kind: type[Config], make: Callable[[Config], Model]) -> Model:
    """The model that `leave` wrote, ready to use. Raises DataError where there is none of this version."""
    try:
        model = make(read_config(kind, run / f"{stage}.json"))
        model.load_state_dict(torch.load(run / f"{stage}.pt", weights_only=True))
    except UNREADABLE as error:
        raise DataError(
            f"{run} holds no trained {_IN_WORDS[stage]} of this version; run `train {stage}` first."
        ) from error
    return model.eval()
