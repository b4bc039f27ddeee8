"""Folders whose files say nothing of their genre: it is told beside them (labels.py)."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from models.data.clips import Clip
from models.data.sources.labels import Labels
from models.data.sources.music_files import MusicFiles
from models.data.sources.source import Entry, Kind, Listing, Skipping, Wishes, name_of
from models.data.sources.splits import by_group

Read = Callable[[Path, str, str, str, MusicFiles], Clip]
"""Of a file: its clip by that name, genre and split, with its music if that is there."""


def list_labelled(
    kind: Kind, folder: Path, files: Sequence[Path], wishes: Wishes, music: MusicFiles, read: Read
) -> Listing:
    """These files of a folder as clips. Raises DataError for a bad genres.csv."""
    labels = Labels(folder, wishes)
    split_of = by_group(file.relative_to(folder) for file in files)
    entries, skipped = [], Skipping()
    for file in files:
        relative = file.relative_to(folder)
        name = name_of(file, folder)
        if genre := skipped.or_value(name, partial(labels.genre_of, relative)):
            entries.append(Entry(name, partial(read, file, name, genre, split_of(relative), music)))
    return Listing(kind, folder, tuple(entries), skipped.all)
