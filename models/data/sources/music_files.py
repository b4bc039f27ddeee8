"""Recordings that belong to clips, found by name."""

from collections.abc import Iterable, Sequence
from pathlib import Path

SUFFIXES = (".wav", ".flac", ".mp3", ".ogg")
"""What libsndfile reads everywhere; the first is taken where a recording lies there twice."""


class MusicFiles:
    """The recordings in some folders, by name without suffix. Folders that are missing hold none."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._paths: dict[str, Path] = {}
        for folder in folders:
            found = [path for path in folder.glob("*") if path.suffix.lower() in SUFFIXES] if folder.is_dir() else []
            for path in sorted(found, key=lambda path: SUFFIXES.index(path.suffix.lower())):
                self._paths.setdefault(path.stem.lower(), path)

    def __len__(self) -> int:
        return len(self._paths)

    def find(self, names: Sequence[str]) -> Path | None:
        """The recording of the first of these names that has one."""
        return next((self._paths[name.lower()] for name in names if name.lower() in self._paths), None)
