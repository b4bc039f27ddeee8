"""Frames on their way to one destination."""

from collections.abc import Sequence
from dataclasses import dataclass

from megadance_live.core.destination import DatagramMode, Destination
from megadance_live.core.output_frame import OutputFrame
from megadance_live.output.osc.layouts.layout import Layout
from megadance_live.output.osc.outlet import Outlet, OutletCounts
from megadance_live.output.osc.receiver import datagram_mode_of, layout_of, resolve
from megadance_live.output.osc.template import DatagramTemplate, Message

NAME_EVERY_S = 1.0


@dataclass(frozen=True)
class _Content:
    """What depends on the experts."""

    experts: tuple[str, ...]
    layout: Layout
    template: DatagramTemplate

    @classmethod
    def of(cls, destination: Destination, mode: DatagramMode, experts: Sequence[str]) -> "_Content":
        layout = layout_of(destination, len(experts))
        return cls(tuple(experts), layout, DatagramTemplate(layout.messages, mode))


class OscStream:
    """Destination, layout, datagrams and socket in one. For one thread at a time."""

    def __init__(self, destination: Destination, experts: Sequence[str]) -> None:
        """Resolve the host and encode the datagrams. Raises DestinationError."""
        family, address = resolve(destination)
        self.destination = destination
        self._mode = datagram_mode_of(destination, address[0])
        self._content = _Content.of(destination, self._mode, experts)
        self._outlet = Outlet(family, address)
        self._named: tuple[str, float] | None = None  # the name last sent, and when
        self.watched = False
        self._last: tuple[bytes, ...] = ()

    def send(self, frame: OutputFrame, now_s: float) -> None:
        """Send one frame; a failure is counted and told by `trouble`."""
        content = self._content
        datagrams = content.template.fill(content.layout.floats(frame), content.layout.ints(frame))
        for datagram in datagrams:
            self._outlet.send(datagram, now_s)
        self._last = tuple(bytes(datagram) for datagram in datagrams) if self.watched else ()
        if content.layout.expert_name_address is not None:
            self._send_name(content, content.layout.expert_name_address, frame.music.expert, now_s)

    def introduce(self, experts: Sequence[str]) -> None:
        """Other experts: encode the datagrams anew. May be called from any thread; the next frame is the first of the
        new kind."""
        self._content = _Content.of(self.destination, self._mode, experts)

    @property
    def last(self) -> tuple[bytes, ...]:
        """The datagrams of the last frame while somebody has set `watched`."""
        return self._last

    @property
    def counts(self) -> OutletCounts:
        return self._outlet.counts

    def trouble(self, now_s: float) -> str:
        return self._outlet.trouble(now_s)

    def close(self) -> None:
        self._outlet.close()

    def _send_name(self, content: _Content, address: str, expert: int, now_s: float) -> None:
        """The one string: when it changes, and once per second for receivers that came later."""
        name = content.experts[expert] if 0 <= expert < len(content.experts) else ""
        if self._named is not None and self._named[0] == name and now_s - self._named[1] < NAME_EVERY_S:
            return
        self._named = (name, now_s)
        self._outlet.send(Message(address, (name,)).encode().dgram, now_s)
