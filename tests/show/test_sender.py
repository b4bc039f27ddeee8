import socket
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_message import OscMessage

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.destination import Destination, LayoutName
from megadance_live.output.osc.stream import OscStream
from megadance_live.remote.board import Status, StatusBoard
from megadance_live.show.lane import CLOSING_FRAMES
from megadance_live.show.presenter import Switches
from megadance_live.show.sender import Sender
from megadance_live.show.timeline import PoseTimeline
from tests.show.poses import FRAME_S, frame_at
from tests.show.virtual_clock import VirtualClock

START_S = 1000.0


class Receiver:
    """A UDP port and what has come in there, message by message."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.port = int(self.socket.getsockname()[1])
        self.messages: list[OscMessage] = []

    def drain(self) -> None:
        try:
            while True:
                data = self.socket.recv(65536)
                self.messages += list(OscBundle(data)) if data.startswith(b"#bundle") else [OscMessage(data)]
        except BlockingIOError:
            return

    def values(self, address: str, place: int = 0) -> list[float]:
        return [message.params[place] for message in self.messages if message.address == address]


class Show:
    """A sender on a virtual clock, with an engine that writes a moment ahead until it is stopped."""

    def __init__(self, destinations: list[Destination], oversleep: Callable[[int], float] = lambda _: 0.0) -> None:
        self.clock = VirtualClock(START_S, oversleep)
        self.timeline, self.board = PoseTimeline(), StatusBoard()
        streams = [OscStream(destination, ("house", "krump")) for destination in destinations]
        self.sender = Sender(self.timeline, self.board, streams, self.clock)
        self.engine_runs = True
        self.written = 0

    def play(self, until_s: float, receivers: list[Receiver]) -> None:
        while self.clock.now_s() < START_S + until_s and self._turn():
            for receiver in receivers:
                receiver.drain()

    def _turn(self) -> bool:
        now_s = self.clock.now_s() - START_S
        while self.engine_runs and self.written * FRAME_S < now_s + 0.1:
            self.timeline.write(START_S + self.written * FRAME_S, frame_at(self.written * FRAME_S), 1)
            self.written += 1
            self.board.write(Status(clock=BarClock(START_S, 0.0, 120.0), level=0.5, written_s=START_S + now_s))
        return self.sender.step()

    def close(self) -> None:
        self.sender.stop()
        self.timeline.close()
        self.board.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    opened = Receiver()
    yield opened
    opened.socket.close()


def to(receiver: Receiver, rate_hz: int = 60, layout: LayoutName = "native") -> Destination:
    return Destination("127.0.0.1", receiver.port, layout, rate_hz)


def test_every_destination_gets_its_own_rate() -> None:
    receivers = [Receiver() for _ in range(4)]
    rates = (30, 60, 90, 120)
    show = Show([to(r, rate) for r, rate in zip(receivers, rates, strict=True)])
    show.play(2.0, receivers)
    for receiver, rate in zip(receivers, rates, strict=True):
        indices, times = receiver.values("/dance/1/frame"), receiver.values("/dance/1/frame", 1)
        assert indices == list(range(len(indices)))
        assert len(indices) == pytest.approx(2 * rate, abs=1)
        np.testing.assert_allclose(np.diff(times), 1 / rate, atol=1e-3)
        receiver.socket.close()
    assert [report.rate_hz for report in show.sender.reports()] == pytest.approx(rates, abs=1)
    assert all(report.lateness.dropped == 0 for report in show.sender.reports())
    show.close()


def test_the_report_counts_packets_and_bytes(receiver: Receiver) -> None:
    show = Show([to(receiver, layout="vmc")])
    show.play(1.0, [receiver])
    (report,) = show.sender.reports()
    assert report.frames == report.counts.packets
    assert report.counts.bytes == report.frames * 1872
    assert (report.trouble, report.counts.failures, show.sender.trouble) == ("", 0, "")
    show.close()


def test_late_wake_ups_drop_frames_and_are_told(receiver: Receiver) -> None:
    show = Show([to(receiver)], oversleep=lambda n: 0.1 if n in (20, 40) else 0.002)
    show.play(2.0, [receiver])
    (report,) = show.sender.reports()
    assert report.lateness.dropped == 12
    assert report.lateness.worst_ms == pytest.approx(100, abs=0.1)
    assert report.lateness.median_ms == pytest.approx(2, abs=0.1)
    times = receiver.values("/dance/1/frame", 1)
    assert np.diff(times).min() > 0.25 / 60  # no burst
    assert receiver.values("/dance/1/frame") == list(range(len(times)))
    show.close()


def test_a_stalled_engine_is_bridged_and_comes_back(receiver: Receiver) -> None:
    show = Show([to(receiver)])
    show.play(2.0, [receiver])
    show.engine_runs = False
    show.play(6.0, [receiver])
    assert receiver.values("/app/state")[-1] == 0
    assert receiver.values("/audio/level")[-1] == 0
    show.engine_runs, show.written = True, round(6.0 / FRAME_S)
    show.play(9.0, [receiver])
    assert receiver.values("/app/state")[-1] == 1
    poses = np.array([message.params for message in receiver.messages if message.address == "/dance/1/pose/quat"])
    assert len(poses) == pytest.approx(540, abs=2)
    assert np.isfinite(poses).all()
    dots = np.abs(np.sum(poses[1:].reshape(-1, 24, 4) * poses[:-1].reshape(-1, 24, 4), axis=-1))
    assert 2 * np.arccos(np.clip(dots, 0, 1)).max() < 0.35
    assert np.all(np.diff(receiver.values("/beat/count")) >= 0)
    show.close()


def test_a_destination_that_refuses_disturbs_no_other(receiver: Receiver) -> None:
    closed = Receiver()
    closed.socket.close()
    show = Show([to(closed), to(receiver)])
    show.play(1.0, [receiver])
    refused, well = show.sender.reports()
    assert refused.trouble == f"nothing listens at 127.0.0.1:{closed.port}"
    assert (well.trouble, well.counts.failures) == ("", 0)
    assert len(receiver.values("/dance/1/frame")) == pytest.approx(60, abs=1)
    show.close()


def test_blackout_hides_the_avatar_after_a_few_resting_frames(receiver: Receiver) -> None:
    native = Receiver()
    show = Show([to(receiver, layout="vmc"), to(native)])
    show.play(1.0, [receiver, native])
    show.sender.switch(Switches(blackout=True))
    show.play(2.0, [receiver, native])
    loaded = receiver.values("/VMC/Ext/OK")
    assert loaded[:60] == [1] * 60
    assert loaded[-1] == 0
    assert 15 <= sum(loaded[60:]) <= 25  # on the way to the resting pose, and in it
    assert native.values("/app/state")[-1] == 3
    show.sender.switch(None)
    show.play(2.5, [receiver, native])
    assert receiver.values("/VMC/Ext/OK")[-1] == 1
    show.close()
    native.socket.close()


def test_at_the_end_receivers_see_the_resting_pose_and_are_told(receiver: Receiver) -> None:
    native = Receiver()
    show = Show([to(receiver, 30, "vmc"), to(native, 120)])
    show.play(1.0, [receiver, native])
    receiver.messages.clear()
    native.messages.clear()
    show.sender.stop()
    receiver.drain()
    native.drain()
    loaded = receiver.values("/VMC/Ext/OK")
    assert loaded[-CLOSING_FRAMES:] == [0] * CLOSING_FRAMES
    assert sum(loaded) >= 4
    hips = [m.params[1:] for m in receiver.messages if m.params and m.params[0] == "Hips"]
    np.testing.assert_array_equal(hips[-1], hips[-CLOSING_FRAMES - 2])
    assert set(native.values("/app/state")) == {0}
    show.timeline.close()
    show.board.close()
    native.socket.close()


def test_the_name_of_the_expert_comes_when_it_changes_and_once_per_second(receiver: Receiver) -> None:
    show = Show([to(receiver)])
    show.play(3.5, [receiver])
    names = receiver.values("/expert/name")
    assert names[0] == "krump"
    assert len(names) == 4
    show.close()


def test_names_that_come_later_are_sent_from_then_on(receiver: Receiver) -> None:
    show = Show([to(receiver)])
    show.play(0.5, [receiver])
    show.sender.introduce(("a", "b", "c"))
    show.play(1.0, [receiver])
    assert receiver.values("/expert/name")[-1] == "b"
    assert {m.address for m in receiver.messages if "weight" in m.address} == {f"/expert/weight/{i}" for i in range(3)}
    show.close()


def test_a_touchdesigner_receiver_gets_no_string(receiver: Receiver) -> None:
    show = Show([to(receiver, layout="touchdesigner")])
    show.play(0.5, [receiver])
    assert receiver.messages
    assert all(not isinstance(param, str) for message in receiver.messages for param in message.params)
    show.close()


def test_a_frame_that_fails_does_not_end_the_show(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    show = Show([to(receiver)])
    good = show.sender._source.at
    calls = iter(range(10_000))

    def sometimes(now_s: float) -> object:
        if next(calls) % 2:
            raise ArithmeticError("no such number")
        return good(now_s)

    monkeypatch.setattr(show.sender._source, "at", sometimes)
    show.sender.stop()
    receiver.drain()
    assert show.sender.trouble == "a frame could not be sent (ArithmeticError: no such number)"
    assert receiver.values("/app/state").count(0) >= CLOSING_FRAMES
    show.timeline.close()
    show.board.close()


def test_the_end_comes_even_when_every_frame_fails(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    show = Show([to(receiver)])

    def never(_: float) -> object:
        raise ArithmeticError("no such number")

    monkeypatch.setattr(show.sender._source, "at", never)
    show.close()
    assert show.clock.now_s() - START_S == pytest.approx(2.0, abs=0.1)


def test_it_runs_in_a_thread_of_its_own(receiver: Receiver) -> None:
    timeline, board = PoseTimeline(), StatusBoard()
    sender = Sender(timeline, board, [OscStream(to(receiver, 120), ())])
    sender.start()
    receiver.socket.settimeout(20)
    first = receiver.socket.recv(65536)
    sender.stop()
    assert OscBundle(first).num_contents > 20
    timeline.close()
    board.close()


def test_without_destinations_there_is_nothing_to_do() -> None:
    timeline, board = PoseTimeline(), StatusBoard()
    sender = Sender(timeline, board, [])
    assert not sender.step()
    sender.stop()
    timeline.close()
    board.close()
