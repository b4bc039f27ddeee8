"""Lamps, rings and motor faders: what a controller shows of the show."""

from collections.abc import Iterable, Mapping, Sequence

from megadance_live.config.preset import MidiBinding
from megadance_live.control.midi.event import GREATEST, MidiKey
from megadance_live.control.midi.meaning import EXPERT_WORDS, is_range
from megadance_live.control.midi.standing import Standing
from megadance_live.control.vocabulary import VOCABULARY, word_of

LIT_PART = 0.5
"""An armed expert's lamp is lit for this part of a beat."""
FLASH_PART = 0.25
"""That of the tap key flashes on the beat."""


def lamps(
    bindings: Iterable[MidiBinding], standing: Standing, experts: Sequence[str], ports: Iterable[str]
) -> dict[MidiKey, int]:
    """What each bound key of the controllers `ports` is to show, 0..127. A program change has no lamp."""
    shown: dict[MidiKey, int] = {}
    for binding in bindings:
        value = _value(binding, standing, experts)
        if value is None or binding.kind == "program":
            continue
        for port in [binding.port] if binding.port else ports:
            key = MidiKey(port, binding.kind, binding.channel, binding.number)
            shown[key] = max(value, shown.get(key, 0))
    return shown


def changed(wanted: Mapping[MidiKey, int], sent: Mapping[MidiKey, int]) -> dict[MidiKey, int]:
    """What is still to be sent; lamps that nothing is bound to any more go out."""
    out = {key: 0 for key, value in sent.items() if value and key not in wanted and key.kind == "note"}
    return out | {key: value for key, value in wanted.items() if sent.get(key) != value}


def _value(binding: MidiBinding, standing: Standing, experts: Sequence[str]) -> int | None:
    name = word_of(binding.command).name
    if is_range(binding):
        return _place(binding, standing.value_of(name)) if binding.kind == "control" else None
    if name in EXPERT_WORDS:
        return _expert(binding, standing, experts)
    if name == "tap":
        return GREATEST if standing.clock is not None and standing.beat_phase < FLASH_PART else 0
    present = standing.value_of(name)
    wanted = True if binding.value is None and VOCABULARY[name].kind == "switch" else binding.value
    return GREATEST if present is not None and present == wanted else 0


def _expert(binding: MidiBinding, standing: Standing, experts: Sequence[str]) -> int:
    """Solid while it speaks, blinking in tempo while it is armed."""
    control = standing.control
    if control is None or binding.value not in experts:
        return 0
    if control.armed == binding.value:
        return GREATEST if standing.beat_phase < LIT_PART else 0
    return GREATEST if control.expert == binding.value else 0


def _place(binding: MidiBinding, value: object) -> int | None:
    """Where a fader stands for `value`."""
    span = binding.greatest - binding.least
    if not isinstance(value, int | float) or span == 0:
        return None
    return round(min(max((value - binding.least) / span, 0.0), 1.0) * GREATEST)
