"""Finish the takes that a crash or a full disk cut off."""

from dataclasses import dataclass
from pathlib import Path

from megadance_live.core.errors import TakeError
from megadance_live.output.take.files import PARTIAL_SUFFIX
from megadance_live.output.take.finish import finish


@dataclass(frozen=True)
class RecoveredTake:
    """What became of an interrupted take. `folder` is None, and `problem` one sentence, where it could not be
    finished or held nothing."""

    name: str
    folder: Path | None
    files: tuple[Path, ...] = ()
    problem: str = ""


def interrupted(folder: Path) -> list[Path]:
    """The interrupted takes in a folder of takes, or `folder` itself if it is one. Raises TakeError."""
    if not folder.is_dir():
        raise TakeError(f"{folder} is not a folder; give the folder that holds the takes.")
    if folder.name.endswith(PARTIAL_SUFFIX):
        return [folder]
    try:
        return sorted(entry for entry in folder.glob("*" + PARTIAL_SUFFIX) if entry.is_dir())
    except OSError as error:
        raise TakeError(f"{folder} cannot be read: {error.strerror}.") from error


def recover(folder: Path) -> list[RecoveredTake]:
    """Finish every interrupted take in `folder`, or the one that `folder` is.

    Raises TakeError if there is none; a take that cannot be finished does not keep the others from it.
    """
    takes = interrupted(folder)
    if not takes:
        raise TakeError(f"There is nothing to recover in {folder}: it holds no folder named *{PARTIAL_SUFFIX}.")
    return [_recover_one(partial) for partial in takes]


def _recover_one(partial: Path) -> RecoveredTake:
    name = partial.name.removesuffix(PARTIAL_SUFFIX)
    try:
        final = finish(partial)
    except TakeError as error:
        return RecoveredTake(name, None, problem=str(error))
    if final is None:
        return RecoveredTake(name, None, problem=f"{name} held neither poses nor audio and was removed.")
    return RecoveredTake(final.name, final, tuple(sorted(final.iterdir())))
