"""The MIDI page: which controllers are heard, and what their keys and knobs do."""

from dataclasses import dataclass
from typing import Literal

from gui.port import ShowPort
from gui.view_models.learn import tag_of
from gui.view_models.pads import plain_name
from gui.view_models.revision import Revision
from megadance_live.config.preset import MidiBinding, MidiSection
from megadance_live.control.midi.learn import limits_of
from megadance_live.control.vocabulary import Kind, Word, word_of
from megadance_live.remote.client import View
from megadance_live.remote.snapshot import LearnTarget

LIT_S = 0.3
"""How long a port's lamp shines after a message."""

Mode = Literal["momentary", "toggle", "range"]
_MODES: dict[Kind, tuple[Mode, ...]] = {
    "none": ("momentary",),
    "text": ("momentary",),
    "expert": ("momentary", "range"),
}
"""Modes that make sense; all of them for other kinds of words."""


@dataclass(frozen=True)
class PortState:
    """`heard`: the performer lets it control the show. `present` False: the preset names it, and it is not there.
    `lit`: a message has just come from it."""

    name: str
    heard: bool = True
    present: bool = True
    lit: bool = False


@dataclass(frozen=True)
class BindingState:
    """`what` it does and which `key` does it, in words; `modes` are those that make sense for the command. A range has
    `least` and `greatest` in `unit`. `fresh`: learned last."""

    what: str
    key: str
    mode: Mode
    modes: tuple[Mode, ...]
    least: float
    greatest: float
    unit: str = ""
    fresh: bool = False


@dataclass(frozen=True)
class MidiState:
    """`trouble` says why there is no MIDI. `last` is the last message in words."""

    enabled: bool = True
    available: bool = False
    feedback: bool = True
    ports: tuple[PortState, ...] = ()
    last: str = ""
    bindings: tuple[BindingState, ...] = ()
    can_undo: bool = False
    trouble: str = ""
    refused: str = ""


