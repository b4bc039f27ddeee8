"""What a message of a controller means, by the bindings of the show."""

from collections.abc import Iterable, Sequence

from megadance_live.config.preset import MidiBinding
from megadance_live.control.midi.event import GREATEST, MidiEvent, MidiKey
from megadance_live.control.midi.standing import Standing, at_rest
from megadance_live.control.vocabulary import Kind as WordKind
from megadance_live.control.vocabulary import Word, parse, word_of
from megadance_live.core.command import Command, CommandValue

EXPERT_WORDS = ("expert", "expert_now")


def bound_to(bindings: Iterable[MidiBinding], key: MidiKey) -> tuple[MidiBinding, ...]:
    """The bindings of that key. One without a port is of every controller."""
    return tuple(
        binding
        for binding in bindings
        if (binding.kind, binding.channel, binding.number) == (key.kind, key.channel, key.number)
        and binding.port in ("", key.port)
    )


def pressed(binding: MidiBinding, standing: Standing, experts: Sequence[str]) -> Command:
    """What a press says, of a key that is `momentary` or a `toggle`.

    Pressing the pad of an expert that is armed disarms it. Raises CueError.
    """
    word = word_of(binding.command)
    command = parse(word.name, _value_of(binding, word), experts, clamp=True)
    if word.name == "expert" and standing.control is not None and standing.control.armed == command.value:
        return Command("expert_cancel")
    if binding.mode != "toggle" or word.kind in ("none", "expert"):
        return command
    present = standing.value_of(word.name)
    if word.kind == "switch":
        return Command(word.name, not present)
    rest = at_rest(word.name)
    return Command(word.name, rest) if rest is not None and present == command.value else command


def released(binding: MidiBinding) -> Command | None:
    """What letting go says: a momentary switch goes off again. Raises CueError."""
    word = word_of(binding.command)
    if binding.mode != "momentary" or word.kind != "switch":
        return None
    if parse(word.name, _value_of(binding, word), ()).value is False:  # a key that switches something off
        return None
    return Command(word.name, False)


def moved(binding: MidiBinding, event: MidiEvent, experts: Sequence[str]) -> Command | None:
    """What a key of a `range` says, None when a note is let go. Raises CueError."""
    if event.key.kind == "note" and not event.value:
        return None
    word = word_of(binding.command)
    value = binding.least + (binding.greatest - binding.least) * event.value / GREATEST
    if word.kind in ("expert", "choice"):
        value = round(value)
    return parse(word.name, value, experts, clamp=True)


def is_range(binding: MidiBinding) -> bool:
    """A word that takes no number is a button, whatever the binding says."""
    return binding.mode == "range" and word_of(binding.command).kind not in ("none", "text")


def _value_of(binding: MidiBinding, word: Word) -> CommandValue:
    if binding.value is not None:
        return binding.value
    defaults: dict[WordKind, CommandValue] = {"switch": True, "text": ""}
    return defaults.get(word.kind)
