"""Our datagrams, read by software that is not ours: liblo's oscdump, python-osc's server, and node-osc."""

import json
import os
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import BlockingOSCUDPServer

from megadance_live.core.destination import parse_destination
from megadance_live.output.osc.layouts.vmc import BONES
from megadance_live.output.osc.receiver import layout_of
from megadance_live.output.osc.stream import OscStream
from tests.output.osc.fixtures import EXPERTS, HALF, elbow_frame

Messages = list[tuple[str, list[Any]]]

NODE_OSC = Path(os.environ.get("MEGADANCE_NODE_OSC") or Path(__file__).parents[2] / "build" / "node-osc")
PATIENCE_S = 30
LAYOUTS = ("native", "touchdesigner", "vmc")
MODES = ("bundle", "split", "plain")


def send(port: int, layout: str, mode: str) -> int:
    """One frame; returns how many messages it has."""
    destination = parse_destination(f"127.0.0.1:{port},layout={layout},datagram={mode}", "native")
    stream = OscStream(destination, EXPERTS)
    stream.send(elbow_frame(), 0.0)
    stream.close()
    assert stream.counts.failures == 0
    made = layout_of(destination, len(EXPERTS))
    return len(made.messages) + (made.expert_name_address is not None)


def check(messages: Messages, layout: str) -> None:
    """The values that matter, as any receiver should see them."""
    if layout == "vmc":
        bones = {arguments[0]: arguments[1:] for address, arguments in messages if address == "/VMC/Ext/Bone/Pos"}
        assert tuple(bones) == BONES
        np.testing.assert_allclose(bones["Hips"], [-0.1, 0.9, 0.2, 0, 0, 0, 1], atol=1e-5)
        np.testing.assert_allclose(bones["LeftLowerArm"][3:], [0, -HALF, 0, HALF], atol=1e-5)
        tail = [(address, arguments) for address, arguments in messages[-3:]]
        assert tail == [("/VMC/Ext/Blend/Apply", []), ("/VMC/Ext/OK", [1, 3, 0]), ("/VMC/Ext/T", [12.5])]
        return
    values = dict(messages)
    assert values["/beat/bpm"] == [124.5]
    assert values["/beat/count"] == [33]
    if layout == "native":
        np.testing.assert_allclose(values["/dance/1/pose/quat"], elbow_frame().quats.ravel(), atol=1e-5)
        assert values["/dance/1/frame"] == [7, 12.5, 33.25]
        assert values["/expert/name"] == ["krump"]
    else:
        assert values["/dance/1/left_elbow/ry"] == [pytest.approx(90, abs=0.05)]
        assert values["/dance/1/root/ty"] == [pytest.approx(0.9, abs=1e-5)]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_python_osc_server(layout: str, mode: str) -> None:
    messages: Messages = []
    dispatcher = Dispatcher()
    dispatcher.set_default_handler(lambda address, *arguments: messages.append((address, list(arguments))))
    with BlockingOSCUDPServer(("127.0.0.1", 0), dispatcher) as server:
        server.timeout = PATIENCE_S
        count = send(server.server_address[1], layout, mode)
        while len(messages) < count:
            server.handle_request()
    assert len(messages) == count
    check(messages, layout)


@contextmanager
def running(command: list[str]) -> Iterator[tuple[subprocess.Popen[bytes], Iterator[str]]]:
    """A receiver, and the lines that it prints; a line that does not come within PATIENCE_S ends them."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        watchdog = threading.Timer(PATIENCE_S, process.kill)
        watchdog.start()
        try:
            assert process.stdout is not None
            yield process, (line.decode().rstrip("\n") for line in process.stdout)
        finally:
            watchdog.cancel()
            process.kill()


def take(lines: Iterator[str], count: int) -> list[str]:
    taken = list(islice(lines, count))
    assert len(taken) == count, "the receiver has missed messages"
    return taken


def from_oscdump(line: str) -> tuple[str, list[Any]]:
    """`timetag address types values...`; strings stand in quotes."""
    _, address, *rest = line.split()
    types, values = (rest[0], rest[1:]) if rest else ("", [])
    convert = {"i": int, "f": float, "s": lambda text: text.strip('"')}
    return address, [convert[tag](value) for tag, value in zip(types, values, strict=True)]


@pytest.mark.skipif(shutil.which("oscdump") is None, reason="oscdump is not installed (Debian package liblo-tools)")
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_oscdump(layout: str, mode: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with running(["oscdump", "-L", str(port)]) as (process, lines):
        knock_until_heard(process, port)
        ours = (line for line in lines if "/knock" not in line)
        messages = [from_oscdump(line) for line in take(ours, send(port, layout, mode))]
    check(messages, layout)


def knock_until_heard(process: subprocess.Popen[bytes], port: int) -> None:
    """oscdump does not say when it listens: send it something until it prints."""
    assert process.stdout is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        while process.poll() is None:
            sock.sendto(b"/knock\0\0,\0\0\0", ("127.0.0.1", port))
            if select.select([process.stdout], [], [], 0.05)[0]:
                return
    raise AssertionError("oscdump has ended by itself")


@pytest.mark.skipif(
    shutil.which("node") is None or not (NODE_OSC / "node_modules" / "node-osc").is_dir(),
    reason="node-osc is not installed (tests/interop/install_node_osc.sh)",
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_node_osc(layout: str) -> None:
    with running(["node", str(Path(__file__).with_name("receive.cjs")), str(NODE_OSC)]) as (_, lines):
        port = int(next(lines))
        for mode in MODES:
            heard = [json.loads(line) for line in take(lines, send(port, layout, mode))]
            check([(address, arguments) for address, *arguments in heard], layout)
