"""A UDP socket that never disturbs the show: what goes wrong is counted and told in a sentence."""

import errno
import socket
from dataclasses import dataclass

from megadance_live.core.errors import DestinationError
from megadance_live.output.osc.receiver import SocketAddress

TROUBLE_SHOWN_S = 3.0
"""A failure stays in the status for this long; on one machine every second datagram to a closed port fails."""

_NO_NETWORK = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL)


@dataclass(frozen=True)
class OutletCounts:
    """Since the outlet was opened."""

    packets: int = 0
    bytes: int = 0
    failures: int = 0


class Outlet:
    """A connected UDP socket to one address."""

    def __init__(self, family: socket.AddressFamily, address: SocketAddress) -> None:
        """Raises DestinationError when the address cannot be used at all. A network that is down may come up during
        the show and is no error."""
        self._family = family
        self._address = address
        ip, port = address[:2]
        self._name = f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
        self._socket: socket.socket | None = None
        self._packets = self._bytes = self._failures = 0
        self._trouble = ""
        self._trouble_s = 0.0
        try:
            self._connected()
        except OSError as error:
            if error.errno not in _NO_NETWORK:
                raise DestinationError(f"{self._name} cannot be used as a destination: {error.strerror}.") from error

    @property
    def counts(self) -> OutletCounts:
        return OutletCounts(self._packets, self._bytes, self._failures)

    def send(self, datagram: bytes | memoryview, now_s: float) -> None:
        """Send, or count the failure. Never blocks and never raises."""
        try:
            outgoing = self._connected()
            try:
                outgoing.send(datagram)
            except (ConnectionRefusedError, ConnectionResetError) as error:
                # The error tells of an earlier datagram; this one has not been sent yet.
                self._note(error, len(datagram), now_s)
                outgoing.send(datagram)
        except OSError as error:
            self._failures += 1
            self._note(error, len(datagram), now_s)
            if error.errno in _NO_NETWORK:
                self.close()  # the next one starts from whatever address this machine has then
        else:
            self._packets += 1
            self._bytes += len(datagram)

    def trouble(self, now_s: float) -> str:
        """One sentence about the last seconds; "" when all is well."""
        return self._trouble if self._trouble and now_s - self._trouble_s < TROUBLE_SHOWN_S else ""

    def close(self) -> None:
        """A later `send` opens it again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _connected(self) -> socket.socket:
        if self._socket is None:
            opened = socket.socket(self._family, socket.SOCK_DGRAM)
            try:
                opened.setblocking(False)
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
                opened.connect(self._address)
            except OSError:
                opened.close()
                raise
            self._socket = opened
        return self._socket

    def _note(self, error: OSError, size: int, now_s: float) -> None:
        self._trouble, self._trouble_s = self._sentence(error, size), now_s

    def _sentence(self, error: OSError, size: int) -> str:
        if isinstance(error, ConnectionRefusedError | ConnectionResetError):
            return f"nothing listens at {self._name}"
        if isinstance(error, BlockingIOError) or error.errno == errno.ENOBUFS:
            return f"the network is too slow for {self._name}, packets are dropped"
        if error.errno == errno.EMSGSIZE:
            return f"packets of {size} bytes are too large for {self._name}, use datagram=split"
        if error.errno in _NO_NETWORK:
            return f"there is no network to {self._name}"
        return f"sending to {self._name} fails: {error.strerror or error}"
