"""Controllers that tests plug in, play and pull out, and whose lamps they look at."""

import time
from collections.abc import Callable

from megadance_live.control.midi.event import Kind, MidiEvent, MidiKey
from megadance_live.core.errors import MidiError

PADS = "Launchpad"
PATIENCE_S = 5.0


def key(number: int, kind: Kind = "note", channel: int = 0, port: str = PADS) -> MidiKey:
    return MidiKey(port, kind, channel, number)


def until(true: Callable[[], object]) -> bool:
    """Wait for something that another thread does."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not true():
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.002)
    return True


class FakePort:
    def __init__(self, backend: "FakeBackend", name: str, heard: Callable[[MidiEvent], None] | None = None) -> None:
        self._backend, self.name, self.heard = backend, name, heard
        self.closed = False

    def send(self, at: MidiKey, value: int) -> None:
        if self._backend.deaf:
            raise MidiError("MIDI: the lamps cannot be lit.")
        self._backend.lamps[at] = value
        self._backend.sent.append((at, value))

    def close(self) -> None:
        self.closed = True
        self._backend.open.remove(self)


class FakeBackend:
    """`there` are the controllers that are plugged in; `gone` makes MIDI itself go away."""

    def __init__(self, *there: str) -> None:
        self.there = list(there)
        self.busy: set[str] = set()
        self.gone = False
        self.deaf = False
        self.open: list[FakePort] = []
        self.lamps: dict[MidiKey, int] = {}
        self.sent: list[tuple[MidiKey, int]] = []
        self.closed = 0

    def make(self) -> "FakeBackend":
        """As the desk asks for it."""
        if self.gone:
            raise MidiError("MIDI is off: there is none here.")
        return self

    def inputs(self) -> tuple[str, ...]:
        if self.gone:
            raise MidiError("MIDI is off: it has gone.")
        return tuple(self.there)

    def outputs(self) -> tuple[str, ...]:
        return self.inputs()

    def open_input(self, name: str, heard: Callable[[MidiEvent], None]) -> FakePort:
        if name in self.busy:
            raise MidiError(f'MIDI: "{name}" cannot be opened; close the other program that uses it.')
        self.open.append(FakePort(self, name, heard))
        return self.open[-1]

    def open_output(self, name: str) -> FakePort:
        self.open.append(FakePort(self, name))
        return self.open[-1]

    def close(self) -> None:
        self.closed += 1

    def play(self, at: MidiKey, value: int = 100) -> None:
        """A person presses, lets go or turns something."""
        for port in list(self.open):
            if port.heard is not None and port.name == at.port:
                port.heard(MidiEvent(at, value))
