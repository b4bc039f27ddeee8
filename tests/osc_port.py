"""A receiver of a show: a UDP port of this computer, and what has come in there."""

import socket

from pythonosc.osc_packet import OscPacket

Message = tuple[str, list[float]]


class OscPort:
    """Close it."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self._datagrams: list[list[Message]] = []

    def to(self, options: str = "") -> str:
        """The destination, as a preset names it."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}{options}"

    def datagrams(self) -> list[list[Message]]:
        """The messages of every datagram that has come since the last `forget`."""
        while True:
            try:
                packet = OscPacket(self._socket.recv(65536))
            except BlockingIOError:
                return self._datagrams
            self._datagrams.append([(timed.message.address, timed.message.params) for timed in packet.messages])

    def values(self, address: str) -> list[float]:
        """The first value of every message to that address."""
        return [values[0] for messages in self.datagrams() for name, values in messages if name == address]

    def last(self, address: str) -> float | None:
        """None: nothing has come there."""
        values = self.values(address)
        return values[-1] if values else None

    def forget(self) -> None:
        self.datagrams()
        self._datagrams = []

    def close(self) -> None:
        self._socket.close()
