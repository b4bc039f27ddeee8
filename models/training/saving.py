"""Weights in files that are always whole."""

import io
import os
import pickle
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

from megadance_live.core.errors import DataError

UNREADABLE = (OSError, ValueError, RuntimeError, LookupError, EOFError, TypeError, pickle.UnpicklingError)
"""What torch.load and load_state_dict raise at files that are missing, broken or of another model."""


def save_whole(path: Path, content: Any) -> None:
    """Saves for torch.load by way of a file beside it, so that neither a crash nor a full disk leaves half of one.
    Raises DataError."""
    buffer = io.BytesIO()  # torch.save itself says a full disk in words that nobody understands
    torch.save(content, buffer)
    scratch = path.with_suffix(".tmp")
    try:
        with scratch.open("wb") as file:
            file.write(buffer.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except OSError as error:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
        raise DataError(
            f"{path} cannot be written ({error.strerror}); what was saved before is kept: make room there and give the "
            "same command again."
        ) from error
