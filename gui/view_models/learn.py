"""MIDI learn: whether controls are being bound, to what, and what is bound already."""

from gui.port import ShowPort
from megadance_live.config.preset import MidiBinding
from megadance_live.remote.client import View
from megadance_live.remote.requests import LearnMidi
from megadance_live.remote.snapshot import LearnTarget

_LETTERS = {"note": "N", "control": "CC", "program": "PC"}


def tag_of(binding: MidiBinding) -> str:
    """A binding, short enough for the corner of a pad: N36, CC7/2 on the second channel."""
    channel = f"/{binding.channel + 1}" if binding.channel else ""
    return f"{_LETTERS[binding.kind]}{binding.number}{channel}"


class LearnMode:
    """One per window. `revision` counts every change of what a control draws of it."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self._seen: tuple[object, ...] = ()
        self._bindings: tuple[MidiBinding, ...] = ()
        self.active = False
        self.target: LearnTarget | None = None
        self.said = ""
        self.revision = 0

    def update(self, view: View) -> None:
        midi = view.snapshot.midi
        bindings = view.snapshot.preset.preset.midi.bindings
        seen = (self.active, midi.learning, midi.learned, midi.replaced, bindings)
        if seen == self._seen:
            return
        self._seen = seen
        self._bindings = bindings
        self.target = midi.learning
        self.said = _said(self.active, midi.learning, midi.learned, midi.replaced)
        self.revision += 1

    def toggle(self) -> None:
        """Begin to choose controls, or end it."""
        self.active = not self.active
        self.revision += 1
        if not self.active:
            self.target = None
            self._port.ask(LearnMidi(None))

    def choose(self, target: LearnTarget) -> None:
        """The next MIDI message is bound to this; chosen once more, it is not."""
        self._port.ask(LearnMidi(None if target == self.target else target))

    def tags(self, target: LearnTarget) -> str:
        """What fires the target now, "" for nothing."""
        return " ".join(tag_of(binding) for binding in self._bindings if _fires(binding, target))


def _fires(binding: MidiBinding, target: LearnTarget) -> bool:
    if binding.command != target.command:
        return False
    return target.value is None or binding.value == target.value


def _said(active: bool, target: LearnTarget | None, learned: MidiBinding | None, replaced: int) -> str:
    if not active:
        return ""
    if target is not None:
        return "MIDI LEARN: now press the pad or turn the knob of your controller."
    if learned is None:
        return "MIDI LEARN: choose a control of this window."
    instead = f", which it did instead of {replaced} other{'s' if replaced > 1 else ''}" if replaced else ""
    return f"MIDI LEARN: {tag_of(learned)} now does {learned.command}{instead}. Choose another control, or leave."
