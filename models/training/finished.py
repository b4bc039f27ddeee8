"""What a finished training leaves in its run folder: weights in single precision, and the configuration beside them."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from megadance_live.core.errors import DataError
from models.config_file import Config, read_config, write_config

Model = TypeVar("Model", bound=nn.Module)

_IN_WORDS = {"tokenizer": "tokeniser", "generator": "generator"}

UNREADABLE = (OSError, ValueError, RuntimeError, LookupError, EOFError, pickle.UnpicklingError)
"""What torch.load and load_state_dict raise at files that are missing, broken or of another model."""


def leave(run: Path, stage: str, model: nn.Module, config: object) -> None:
    """Writes `stage`.pt and `stage`.json."""
    torch.save(model.state_dict(), run / f"{stage}.pt")
    write_config(run / f"{stage}.json", config)


def finished(run: Path, stage: str, kind: type[Config], make: Callable[[Config], Model]) -> Model:
    """The model that `leave` wrote, ready to use. Raises DataError where there is none of this version."""
    try:
        model = make(read_config(kind, run / f"{stage}.json"))
        model.load_state_dict(torch.load(run / f"{stage}.pt", weights_only=True))
    except (*UNREADABLE, TypeError) as error:
        raise DataError(
            f"{run} holds no trained {_IN_WORDS[stage]} of this version; run `train {stage}` first."
        ) from error
    return model.eval()
