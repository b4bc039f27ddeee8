"""What a preset names and this machine does not have."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from megadance_live.config.preset import Preset
from megadance_live.control.vocabulary import VOCABULARY, expert_named
from megadance_live.core.errors import CueError

EXPERT_WORDS = frozenset(name for name, word in VOCABULARY.items() if word.kind == "expert")


def missing(preset: Preset, experts: Sequence[str] | None, devices: Sequence[str] | None) -> tuple[str, ...]:
    """One sentence for each expert, audio input or file. None: not known yet."""
    found = () if experts is None else _missing_experts(preset, experts)
    return (*found, *_missing_source(preset.audio.source, devices))


def _missing_experts(preset: Preset, experts: Sequence[str]) -> tuple[str, ...]:
    places: dict[str, Counter[str]] = {}
    for expert, place in _experts_of(preset):
        try:
            expert_named(expert, experts)
        except CueError:
            places.setdefault(str(expert), Counter())[place] += 1
    return tuple(
        f'This model has no expert "{expert}"; it is left out where the preset names it ({_counted(counter)}).'
        for expert, counter in places.items()
    )


def _experts_of(preset: Preset) -> Iterator[tuple[object, str]]:
    """Every expert that is named, and where."""
    if preset.dance.expert is not None:
        yield preset.dance.expert, "beginning"
    yield from ((pad.expert, "pad") for bank in preset.pads.banks for pad in bank.pads)
    for place, entries in (("scene", preset.scenes), ("cue", preset.cues.entries)):
        yield from (
            (value, place) for entry in entries for name, value in entry.commands.items() if name in EXPERT_WORDS
        )
    for binding in preset.midi.bindings:
        if binding.command in EXPERT_WORDS and binding.value is not None:
            yield binding.value, "MIDI binding"


def _counted(places: Counter[str]) -> str:
    return ", ".join(place if count == 1 else f"{count} {place}s" for place, count in places.items())


def _missing_source(source: str, devices: Sequence[str] | None) -> tuple[str, ...]:
    kind, _, rest = source.strip().partition(":")
    wanted = rest.strip()
    if kind == "file" and not Path(wanted).expanduser().is_file():
        return (f'There is no audio file "{wanted}"; choose another source.',)
    if kind != "device" or devices is None or wanted.casefold() == "default":
        return ()
    if any(wanted.casefold() in device.casefold() for device in devices):
        return ()
    return (f'There is no audio input "{wanted}" now; plug it in or choose another source.',)
