"""OSC control in, over a real socket."""

import queue
import socket
import struct
from collections.abc import Iterator

import pytest
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg

from megadance_live.control.osc_in import OscIn, OscInSettings, Reply
from megadance_live.core.command import Command
from megadance_live.core.errors import DestinationError

EXPERTS = ("house", "krump")
STATE: tuple[Reply, ...] = (("/ctl/state/expert", "house"), ("/ctl/state/bpm", 120.0))


class Controller:
    """A listening OscIn and a socket that talks to it."""

    def __init__(self, allowed: tuple[str, ...] = ("127.0.0.1",)) -> None:
        self.heard: queue.Queue[Command] = queue.Queue()
        self.osc_in = OscIn(OscInSettings(port=0, allowed=allowed), EXPERTS, self.heard.put, lambda: STATE)
        self.osc_in.start()
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(10)
        self.socket.connect(("127.0.0.1", self.osc_in.port))

    def say(self, address: str, *values: object) -> None:
        self.socket.send(build_msg(address, list(values)).dgram)

    def settle(self) -> None:
        """Waits until everything sent so far has been dealt with: packets are dealt with in order."""
        self.say("/ctl/query")
        while OscMessage(self.socket.recv(2048)).address != STATE[-1][0]:
            pass

    def close(self) -> None:
        self.osc_in.close()
        self.socket.close()


@pytest.fixture
def controller() -> Iterator[Controller]:
    made = Controller()
    yield made
    made.close()


def _expect(controller: Controller, *commands: Command) -> None:
    assert [controller.heard.get(timeout=10) for _ in commands] == list(commands)
    assert controller.heard.empty()


def test_every_form_of_an_expert_is_understood(controller: Controller) -> None:
    controller.say("/ctl/expert", "krump")
    controller.say("/ctl/expert", 0)
    controller.say("/ctl/expert/1", 1.0)
    controller.say("/ctl/expert/1", 0.0)
    controller.say("/ctl/expert/house")
    controller.say("/ctl/expert/now", "krump")
    controller.say("/ctl/expert/cancel", 1)
    _expect(
        controller,
        Command("expert", "krump"),
        Command("expert", "house"),
        Command("expert", "krump"),
        Command("expert", "house"),
        Command("expert_now", "krump"),
        Command("expert_cancel"),
    )


def test_buttons_act_when_pressed_only(controller: Controller) -> None:
    for value in (1.0, 0.0, 0.5, 0.51, True, False):
        controller.say("/ctl/tap", value)
    controller.say("/ctl/tap")
    _expect(controller, *[Command("tap")] * 4)


def test_faders_are_clamped_and_switches_read(controller: Controller) -> None:
    controller.say("/ctl/energy", 9.0)
    controller.say("/ctl/freeze", 1)
    controller.say("/ctl/freeze", 0)
    _expect(controller, Command("energy", 2.0), Command("freeze", True), Command("freeze", False))


def test_hostile_and_senseless_packets_are_counted_and_do_no_harm(controller: Controller) -> None:
    nested = b""
    for _ in range(400):
        nested = b"#bundle\0" + struct.pack(">Q", 1) + struct.pack(">i", len(nested)) + nested if nested else b"/a\0\0"
    for packet in (b"", b"\0" * 40, b"no osc at all", b"/ctl/tap\0\0\0\0,f\0\0", b"#bundle\0", nested, b"\xff" * 1000):
        controller.socket.send(packet)
    controller.say("/no/such/address", 1)
    controller.say("/ctl/{tap,panic}", 1)
    controller.say("/ctl/expert", "polka")
    controller.say("/ctl/bpm")
    controller.say("/ctl/bpm", "fast")
    controller.say("/ctl/bpm", float("nan"))
    controller.say("/ctl/tap", 1)
    controller.settle()
    counters = controller.osc_in.counters
    _expect(controller, Command("tap"))
    assert counters.malformed + counters.unknown + counters.refused >= 11
    assert counters.refused == 4
    assert counters.acted == 1


def test_a_time_tag_in_the_far_future_does_not_stop_the_server(controller: Controller) -> None:
    bundle = OscBundleBuilder(2051222400.0)  # the year 2035
    bundle.add_content(build_msg("/ctl/tap", [1.0]))
    controller.socket.send(bundle.build().dgram)
    _expect(controller, Command("tap"))


def test_state_is_echoed_to_whoever_controls(controller: Controller) -> None:
    controller.say("/ctl/energy", 1.0)
    replies = [OscMessage(controller.socket.recv(2048)) for _ in STATE]
    assert [(reply.address, reply.params[0]) for reply in replies] == list(STATE)


def test_strangers_are_ignored_and_counted() -> None:
    controller = Controller(allowed=("10.0.0.0/8",))
    try:
        controller.say("/ctl/tap", 1)
        # A packet that is dealt with in order: the counter moves although nothing is answered.
        while controller.osc_in.counters.strangers == 0:
            pass
        assert controller.heard.empty()
    finally:
        controller.close()


def test_a_port_in_use_is_one_sentence(controller: Controller) -> None:
    with pytest.raises(DestinationError, match=rf"127\.0\.0\.1:{controller.osc_in.port}"):
        OscIn(OscInSettings(port=controller.osc_in.port), EXPERTS, controller.heard.put)


def test_a_wrong_allow_list_is_one_sentence() -> None:
    with pytest.raises(DestinationError, match="allow-list"):
        OscIn(OscInSettings(port=0, allowed=("localhorse",)), EXPERTS, print)


def test_closing_frees_the_port(controller: Controller) -> None:
    port = controller.osc_in.port
    controller.osc_in.close()
    again = OscIn(OscInSettings(port=port), EXPERTS, print)
    again.close()
