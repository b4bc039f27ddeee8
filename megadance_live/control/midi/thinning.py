"""However much a controller sends, the show hears no more than it can use."""

from megadance_live.control.midi.event import MidiEvent, MidiKey

PER_S = 100.0
AT_ONCE = 20.0
"""Two hands on a controller press fewer pads than that at the same moment."""


class Allowance:
    """`per_s` things in a second, of which `at_once` may come together."""

    def __init__(self, per_s: float = PER_S, at_once: float = AT_ONCE) -> None:
        self._per_s, self._at_once = per_s, at_once
        self._left = at_once
        self._at_s = 0.0

    def take(self, now_s: float) -> bool:
        """True if one more may come at `now_s`, which never runs back."""
        self._left = min(self._at_once, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Faders:
    """The latest place of every fader that has moved, handed out in turn."""

    def __init__(self) -> None:
        self._moved: dict[MidiKey, MidiEvent] = {}
        self._allowance = Allowance(at_once=2)

    def __bool__(self) -> bool:
        return bool(self._moved)

    def move(self, event: MidiEvent) -> None:
        self._moved[event.key] = event

    def due(self, now_s: float) -> list[MidiEvent]:
        """Those whose turn it is."""
        out = []
        while self._moved and self._allowance.take(now_s):
            out.append(self._moved.pop(next(iter(self._moved))))
        return out
