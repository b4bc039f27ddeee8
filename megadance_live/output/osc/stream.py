"""Frames on their way to one destination."""

from collections.abc import Sequence

from megadance_live.output.osc.destination import Destination, resolve
from megadance_live.output.osc.frame import OutputFrame
from megadance_live.output.osc.outlet import Outlet, OutletCounts
from megadance_live.output.osc.template import DatagramTemplate, Message

NAME_EVERY_S = 1.0


class OscStream:
    """Destination, layout, datagrams and socket in one. For one thread at a time."""

    def __init__(self, destination: Destination, experts: Sequence[str]) -> None:
        """Resolve the host and encode the datagrams. Raises DestinationError."""
        family, address = resolve(destination)
        self.destination = destination
        self._experts = tuple(experts)
        self._layout = destination.make_layout(len(self._experts))
        self._template = DatagramTemplate(self._layout.messages, destination.datagram_mode(address[0]))
        self._outlet = Outlet(family, address)
        self._named: tuple[int, float] | None = None  # expert last named, and when

    def send(self, frame: OutputFrame, now_s: float) -> None:
        """Send one frame; a failure is counted and told by `trouble`."""
        for datagram in self._template.fill(self._layout.floats(frame), self._layout.ints(frame)):
            self._outlet.send(datagram, now_s)
        if self._layout.expert_name_address is not None:
            self._send_name(self._layout.expert_name_address, frame, now_s)

    @property
    def counts(self) -> OutletCounts:
        return self._outlet.counts

    def trouble(self, now_s: float) -> str:
        return self._outlet.trouble(now_s)

    def close(self) -> None:
        self._outlet.close()

    def _send_name(self, address: str, frame: OutputFrame, now_s: float) -> None:
        """The one string: when it changes, and once per second for receivers that came later."""
        expert = frame.music.expert
        if self._named is not None and self._named[0] == expert and now_s - self._named[1] < NAME_EVERY_S:
            return
        self._named = (expert, now_s)
        name = self._experts[expert] if 0 <= expert < len(self._experts) else ""
        self._outlet.send(Message(address, (name,)).encode().dgram, now_s)
