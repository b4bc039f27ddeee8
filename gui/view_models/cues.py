"""The cue list: what happens on which bar, what comes next, and the changes that a performer makes to it."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from gui.port import ShowPort
from gui.view_models.cue_form import CueForm, bar_in_words
from gui.view_models.figures import count
from gui.view_models.musical_time import MusicalTime, musical_time
from gui.view_models.revision import Revision
from gui.view_models.said import in_words
from megadance_live.config.cue_list import export_cues, import_cues
from megadance_live.config.folders import SUFFIX
from megadance_live.config.preset import CueEntry, CuesSection
from megadance_live.core.errors import MegaDanceError
from megadance_live.remote.client import View

Entries = tuple[CueEntry, ...]
SAME_PLACE_BARS = 1e-6


@dataclass(frozen=True)
class CueRow:
    """`until` is how far away the next one is, in words, "" for all others."""

    place: int
    bar: str
    says: str
    passed: bool = False
    next: bool = False
    until: str = ""


@dataclass(frozen=True)
class CuesState:
    """`form` is the cue that is being written. `position` is the present bar and beat. `standing` says how the list
    stands, `line` what has just been done. `replaces` is the file that one more press writes over."""

    rows: tuple[CueRow, ...] = ()
    followed: bool = True
    position: str = ""
    standing: str = ""
    form: CueForm | None = None
    experts: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    can_undo: bool = False
    line: str = ""
    replaces: str = ""


class CuesModel:
    """The list stands in the order of its bars; a place in it counts from 0."""

    def __init__(self, port: ShowPort) -> None:
        self._view = View()
        self._section = Revision(port, "cues", lambda preset: preset.cues)
        self._form: CueForm | None = None
        self._line = ""
        self._changed = False
        self._replaces: Path | None = None
        self._ordered: tuple[CuesSection, Entries] = (CuesSection(), ())
        self._drawn: tuple[CuesSection, int, str] | None = None
        self._rows: tuple[CueRow, ...] = ()
        self.state = CuesState()

    @property
    def entries(self) -> Entries:
        """As the performer left them, earliest first; cues of one bar keep their order."""
        section = self._section.value
        if self._ordered[0] is not section:
            self._ordered = section, _sorted(section.entries)
        return self._ordered[1]

    def update(self, view: View) -> None:
        before = self.entries
        self._view = view
        self._section.update(view)
        if self.entries != before:
            self._line = "The list is the show's: what was changed here was not taken." if self._changed else ""
            if self._form is not None and self._form.place is not None:
                self._form = None
        self._changed = self._section.value != view.snapshot.preset.preset.cues
        self._draw()

    def follow(self, on: bool) -> None:
        """Let the bars fire the cues, or leave them out."""
        self._revise(self.entries, f"The list is {'followed' if on else 'not followed'}.", enabled=on)

    def add(self) -> None:
        """Write a new one for the next bar, about the expert that is armed or, with none, dances."""
        control = self._view.snapshot.engine.control
        expert = (control.armed or control.expert) if control is not None else ""
        self._form = CueForm(bar=bar_in_words(self._bar_now() + 1), value=expert)
        self._draw()

    def edit(self, place: int) -> None:
        """Write that one anew."""
        entries = self.entries
        if 0 <= place < len(entries):
            entry = entries[place]
            self._form = CueForm(place, bar_in_words(entry.bar), dict(entry.commands))
            self._draw()

    def put(self, **values: str) -> None:
        """Another `bar`, `word` or `value` in the form."""
        if self._form is not None:
            self._form = self._form.put(**values)
            self._draw()

    def this_bar(self) -> None:
        """The form is for the bar that is danced."""
        self.put(bar=bar_in_words(self._bar_now()))

    def next_bar(self) -> None:
        """The form is for the bar after that."""
        self.put(bar=bar_in_words(self._bar_now() + 1))

    def add_command(self) -> bool:
        """The command and its value stand in the form's cue; False: they cannot, and the form says why."""
        if self._form is None:
            return False
        self._form = self._form.with_word(self.state.experts, self.state.scenes)
        self._draw()
        return not self._form.trouble

    def take_out(self, name: str) -> None:
        """That command no longer stands in the form's cue."""
        if self._form is not None:
            self._form = self._form.without(name)
            self._draw()

    def done(self) -> bool:
        """The form's cue, with a value that was chosen and not added yet, goes into the list. False: it cannot, and
        the form says why."""
        form = self._form
        if form is None or (form.value and not self.add_command()):
            return False
        self._form = self._form.checked() if self._form is not None else None
        entry = self._form.entry if self._form is not None else None
        if entry is None:
            self._draw()
            return False
        rest = tuple(other for place, other in enumerate(self.entries) if place != form.place)
        self._form = None
        self._revise(_sorted((*rest, entry)), f"Bar {bar_in_words(entry.bar)}: {in_words(entry.commands)}.")
        return True

    def leave(self) -> None:
        """Close the form without a change."""
        self._form, self._replaces = None, None
        self._draw()

    def delete(self, place: int) -> None:
        """At once; `undo` brings it back."""
        entries = self.entries
        if 0 <= place < len(entries):
            self._form = None
            gone = entries[place]
            rest = (*entries[:place], *entries[place + 1 :])
            self._revise(rest, f"The cue of bar {bar_in_words(gone.bar)} was deleted.")

    def undo(self) -> None:
        """Take back the last change of the list."""
        if self._section.can_undo:
            self._form = None
            self._section.undo()
            self._line = "Taken back."
            self._draw()

    def load(self, path: Path) -> None:
        """The cues of a file in place of the list."""
        try:
            entries = import_cues(path, self.state.experts)
        except MegaDanceError as error:
            self._line = str(error)
            self._draw()
            return
        self._form = None
        self._revise(entries, f"{count(len(entries), 'cue', 'cues')} of {path.name}; UNDO brings the old list back.")

    def save(self, path: Path) -> None:
        """Write the list into a file; one that is there is replaced only on `replace`."""
        path = path if path.suffix else path.with_suffix(SUFFIX)
        if path.exists():
            self._replaces = path
            self._line = f"{path.name} is there already: REPLACE writes over it."
            self._draw()
        else:
            self._write(path)

    def replace(self) -> None:
        """Write over the file that is there."""
        if self._replaces is not None:
            self._write(self._replaces)

    def _write(self, path: Path) -> None:
        self._replaces = None
        try:
            export_cues(path, self.entries)
            self._line = f"The list was saved as {path.name}."
        except MegaDanceError as error:
            self._line = str(error)
        self._draw()

    def _revise(self, entries: Entries, line: str, enabled: bool | None = None) -> None:
        followed = self._section.value.enabled if enabled is None else enabled
        self._section.revise(CuesSection(enabled=followed, entries=entries))
        self._changed = True
        self._line, self._replaces = line, None
        self._draw()

    def _bar_now(self) -> float:
        music = musical_time(self._view)
        return max(1.0, float(music.bar)) if music is not None else 1.0

    def _draw(self) -> None:
        view, section = self._view, self._section.value
        music = musical_time(view)
        entries = self.entries
        passed = _passed(entries, music)
        until = ""
        if section.enabled and music is not None and passed < len(entries):
            until = _until(entries[passed].bar - 1, music)
        if self._drawn != (section, passed, until):
            self._drawn = (section, passed, until)
            self._rows = _rows(entries, passed, until)
        rows = self._rows
        self.state = CuesState(
            rows=rows,
            followed=section.enabled,
            position=f"{music.bar}.{music.beat}" if music is not None else "",
            standing=_standing(rows, music, section.enabled),
            form=self._form,
            experts=view.snapshot.engine.experts,
            scenes=tuple(scene.name for scene in view.snapshot.preset.preset.scenes),
            can_undo=self._section.can_undo,
            line=self._line,
            replaces=self._replaces.name if self._replaces is not None else "",
        )


