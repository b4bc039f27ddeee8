"""What kind of data a folder holds, and its clips."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

from megadance_live.core.errors import DataError
from models.data import report
from models.data.clips import Clip, Skipped
from models.data.sources import manifest
from models.data.sources.aist import list_aist, motion_files
from models.data.sources.amass import list_amass
from models.data.sources.bvh import list_bvh
from models.data.sources.finedance import list_finedance
from models.data.sources.manifest import list_manifest
from models.data.sources.source import Entry, Kind, Listing, Wishes, files_below, read_entry

KINDS: tuple[Kind, ...] = get_args(Kind)

_LISTERS: dict[Kind, Callable[[Path, Wishes], Listing]] = {
    "manifest": list_manifest,
    "aist": list_aist,
    "finedance": list_finedance,
    "amass": list_amass,
    "bvh": list_bvh,
}
_EXPECTED = (
    "a manifest.csv, AIST++ (motions/*.pkl), FineDance (motion/*.npy and label_json), AMASS (*.npz) or BVH (*.bvh)"
)


def recognise(folder: Path) -> Kind:
    """The kind of a folder, by what lies in it. Raises DataError where it is of none, or of two."""
    if not folder.is_dir():
        raise DataError(f"There is no folder {folder}; name one that holds {_EXPECTED}.")
    if (folder / manifest.FILE).is_file():
        return "manifest"
    if (folder / report.FILE).is_file():
        raise DataError(f"{folder} is what `megadance-live prepare` has written; name the folder of the data itself.")
    if any((folder / "motion").glob("*.npy")):
        return "finedance"
    signs: dict[Kind, bool] = {
        "aist": bool(motion_files(folder)),
        "amass": bool(files_below(folder, ".npz")),
        "bvh": bool(files_below(folder, ".bvh")),
    }
    kinds = [kind for kind, there in signs.items() if there]
    if len(kinds) > 1:
        raise DataError(f"{folder} holds data of several kinds; say which with --from {' or --from '.join(kinds)}.")
    if not kinds:
        raise DataError(f"{folder} holds no dance that can be read; name a folder with {_EXPECTED}.")
    return kinds[0]


def list_clips(folder: Path, wishes: Wishes | None = None, kind: Kind | None = None) -> Listing:
    """The clips of a folder, unread; two whose prepared files would have one name are not both kept.

    Raises DataError where there is nothing to read.
    """
    kind = kind or recognise(folder)
    listing = _LISTERS[kind](folder, wishes or Wishes())
    if not len(listing):
        raise DataError(f"{folder} holds no dance of the kind {kind}; name a folder with {_EXPECTED}.")
    seen: dict[str, str] = {}
    entries: list[Entry] = []
    twice: list[Skipped] = []
    for entry in listing.entries:
        first = seen.setdefault(Path(entry.name).stem.lower(), entry.name)
        if first is not entry.name:
            twice.append(Skipped(entry.name, f"it has the name of another clip, {first}"))
        else:
            entries.append(entry)
    return replace(listing, entries=tuple(entries), skipped=(*listing.skipped, *twice))


def read_clips(listing: Listing) -> Iterator[Clip | Skipped]:
    """Clip after clip, one in memory at a time: first what is left out unread."""
    yield from listing.skipped
    for entry in listing.entries:
        yield read_entry(entry)


def load_clips(folder: Path) -> tuple[list[Clip], list[Skipped]]:
    """All clips of a folder at once, for sets that fit into memory, and what was left out. Raises DataError where
    there is none."""
    clips: list[Clip] = []
    skipped: list[Skipped] = []
    for one in read_clips(list_clips(folder)):
        if isinstance(one, Clip):
            clips.append(one)
        else:
            skipped.append(one)
    if not clips:
        raise nothing_usable(folder, skipped)
    return clips, skipped


def nothing_usable(folder: Path, skipped: list[Skipped]) -> DataError:
    """The error for a folder of which every clip was left out."""
    first = skipped[0]
    return DataError(
        f"{folder} holds no clip that can be used; the first problem is that of {first.name}: {first.why}."
    )