class MidiModel:
    """Bindings are told by their place in the list, counted from 0."""

    def __init__(self, port: ShowPort) -> None:
        self._section = Revision(port, "midi", lambda preset: preset.midi)
        self._view = View()
        self._heard = ""
        self._heard_s = float("-inf")
        self._refused = ""
        self.state = MidiState()

    def update(self, view: View) -> None:
        midi = view.snapshot.midi
        if midi.last != self._heard:
            self._heard, self._heard_s = midi.last, view.now_s
        self._view = view
        self._section.update(view)
        self._draw()

    def enable(self, on: bool) -> None:
        """Whether MIDI is listened to at all."""
        self._revise(self._section.value.model_copy(update={"enabled": on}))

    def feed_back(self, on: bool) -> None:
        """Whether the lamps of the controllers are lit."""
        self._revise(self._section.value.model_copy(update={"feedback": on}))

    def hear(self, port: str, on: bool) -> None:
        """Let a port control the show, or not. None chosen means all, so the last one cannot be left out."""
        before = self._heard_ports()
        heard = tuple(name for name in self._all_ports() if (on if name == port else name in before))
        if not heard:
            self._refused = "At least one input is listened to: switch MIDI off instead."
            self._draw()
            return
        everything = set(heard) == set(self._all_ports())
        self._revise(self._section.value.model_copy(update={"ports": () if everything else heard}))

    def set_mode(self, place: int, mode: Mode) -> None:
        """A range begins with the limits of its command; what was one then gives its greatest value."""
        binding = self._binding(place)
        if binding is None or mode == binding.mode:
            return
        update: dict[str, object] = {"mode": mode}
        if mode == "range":
            least, greatest = limits_of(LearnTarget(word_of(binding.command).name), len(self._experts))
            update |= {"least": least, "greatest": greatest}
        elif binding.value is None and word_of(binding.command).kind != "switch":
            update |= {"value": binding.greatest}
        self._put(place, binding.model_copy(update=update))

    def set_limits(self, place: int, least: str, greatest: str) -> bool:
        """Of a range, as typed; the greatest may be smaller, then it runs the other way. False: the state says what is
        wrong."""
        binding = self._binding(place)
        if binding is None:
            return False
        word = word_of(binding.command)
        numbers = [_number(text) for text in (least, greatest)]
        if any(number is None or not _fits(number, word) for number in numbers):
            limits = f" from {word.least:g} to {word.greatest:g}" if _bounded(word) else ""
            self._refused = f"A limit of {binding.command} is a number{limits}{_unit(word)}."
            self._draw()
            return False
        self._put(place, binding.model_copy(update={"least": numbers[0], "greatest": numbers[1]}))
        return True

    def remove(self, place: int) -> None:
        """The key does nothing any more."""
        if self._binding(place) is not None:
            bindings = self._section.value.bindings
            kept = (*bindings[:place], *bindings[place + 1 :])
            self._revise(self._section.value.model_copy(update={"bindings": kept}))

    def undo(self) -> None:
        """Take back the last change."""
        self._section.undo()
        self._draw()

    @property
    def _experts(self) -> tuple[str, ...]:
        return self._view.snapshot.engine.experts

    def _binding(self, place: int) -> MidiBinding | None:
        bindings = self._section.value.bindings
        return bindings[place] if 0 <= place < len(bindings) else None

    def _put(self, place: int, binding: MidiBinding) -> None:
        bindings = self._section.value.bindings
        changed = (*bindings[:place], binding, *bindings[place + 1 :])
        self._revise(self._section.value.model_copy(update={"bindings": changed}))

    def _revise(self, section: MidiSection) -> None:
        self._refused = ""
        self._section.revise(section)
        self._draw()

    def _all_ports(self) -> tuple[str, ...]:
        """Those that are there, and those that the preset waits for."""
        return tuple(dict.fromkeys((*self._there(), *self._section.value.ports)))

    def _there(self) -> tuple[str, ...]:
        midi = self._view.snapshot.midi
        return tuple(sorted((*midi.ports, *midi.left_out)))

    def _heard_ports(self) -> tuple[str, ...]:
        return self._section.value.ports or self._all_ports()

    def _draw(self) -> None:
        view, section = self._view, self._section.value
        midi = view.snapshot.midi
        heard, there = self._heard_ports(), self._there()
        just_now = 0 <= view.now_s - self._heard_s < LIT_S
        self.state = MidiState(
            enabled=section.enabled,
            available=midi.available,
            feedback=section.feedback,
            ports=tuple(
                PortState(name, name in heard, name in there, just_now and name in midi.last)
                for name in self._all_ports()
            ),
            last=midi.last,
            bindings=tuple(_row(binding, binding == midi.learned) for binding in section.bindings),
            can_undo=self._section.can_undo,
            trouble=midi.trouble,
            refused=self._refused,
        )


def key_in_words(binding: MidiBinding) -> str:
    """Which key or knob, for people."""
    where = f" of {binding.port}" if binding.port else ""
    return f"{tag_of(binding)} · {binding.kind} {binding.number}, channel {binding.channel + 1}{where}"


def _row(binding: MidiBinding, fresh: bool) -> BindingState:
    word = word_of(binding.command)
    return BindingState(
        what=_what(binding, word),
        key=key_in_words(binding),
        mode=binding.mode,
        modes=_modes(word, binding),
        least=binding.least,
        greatest=binding.greatest,
        unit=word.unit,
        fresh=fresh,
    )


def _what(binding: MidiBinding, word: Word) -> str:
    if binding.value is None or binding.mode == "range":
        return binding.command
    if isinstance(binding.value, bool):
        return f"{binding.command} {'on' if binding.value else 'off'}"
    if isinstance(binding.value, float):
        return f"{binding.command} {binding.value:g}{_unit(word)}"
    return f"{binding.command} {plain_name(str(binding.value))}"


def _modes(word: Word, binding: MidiBinding) -> tuple[Mode, ...]:
    if binding.kind == "program":
        return ("momentary", "toggle") if word.kind == "switch" else ("momentary",)
    return _MODES.get(word.kind, ("momentary", "toggle", "range"))


def _bounded(word: Word) -> bool:
    return word.greatest < float("inf")


def _fits(number: float, word: Word) -> bool:
    return word.least <= number <= word.greatest


def _number(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _unit(word: Word) -> str:
    return f" {word.unit}" if word.unit else ""
