"""MIDI learn: the next message becomes a binding."""

import math

from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.control.midi.event import MidiEvent, MidiKey
from megadance_live.control.vocabulary import word_of
from megadance_live.remote.snapshot import LearnTarget

MOVED = 4
"""A knob must have been turned this far: a fader that jitters by itself is not meant."""
WIDEST = 1000.0
"""Of a word with more values than that (the seed), a fader reaches the first."""


class Places:
    """Where each knob was last, so that it is known when one has been turned."""

    def __init__(self) -> None:
        self._last: dict[MidiKey, int] = {}
        self._since: dict[MidiKey, int] = {}

    def begin(self) -> None:
        """From now on count how far each has been turned."""
        self._since = dict(self._last)

    def meant(self, event: MidiEvent) -> bool:
        """Note where it is; True if whoever teaches means this one."""
        if event.key.kind != "control":
            return event.pressed
        self._last[event.key] = event.value
        return abs(event.value - self._since.setdefault(event.key, event.value)) >= MOVED


def binding_of(target: LearnTarget, key: MidiKey, experts: int) -> MidiBinding:
    """`experts` is how many there are. Raises CueError for a command that there is not."""
    least, greatest = limits_of(target, experts)
    return MidiBinding(
        kind=key.kind,
        channel=key.channel,
        number=key.number,
        port=key.port,
        command=target.command,
        value=target.value,
        mode=target.mode,
        least=least,
        greatest=greatest,
    )


def limits_of(target: LearnTarget, experts: int) -> tuple[float, float]:
    """The values of a range at 0 and at 127."""
    word = word_of(target.command)
    if word.choices:
        return min(word.choices), max(word.choices)
    if word.kind in ("expert", "choice"):
        return 0.0, max(0, (len(word.names) or experts) - 1)
    if word.kind not in ("number", "whole"):
        return 0.0, 1.0
    least = word.least if math.isfinite(word.least) else 0.0
    return least, min(word.greatest, least + WIDEST)


def taught(section: MidiSection, binding: MidiBinding) -> tuple[MidiSection, int]:
    """The section with `binding`, and how many others have lost the same key to it."""
    kept = tuple(old for old in section.bindings if not _same_key(old, binding))
    revised = section.model_copy(update={"bindings": (*kept, binding)})
    return revised, len(section.bindings) - len(kept)


def _same_key(one: MidiBinding, other: MidiBinding) -> bool:
    same = (one.kind, one.channel, one.number) == (other.kind, other.channel, other.number)
    return same and (one.port == other.port or "" in (one.port, other.port))
