"""Which document a show begins with: the one that was asked for, that of a show that was cut off, or the last one."""

import tomllib
from typing import Any

from megadance_live.config.folders import own_file
from megadance_live.config.load import NOTE, Opened, open_preset, open_shipped, open_text
from megadance_live.config.preset import Preset
from megadance_live.core.errors import ConfigError
from megadance_live.show.autosave import CRASHED, UNSAVED, Autosave, Left
from megadance_live.show.document import Document

DEFAULT = "default"


def begin_document(name: str | None = None, *, safe: bool = False, autosave: Autosave | None = None) -> Document:
    """The document to perform, opened leniently; `autosave` None: nothing is kept, nothing restored.

    `name` is a preset that was asked for, by name or path. `safe` begins with the default preset that ships. What a
    show that was cut off has left is then kept beside. Raises ConfigError if `name` cannot be found.
    """
    asked = open_shipped(DEFAULT) if safe else open_preset(name) if name is not None else None
    if autosave is None:
        return Document(asked or open_preset(DEFAULT))
    left = autosave.claim()
    notes = list[str]()
    note = _note_of(left.text)
    if left.alone and left.cut_off and left.text and asked is None:
        return _restored(left, note, autosave)
    unsaved = left.alone and bool(left.text) and (left.cut_off or note.get("changed") is True)
    if unsaved and (aside := autosave.put_aside(CRASHED if left.cut_off else UNSAVED)):
        how = "was cut off" if left.cut_off else "ended with changes that were not saved"
        notes.append(f'The last show {how}; it is kept as "{aside}", which can be opened like a preset.')
    if asked is None:
        asked, trouble = _last(str(note.get("name", DEFAULT)))
        notes += trouble
    return Document(asked, notes=notes, autosave=autosave)


def _restored(left: Left, note: dict[str, Any], autosave: Autosave) -> Document:
    """The show as it was when it was cut off, still belonging to the preset that it was opened from."""
    name = str(note.get("name", DEFAULT))
    try:
        opened, gone = open_preset(name), []
    except ConfigError as error:
        opened, gone = Opened(Preset(), name, own_file(name)), [str(error)]
    kept = open_text(left.text, opened.name, autosave.file)
    notes = [
        f'The last show was cut off; "{opened.name}" goes on as it was then. Save it to keep it, or open another.',
        *gone,
        *kept.problems,
    ]
    if kept.problems:
        autosave.put_aside(CRASHED)
    return Document(opened, restored=kept.preset, notes=notes, autosave=autosave)


def _last(name: str) -> tuple[Opened, list[str]]:
    """The preset of that name; where there is none any more, the default one and a sentence."""
    try:
        return open_preset(name), []
    except ConfigError as error:
        return open_shipped(DEFAULT), [str(error)]


def _note_of(text: str) -> dict[str, Any]:
    """What an autosave says of itself."""
    try:
        note = tomllib.loads(text).get(NOTE)
    except tomllib.TOMLDecodeError:
        return {}
    return note if isinstance(note, dict) else {}
