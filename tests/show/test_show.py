"""A whole show in real processes, with a dancer that needs no weights."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import build_msg

from megadance_live.commands.status_line import status_line
from megadance_live.config.load import Opened
from megadance_live.config.preset import MidiSection, OutputSection, Preset, Receiver
from megadance_live.control.osc_in import OscIn, OscInSettings
from megadance_live.core.command import Command
from megadance_live.core.destination import parse_destination
from megadance_live.core.errors import DestinationError
from megadance_live.engine.setup import EngineSetup
from megadance_live.engine.take_setup import TakeSetup
from megadance_live.show.document import Document
from megadance_live.show.show import Show, ShowPlan
from tests.fakes import make_fake_dancer


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    """A UDP socket on a free port."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
    listening.bind(("127.0.0.1", 0))
    listening.setblocking(False)
    yield listening
    listening.close()


def document_for(*receivers: str) -> Document:
    """Of a show that sends to these, and listens to no MIDI."""
    output = OutputSection(receivers=tuple(Receiver(to=to) for to in receivers))
    return Document(Opened(Preset(output=output, midi=MidiSection(enabled=False)), "test", Path("test.toml")))


def _plan(receiver: socket.socket, folder: Path, **changes: object) -> ShowPlan:
    destination = parse_destination(f"127.0.0.1:{receiver.getsockname()[1]},rate=30", "native")
    engine = EngineSetup("demo", make_fake_dancer, TakeSetup(folder, ("bvh",)), record=True)
    return ShowPlan(engine, document_for(destination.text), **changes)  # type: ignore[arg-type]


def _wait(condition: Callable[[], object]) -> None:
    while not condition():
        time.sleep(0.01)


def _drain(receiver: socket.socket) -> int:
    count = 0
    while True:
        try:
            receiver.recv(65536)
        except BlockingIOError:
            return count
        count += 1


def test_frames_go_on_while_the_engine_dies_and_comes_back(receiver: socket.socket, tmp_path: Path) -> None:
    show = Show(_plan(receiver, tmp_path))
    show.start()
    try:
        _wait(lambda: show.status().clock is not None and show.status().engine.saved is not None)
        before = show.status().clock
        _wait(lambda: show.status().engine.take)
        show._keeper.kill()
        _drain(receiver)
        _wait(lambda: show.status().engine.phase == "restarting")
        frames = show.status().sending[0].frames
        _wait(lambda: show.status().sending[0].frames > frames + 5)
        assert "restarting" in status_line(show.status()) or "started again" in status_line(show.status())
        _wait(lambda: show.status().engine.phase == "dancing" and show.status().engine.take == "take-002")
        after = show.status()
        assert after.engine.restarts == 1
        assert before is not None
        assert after.clock is not None
        assert after.clock.bars_at(after.now_s) > before.bars
        assert _drain(receiver) > 5
    finally:
        state = show.stop()
    assert {take.name for take in state.takes} == {"take-001", "take-002"}


def test_osc_control_reaches_the_dance_and_is_answered(receiver: socket.socket, tmp_path: Path) -> None:
    show = Show(_plan(receiver, tmp_path, control=OscInSettings(port=0), single_process=True))
    show.start()
    controller = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    controller.settimeout(10)
    try:
        _wait(lambda: show.status().control_port)
        controller.connect(("127.0.0.1", show.status().control_port))
        controller.send(build_msg("/ctl/energy", [1.5]).dgram)
        _wait(lambda: (control := show.status().engine.control) is not None and control.energy == 1.5)
        controller.send(build_msg("/ctl/query", [1]).dgram)
        replies = {}
        while "/ctl/state/rec" not in replies or replies["/ctl/state/energy"] != 1.5:
            message = OscMessage(controller.recv(2048))
            replies[message.address] = message.params[0]
        assert replies["/ctl/state/expert"] == 0
        assert replies["/ctl/state/armed"] == -1
        assert replies["/ctl/state/crossfade"] == pytest.approx(0.35)
        show.say(Command("freeze", True))
        _wait(lambda: (control := show.status().engine.control) is not None and control.freeze)
    finally:
        controller.close()
        show.stop()


def test_a_control_port_in_use_costs_a_sentence_and_no_show(receiver: socket.socket, tmp_path: Path) -> None:
    other = OscIn(OscInSettings(port=0), (), print)
    show = Show(_plan(receiver, tmp_path, control=OscInSettings(port=other.port), single_process=True))
    show.start()
    try:
        _wait(lambda: show.status().trouble)
        assert str(other.port) in show.status().trouble
        assert show.status().engine.phase == "dancing"
    finally:
        show.stop()
        other.close()


def test_a_host_that_does_not_resolve_is_said_at_once(receiver: socket.socket, tmp_path: Path) -> None:
    plan = _plan(receiver, tmp_path)
    wrong = ShowPlan(plan.engine, document_for("no-such-host.invalid:7000"))
    with pytest.raises(DestinationError, match=r"no-such-host\.invalid"):
        Show(wrong)
