"""What a preparation has read, what it left out and why, and what is odd: for the screen, and as `report.md`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from models.data.clips import Skipped

FILE = "report.md"
_FACTS = "report.json"
_NAMED = 10
"""Files named for one reason before the rest is counted."""


Beats = Literal["known", "heard", "guessed"]
"""Known from the source of a clip, heard in its music, or guessed from its motion."""


@dataclass(frozen=True)
class Facts:
    """Of a clip that was read; `music` when it is danced to its own, and what is odd about it."""

    genre: str
    split: str
    seconds: float
    beats: Beats
    music: bool
    warnings: tuple[str, ...] = ()


@dataclass
class Row:
    """A genre's clips."""

    clips: int = 0
    seconds: float = 0.0
    known: int = 0
    heard: int = 0
    music: int = 0
    held_out: int = 0

    def add(self, facts: Facts) -> None:
        self.clips += 1
        self.seconds += facts.seconds
        self.known += facts.beats == "known"
        self.heard += facts.beats == "heard"
        self.music += facts.music
        self.held_out += facts.split == "test"


@dataclass
class Report:
    """One data folder's part. `complete` once every clip has been seen."""

    folder: str
    kind: str
    remarks: tuple[str, ...] = ()
    complete: bool = False
    genres: dict[str, Row] = field(default_factory=dict)
    left_out: dict[str, list[str]] = field(default_factory=dict)  # why, and the files
    odd: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, facts: Facts) -> None:
        """A clip that was read."""
        self.genres.setdefault(facts.genre, Row()).add(facts)
        for warning in facts.warnings:
            self.odd.setdefault(warning, []).append(name)

    def leave_out(self, skipped: Skipped) -> None:
        """A file that was not used."""
        self.left_out.setdefault(skipped.why, []).append(skipped.name)

    @property
    def total(self) -> Row:
        rows = list(self.genres.values())
        return Row(**{name: sum(getattr(row, name) for row in rows) for name in asdict(Row())})

    @property
    def cells(self) -> Iterator[tuple[str, ...]]:
        """The table, row after row, the headings first and the sum last."""
        yield "source", "genre", "clips", "minutes", "held out", "beats known", "beats heard", "own music"
        for genre, row in [*sorted(self.genres.items()), ("all", self.total)]:
            numbers = (row.held_out, row.known, row.heard, row.music)
            yield self.kind, genre, str(row.clips), f"{row.seconds / 60:.1f}", *map(str, numbers)

    def told(self, most: int | None = None) -> Iterator[str]:
        """What was left out and what is odd, a line for each reason, at most so many of each kind."""
        yield from self.remarks
        for heading, reasons in (("Left out", self.left_out), ("Look at", self.odd)):
            lines = [f"{heading}: {_files(files)}: {why}" for why, files in _by_count(reasons)]
            yield from lines[:most]
            if most is not None and len(lines) > most:
                yield f"{heading}: {len(lines) - most} more, in {FILE}"
        if not self.complete:
            yield "This preparation was interrupted; the same command goes on."
        elif self.genres and not self.total.held_out:
            yield "No clip is held out for testing, so that nothing can tell how well a training goes."


def write_report(report: Report, folder: Path) -> Path:
    """Writes a data folder's part into `report.md` of the prepared folder, beside those of other data folders.

    Raises OSError.
    """
    parts = {part.folder: part for part in earlier_reports(folder)}
    parts[report.folder] = report
    (folder / _FACTS).write_text(json.dumps([asdict(part) for part in parts.values()], indent=1), encoding="utf-8")
    path = folder / FILE
    path.write_text("\n".join(_markdown(parts.values())) + "\n", encoding="utf-8")
    return path


def earlier_reports(folder: Path) -> list[Report]:
    """The parts of the data folders that were prepared into a folder; none where they cannot be read."""
    try:
        return [_report(part) for part in json.loads((folder / _FACTS).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _report(part: dict[str, Any]) -> Report:
    genres = {genre: Row(**row) for genre, row in part.pop("genres").items()}
    return Report(**{**part, "remarks": tuple(part["remarks"])}, genres=genres)


def _markdown(parts: Iterable[Report]) -> Iterator[str]:
    yield "# What was prepared"
    for part in parts:
        yield from ("", f"## {part.folder}", "")
        for number, cells in enumerate(part.cells):
            yield f"| {' | '.join(cells)} |"
            if not number:
                yield "|" + "---|" * len(cells)
        lines = list(part.told())
        if lines:
            yield ""
            yield from (f"- {line}" for line in lines)


def _by_count(reasons: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    return sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0]))


def _files(files: list[str]) -> str:
    named = ", ".join(sorted(files)[:_NAMED])
    return named if len(files) <= _NAMED else f"{named} and {len(files) - _NAMED} more"
