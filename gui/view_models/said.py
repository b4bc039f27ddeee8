"""What a cue or a scene says: its commands in words, and one more from what was typed or chosen."""

from collections.abc import Sequence

from gui.view_models.pads import plain_name
from megadance_live.config.preset import Said
from megadance_live.control.vocabulary import VOCABULARY, Word, parse, word_of
from megadance_live.core.command import CommandName
from megadance_live.core.errors import CueError

CommonWords = tuple[CommandName, ...]
COMMON: CommonWords = ("expert", "expert_now", "scene", "energy", "looseness", "marker", "mirror", "freeze", "blackout")
"""They come first in the list; the others follow as the vocabulary has them."""
WORDS: CommonWords = (*COMMON, *(name for name in VOCABULARY if name not in COMMON))


def in_words(said: Said) -> str:
    """On one line."""
    return ", ".join(command_in_words(name, value) for name, value in said.items()) or "nothing"


def command_in_words(name: str, value: float | int | bool | str) -> str:
    """A command of a document."""
    word = word_of(name)
    if word.kind == "none":
        return name
    if word.kind == "switch":
        return f"{name} {'on' if value else 'off'}"
    if word.kind == "expert":
        return plain_name(str(value))
    number = f"{value:g}" if isinstance(value, int | float) and not isinstance(value, bool) else str(value)
    return f"{name} {number} {word.unit}".rstrip()


def values_of(name: CommandName, experts: Sequence[str], scenes: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What can be chosen for a command, as it is said and as it is written; () where it is typed or takes nothing."""
    word = VOCABULARY[name]
    if word.kind == "expert":
        return tuple((expert, plain_name(expert)) for expert in experts)
    if name == "scene":
        return tuple((scene, scene) for scene in scenes)
    if word.kind == "switch":
        return (("on", "on"), ("off", "off"))
    if word.names:
        return tuple((each, each.replace("_", " ")) for each in word.names)
    return tuple((f"{choice:g}", f"{choice:g}") for choice in word.choices)


def with_command(said: Said, name: CommandName, value: str, experts: Sequence[str], scenes: Sequence[str]) -> Said:
    """`said` and one command more, with a value as it was typed; a command stands only once.

    Raises CueError, one sentence that names what would be valid.
    """
    word = VOCABULARY[name]
    if word.kind == "text":
        _check_text(word, value, scenes)
    parsed = parse(name, value, experts).value
    rest = {other: kept for other, kept in said.items() if other != name}
    return {**rest, name: True if parsed is None else parsed}


def _check_text(word: Word, value: str, scenes: Sequence[str]) -> None:
    if not value.strip():
        raise CueError(f'"{word.name}" needs a text: {word.help}.')
    if word.name == "scene" and value not in scenes:
        has = f"use one of: {', '.join(scenes)}" if scenes else "make one on the page PLAY first"
        raise CueError(f'There is no scene "{value}"; {has}.')