def _sorted(entries: Entries) -> Entries:
    return tuple(sorted(entries, key=lambda entry: entry.bar))


def _rows(entries: Entries, passed: int, until: str) -> tuple[CueRow, ...]:
    """The first `passed` are over; those of the bar after them come next, `until` away where they are followed."""
    following = entries[passed].bar if until and passed < len(entries) else None
    return tuple(
        CueRow(
            place,
            bar_in_words(entry.bar),
            in_words(entry.commands),
            passed=place < passed,
            next=entry.bar == following,
            until=until if entry.bar == following else "",
        )
        for place, entry in enumerate(entries)
    )


def _passed(entries: Entries, music: MusicalTime | None) -> int:
    """How many are over."""
    if music is None:
        return 0
    return bisect_right(entries, music.bars + 1 + SAME_PLACE_BARS, key=lambda entry: entry.bar)


def _until(bars: float, music: MusicalTime) -> str:
    """Bars while there are any, then beats."""
    beats = music.beats_until(bars)
    if beats > music.beats_per_bar:
        return f"in {count(math.ceil(beats / music.beats_per_bar), 'bar', 'bars')}"
    return f"in {count(beats, 'beat', 'beats')}"


def _standing(rows: tuple[CueRow, ...], music: MusicalTime | None, followed: bool) -> str:
    if not rows:
        return "No cues yet: ADD CUE writes one for the next bar."
    if not followed:
        return "NOT FOLLOWED: nothing of this list happens."
    if music is None:
        return "Waiting for the music."
    coming = next((row for row in rows if row.next), None)
    return f"Next: bar {coming.bar}, {coming.until}" if coming is not None else "All cues have passed."
