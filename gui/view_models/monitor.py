"""What a receiver is sent, message by message: decoded a few times per second while somebody looks."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from pythonosc import osc_message, osc_packet
from pythonosc.parsing import osc_types

from gui.port import ShowPort
from megadance_live.remote.client import View
from megadance_live.remote.requests import WatchReceiver

DECODE_EVERY_S = 0.2
GONE_AFTER_S = 3.0
"""A message that has not come for so long is taken from the list (the expert's name comes once per second)."""
MOST_TYPES = 4
"""Equal type tags in a row that are written out."""


@dataclass(frozen=True)
class Line:
    """An address (with the name that a VMC message begins with), its OSC type tags, and the values in words."""

    address: str
    types: str
    values: str


@dataclass(frozen=True)
class MonitorState:
    """`place` is the receiver that is watched, None while none is. `lines` are those that match the search, of
    `total`; `broken` counts the datagrams of the last look that could not be read."""

    place: int | None = None
    search: str = ""
    lines: tuple[Line, ...] = ()
    total: int = 0
    datagrams: int = 0
    octets: int = 0
    broken: int = 0

    @property
    def summary(self) -> str:
        """In a line of words."""
        if self.place is None:
            return "Press WATCH beside a receiver to see what it is sent."
        if not self.total and not self.broken:
            return "Waiting for something to be sent ..."
        listed = f"{len(self.lines)} of {self.total}" if self.search.strip() else f"{self.total}"
        said = f"{listed} messages · {self.datagrams} datagrams · {self.octets} bytes"
        return f"{said} · {self.broken} cannot be read" if self.broken else said


class MonitorModel:
    """The show is asked for datagrams only while the page is on screen and a receiver is watched."""

    def __init__(self, port: ShowPort) -> None:
        self._port = port
        self.state = MonitorState()
        self._shown = False
        self._asked: int | None = None
        self._lines: dict[str, tuple[float, Line]] = {}
        self._seen: tuple[bytes, ...] = ()
        self._decoded: tuple[bytes, ...] = ()
        self._decoded_s = float("-inf")
        self._counts = (0, 0, 0)

    def update(self, view: View) -> None:
        """Decode what has come, five times per second at most."""
        datagrams, self._seen = view.snapshot.monitor, view.snapshot.monitor
        waits = 0.0 <= view.now_s - self._decoded_s < DECODE_EVERY_S
        if self._asked is not None and datagrams is not self._decoded and not waits:
            self._decoded, self._decoded_s = datagrams, view.now_s
            self._decode(datagrams, view.now_s)
            self._publish()

    def watch(self, place: int | None) -> None:
        """Look at another receiver; None: at none."""
        if place != self.state.place:
            self._forget()
            self.state = MonitorState(place, self.state.search)
            self._ask()

    def again(self) -> None:
        """The receivers have changed: what was seen is of an old one."""
        self._forget()
        self._publish()

    def search(self, text: str) -> None:
        """List only messages with that in their address."""
        self.state = MonitorState(self.state.place, text)
        self._publish()

    def show(self, shown: bool) -> None:
        """Is the page on screen? Nothing is asked for while it is not."""
        self._shown = shown
        self._ask()

    def _ask(self) -> None:
        wanted = self.state.place if self._shown else None
        if wanted != self._asked:
            self._asked = wanted
            self._port.ask(WatchReceiver(wanted))

    def _forget(self) -> None:
        """What has come so far is of another receiver."""
        self._lines.clear()
        self._counts = (0, 0, 0)
        self._decoded = self._seen

    def _decode(self, datagrams: tuple[bytes, ...], now_s: float) -> None:
        broken = 0
        for datagram in datagrams:
            try:
                for line in _lines_of(datagram):
                    self._lines[line.address] = (now_s, line)
            except (osc_packet.ParseError, osc_types.ParseError):
                broken += 1
        self._counts = (len(datagrams), sum(map(len, datagrams)), broken)
        self._lines = {key: seen for key, seen in self._lines.items() if now_s - seen[0] < GONE_AFTER_S}

    def _publish(self) -> None:
        sought = self.state.search.strip().casefold()
        lines = tuple(line for _, line in self._lines.values() if sought in line.address.casefold())
        self.state = MonitorState(self.state.place, self.state.search, lines, len(self._lines), *self._counts)


def _lines_of(datagram: bytes) -> Iterator[Line]:
    for timed in osc_packet.OscPacket(datagram).messages:
        yield _line(timed.message)


def _line(message: osc_message.OscMessage) -> Line:
    """VMC sends all bones to one address: there the first text tells them apart."""
    values = list(message.params)
    address = message.address
    if address.startswith("/VMC/") and values and isinstance(values[0], str):
        address = f"{address} {values.pop(0)}"
    return Line(address, _types_of(message.dgram), "  ".join(_words(value) for value in values))


def _types_of(datagram: bytes) -> str:
    """As the message itself says, since Python does not tell a double from a float; 7f instead of fffffff."""
    _, after = osc_types.get_string(datagram, 0)
    if after >= len(datagram):
        return ""
    types, _ = osc_types.get_string(datagram, after)
    runs = ((kind, len(list(run))) for kind, run in groupby(types.removeprefix(",")))
    return "".join(f"{count}{kind}" if count > MOST_TYPES else kind * count for kind, count in runs)


def _words(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
