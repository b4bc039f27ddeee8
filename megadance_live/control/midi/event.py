"""What a key, pad, knob or fader says, whichever library it came through."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mido import Message

Kind = Literal["note", "control", "program"]

GREATEST = 127
HALFWAY = 64
"""A controller that acts as a button is pressed from here on."""


@dataclass(frozen=True)
class MidiKey:
    """One key, knob or pad: `channel` 0..15, `number` 0..127; `port` is the name of the controller."""

    port: str
    kind: Kind
    channel: int
    number: int

    @property
    def words(self) -> str:
        """Channels count from 1, as on the controllers themselves."""
        return f"{self.kind} {self.number} on channel {self.channel + 1} of {self.port}"


@dataclass(frozen=True)
class MidiEvent:
    """`value` 0..127: the velocity of a note (0: let go), the place of a knob; a program change is 127."""

    key: MidiKey
    value: int

    @property
    def pressed(self) -> bool:
        return self.value > 0 if self.key.kind == "note" else self.value >= HALFWAY

    @property
    def words(self) -> str:
        """What it was, for a person who looks for the right pad."""
        return f"{self.key.words}: {self.value}" if self.key.kind == "control" else self.key.words


def event_of(message: "Message", port: str) -> MidiEvent | None:
    """None for what no binding acts on: clock, active sensing, pitch bend, pressure and system messages."""
    match message.type:
        case "note_on":
            return MidiEvent(MidiKey(port, "note", message.channel, message.note), message.velocity)
        case "note_off":
            return MidiEvent(MidiKey(port, "note", message.channel, message.note), 0)
        case "control_change":
            return MidiEvent(MidiKey(port, "control", message.channel, message.control), message.value)
        case "program_change":
            return MidiEvent(MidiKey(port, "program", message.channel, message.program), GREATEST)
    return None
