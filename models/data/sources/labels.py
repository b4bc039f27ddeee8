"""Genres of data that does not name them itself: a `genres.csv` beside it, folder names, or one for all."""

import csv
from fnmatch import fnmatch
from pathlib import Path, PurePath

from megadance_live.core.errors import DataError
from models.data.genres import AIST_CODES, Genres
from models.data.sources.names import code_of
from models.data.sources.source import Wishes

FILE = "genres.csv"


class Labels:
    """Tells the genre of every file in a folder. Raises DataError for a `genres.csv` that cannot be understood."""

    def __init__(self, folder: Path, wishes: Wishes) -> None:
        self._rules = _rules(folder / FILE)
        self._genres: Genres = wishes.genres
        self._default = wishes.genre

    def genre_of(self, path: PurePath) -> str:
        """By its path within the folder: the first rule of genres.csv that fits; else the innermost folder that is
        called like a genre; else the letters of a name after AIST's fashion; else that of all.

        Raises DataError where none of these tells, or the genre is not known."""
        written = next((genre for pattern, genre in self._rules if _fits(path, pattern)), None)
        if written is not None:
            genre = self._genres.known(written)
            if genre is None:
                raise DataError(f"{FILE} gives it the unknown genre {written!r}; write it otherwise or --new-genre it")
            return genre
        for part in reversed(path.parent.parts):
            if (genre := self._genres.known(part)) is not None:
                return genre
        if (code := code_of(path.stem)) in AIST_CODES:
            return AIST_CODES[code]
        if self._default is None:
            raise DataError(f"its genre is not known; name it in {FILE}, by a folder of its name, or with --genre")
        return self._default


def _fits(path: PurePath, pattern: str) -> bool:
    pattern = pattern.lower()
    return fnmatch(path.as_posix().lower(), pattern) or fnmatch(path.name.lower(), pattern)


def _rules(file: Path) -> list[tuple[str, str]]:
    if not file.is_file():
        return []
    try:
        with file.open(newline="", encoding="utf-8-sig") as opened:
            rows = [[cell.strip() for cell in row] for row in csv.reader(opened)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{file} cannot be read as a table in UTF-8; save it so, or take it away.") from error
    rows = [row for row in rows if any(row) and not row[0].startswith("#")]
    for row in rows:
        if len(row) < 2 or not row[0] or not row[1]:
            raise DataError(
                f"{file} has the line {','.join(row)!r}; every line is a file pattern, a comma and a genre."
            )
    return [(row[0], row[1]) for row in rows if row[1].lower() != "genre"]
