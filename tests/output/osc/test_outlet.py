import errno
import os
import socket
from collections.abc import Iterator

import pytest

from megadance_live.core.errors import DestinationError
from megadance_live.output.osc.outlet import TROUBLE_SHOWN_S, Outlet, OutletCounts


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.settimeout(5)
        yield opened


class FailingSocket:
    """A socket of which every `send` fails."""

    made = 0

    def __init__(self, error: int, fails_at: str = "send") -> None:
        self.error, self.fails_at = error, fails_at
        FailingSocket.made += 1

    def setblocking(self, _: bool) -> None: ...
    def setsockopt(self, *_: int) -> None: ...
    def close(self) -> None: ...

    def connect(self, _: object) -> None:
        if self.fails_at == "connect":
            raise OSError(self.error, os.strerror(self.error))

    def send(self, _: bytes) -> int:
        raise OSError(self.error, os.strerror(self.error))


def failing_outlet(monkeypatch: pytest.MonkeyPatch, error: int, fails_at: str = "send") -> Outlet:
    monkeypatch.setattr(socket, "socket", lambda *_: FailingSocket(error, fails_at))
    return Outlet(socket.AF_INET, ("192.168.1.20", 7000))


def test_what_is_sent_is_counted(receiver: socket.socket) -> None:
    outlet = Outlet(socket.AF_INET, receiver.getsockname())
    outlet.send(b"1234", 0.0)
    outlet.send(memoryview(b"12345678"), 0.0)
    assert [receiver.recv(100), receiver.recv(100)] == [b"1234", b"12345678"]
    assert outlet.counts == OutletCounts(packets=2, bytes=12, failures=0)
    assert outlet.trouble(0.0) == ""
    outlet.close()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errno.ECONNREFUSED, "nothing listens at 192.168.1.20:7000"),
        (errno.EMSGSIZE, "packets of 4 bytes are too large for 192.168.1.20:7000, use datagram=split"),
        (errno.ENETUNREACH, "there is no network to 192.168.1.20:7000"),
        (errno.EAGAIN, "the network is too slow for 192.168.1.20:7000, packets are dropped"),
        (errno.ENOBUFS, "the network is too slow for 192.168.1.20:7000, packets are dropped"),
        (errno.EPERM, "sending to 192.168.1.20:7000 fails: Operation not permitted"),
    ],
)
def test_a_failure_is_a_sentence_and_never_an_exception(
    monkeypatch: pytest.MonkeyPatch, error: int, words: str
) -> None:
    outlet = failing_outlet(monkeypatch, error)
    outlet.send(b"1234", 10.0)
    assert outlet.trouble(10.0) == words
    assert outlet.counts == OutletCounts(failures=1)
    assert outlet.trouble(10.0 + TROUBLE_SHOWN_S) == ""


def test_a_network_that_is_down_at_first_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    FailingSocket.made = 0
    outlet = failing_outlet(monkeypatch, errno.ENETUNREACH, "connect")
    outlet.send(b"1234", 0.0)
    outlet.send(b"1234", 0.1)
    assert (outlet.counts.failures, FailingSocket.made) == (2, 3)
    assert "no network" in outlet.trouble(0.1)


def test_an_address_that_is_none_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(
        DestinationError, match=r"192\.168\.1\.20:7000 cannot be used as a destination: Invalid argument"
    ):
        failing_outlet(monkeypatch, errno.EINVAL, "connect")


def test_a_closed_port_is_counted_and_a_receiver_that_comes_later_is_served(receiver: socket.socket) -> None:
    address = receiver.getsockname()
    receiver.close()
    outlet = Outlet(socket.AF_INET, address)
    for _ in range(4):
        outlet.send(b"1234", 0.0)
    assert outlet.counts.packets + outlet.counts.failures == 4
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as late:
        late.bind(address)
        late.settimeout(5)
        outlet.send(b"late", 5.0)
        assert late.recv(100) == b"late"
    outlet.close()
