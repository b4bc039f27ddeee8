"""A finished take, read back."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from megadance_live.core.errors import TakeError
from megadance_live.output.take import sidecar
from megadance_live.output.take.files import PARTIAL_SUFFIX
from megadance_live.output.take.formats import BY_FIDELITY, FORMATS, read_motion
from megadance_live.output.take.track import Motion

AUDIO_SUFFIX = ".flac"


@dataclass(frozen=True)
class FinishedTake:
    """`name` is what its files are called before their suffixes, also where the folder has been renamed. `described` is
    what the sidecar holds, None where that is missing or broken."""

    folder: Path
    name: str
    described: dict[str, Any] | None

    def path(self, form: str) -> Path:
        """Where the motion in a format lies, or would lie."""
        return self.folder / (self.name + FORMATS[form].suffix)

    @property
    def formats(self) -> tuple[str, ...]:
        """The motion files that are there."""
        return tuple(form for form in FORMATS if self.path(form).is_file())

    @property
    def length_s(self) -> float:
        """By its sidecar; 0 where that does not say."""
        length = (self.described or {}).get("duration_s")
        return float(length) if isinstance(length, int | float) and 0 < length < math.inf else 0.0


def open_take(folder: Path) -> FinishedTake | None:
    """The take in `folder`, None where there is no finished one. Raises OSError."""
    if folder.name.endswith(PARTIAL_SUFFIX) or not folder.is_dir():
        return None
    likeliest = folder / (folder.name + sidecar.SUFFIX)
    for path in dict.fromkeys([likeliest, *sorted(folder.glob("*" + sidecar.SUFFIX))]):
        described = _described(path)
        if described is not None:
            return FinishedTake(folder, path.stem, described)
    take = FinishedTake(folder, folder.name, None)
    return take if take.formats or (folder / (take.name + AUDIO_SUFFIX)).is_file() else None


def best_motion(take: FinishedTake, besides: Sequence[str] = ()) -> tuple[str, Motion]:
    """The format that keeps the most of the dance, of those that are there and whole, and its motion. `besides` are not
    looked at.

    Raises TakeError where there is none.
    """
    problem = f"{take.folder} holds no motion in any of the formats {', '.join(BY_FIDELITY)}."
    for form in BY_FIDELITY:
        if form in take.formats and form not in besides:
            try:
                return form, read_motion(take.path(form), form)
            except TakeError as error:
                problem = str(error)
    raise TakeError(problem)


def _described(path: Path) -> dict[str, Any] | None:
    """None where it is missing, broken or not a take's."""
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return described if isinstance(described, dict) and described.get("schema") == sidecar.SCHEMA else None
