"""Control over OSC: messages of the network become Commands.

Nothing that the network sends may hurt a show: packets from strangers, packets that are no OSC, unknown addresses and
senseless values are counted and forgotten, and time tags are not waited for.
"""

import ipaddress
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_message import OscMessage
from pythonosc.osc_packet import OscPacket
from pythonosc.osc_server import BlockingOSCUDPServer

from megadance_live.control.osc_defaults import DEFAULT_ALLOWED, DEFAULT_HOST, DEFAULT_PORT
from megadance_live.control.vocabulary import ADDRESSES, CONTROL_FIELDS, PRESSED, VOCABULARY, Word, parse
from megadance_live.core.command import Command
from megadance_live.core.control import Control
from megadance_live.core.errors import CueError, DestinationError

QUERY = "/ctl/query"
EXPERT_BUTTON = "/ctl/expert/"
BYTES_PER_S = 200_000
AT_ONCE_S = 0.1
"""A controller sends a few kilobytes a second, at times all at once. To read as much as a flood brings would make the
sender, in the same process, late."""
PACKET_BYTES = 40
"""What a packet costs beside its content."""
CONTROL_PREFIX, STATE_PREFIX = "/ctl/", "/ctl/state/"

Reply = tuple[str, float | int | str]
"""An address and one value, sent back to whoever controls."""


@dataclass
class OscInCounters:
    """How many messages acted, and how many were ignored: of strangers, broken, or meaning nothing to us."""

    acted: int = 0
    strangers: int = 0
    malformed: int = 0
    unknown: int = 0
    refused: int = 0

    @property
    def ignored(self) -> int:
        return self.strangers + self.malformed + self.unknown + self.refused


@dataclass(frozen=True)
class OscInSettings:
    """Where to listen and to whom: `allowed` are IP addresses or networks such as "192.168.1.0/24"."""

    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    allowed: tuple[str, ...] = DEFAULT_ALLOWED


@dataclass
class _Networks:
    networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network] = field(default_factory=list)

    @classmethod
    def parse(cls, texts: Sequence[str]) -> "_Networks":
        try:
            return cls([ipaddress.ip_network(text, strict=False) for text in texts])
        except ValueError as error:
            raise DestinationError(
                f"The allow-list of OSC control is wrong: {error}; give IP addresses or networks like 192.168.1.0/24."
            ) from error

    def has(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        return any(address in network for network in self.networks)


class OscIn:
    """Listens in a thread of its own from `start` to `close`.

    `heard` is called in that thread with every Command; `state` gives what is echoed to the sender after each command
    and on /ctl/query. Port 0 takes any free one; `port` then says which.
    """

    def __init__(
        self,
        settings: OscInSettings,
        experts: Sequence[str],
        heard: Callable[[Command], None],
        state: Callable[[], Sequence[Reply]] = tuple,
    ) -> None:
        self.counters = OscInCounters()
        self._dispatcher = _Dispatcher(experts, heard, state, _Networks.parse(settings.allowed), self.counters)
        try:
            self._server = _Server((settings.host, settings.port), self._dispatcher, self.counters)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DestinationError(
                f"OSC control cannot listen on {settings.host}:{settings.port} ({reason}); "
                "end the other program that uses the port or choose another with --osc-in PORT."
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.1,), name="osc-in", daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _Server(BlockingOSCUDPServer):
    """python-osc's server, which counts what fails instead of printing it."""

    allow_reuse_address = False

    def __init__(self, address: tuple[str, int], dispatcher: Dispatcher, counters: OscInCounters) -> None:
        super().__init__(address, dispatcher)
        self._counters = counters
        self._paid_until_s = -math.inf

    def verify_request(self, request: Any, client_address: object) -> bool:
        """Every packet is let in, for the dispatcher judges and counts; but not faster than at BYTES_PER_S. What does
        not fit into the socket's buffer meanwhile is dropped by the system."""
        now_s = time.monotonic()
        data, _ = request
        self._paid_until_s = max(self._paid_until_s, now_s - AT_ONCE_S) + (len(data) + PACKET_BYTES) / BYTES_PER_S
        time.sleep(max(0.0, self._paid_until_s - now_s))
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        """Called by socketserver inside the except block of whatever went wrong."""
        self._counters.malformed += 1


class _Dispatcher(Dispatcher):
    """Looks addresses up as they are. No patterns, no time tags: both let a stranger keep a server busy."""

    def __init__(
        self,
        experts: Sequence[str],
        heard: Callable[[Command], None],
        state: Callable[[], Sequence[Reply]],
        networks: _Networks,
        counters: OscInCounters,
    ) -> None:
        super().__init__()
        self._experts = experts
        self._heard = heard
        self._state = state
        self._networks = networks
        self._counters = counters

    def call_handlers_for_packet(self, data: bytes, client_address: tuple[str, int]) -> list[Reply]:
        if not self._networks.has(client_address[0]):
            self._counters.strangers += 1
            return []
        try:
            messages = [timed.message for timed in OscPacket(data).messages]
        except Exception:  # the parser meets hostile bytes here, and may fail in any way
            self._counters.malformed += 1
            return []
        acted = [self._act(message) for message in messages]
        return list(self._state()) if any(acted) else []

    def _act(self, message: OscMessage) -> bool:
        """True if the sender should be told how things stand."""
        address, arguments = message.address, message.params
        if address == QUERY:
            return True
        word = ADDRESSES.get(address)
        try:
            command = (
                self._expert_button(address, arguments) if word is None else command_of(word, arguments, self._experts)
            )
        except CueError:
            self._counters.refused += 1
            return False
        if command is not None:
            self._counters.acted += 1
            self._heard(command)
        return command is not None

    def _expert_button(self, address: str, arguments: Sequence[object]) -> Command | None:
        """/ctl/expert/3 or /ctl/expert/krump, one button each."""
        if not address.startswith(EXPERT_BUTTON):
            self._counters.unknown += 1
            return None
        if not _pressed(arguments):
            return None
        return parse("expert", address.removeprefix(EXPERT_BUTTON), self._experts)


def command_of(word: Word, arguments: Sequence[object], experts: Sequence[str]) -> Command | None:
    """The command that a message to `word`'s address means, or None for a button let go.

    A number out of range is clamped. Raises CueError for a value that means nothing.
    """
    if word.kind == "none":
        return Command(word.name) if _pressed(arguments) else None
    if not arguments:
        raise CueError(f"{word.address} takes {word.takes}.")
    return parse(word.name, arguments[0], experts, clamp=True)


def replies_of(control: Control, experts: Sequence[str]) -> tuple[Reply, ...]:
    """How things stand, for a controller: the experts by number (-1 for none), then every setting at the address that
    sets it, under STATE_PREFIX."""

    def number_of(expert: str | None) -> int:
        return experts.index(expert) if expert in experts else -1

    replies: list[Reply] = [
        (STATE_PREFIX + "expert", number_of(control.expert)),
        (STATE_PREFIX + "armed", number_of(control.armed)),
    ]
    for name, field_name in CONTROL_FIELDS.items():
        value = getattr(control, field_name)
        address = STATE_PREFIX + VOCABULARY[name].address.removeprefix(CONTROL_PREFIX)
        replies.append((address, int(value) if isinstance(value, bool) else value))
    return tuple(replies)


def _pressed(arguments: Sequence[object]) -> bool:
    """No argument at all is a press, too."""
    if not arguments:
        return True
    value = arguments[0]
    return isinstance(value, bool | int | float) and value > PRESSED
