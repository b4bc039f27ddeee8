"""Receivers that come, go and change while the show runs."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest

from megadance_live.config.preset import Receiver
from megadance_live.core.errors import DestinationError
from megadance_live.core.output_frame import AppState
from megadance_live.output.osc import receiver as receiver_module
from megadance_live.output.osc import stream as stream_module
from megadance_live.remote.board import StatusBoard
from megadance_live.remote.stage_view import StageView
from megadance_live.show import receivers as receivers_module
from megadance_live.show.presenter import Switches
from megadance_live.show.receivers import Receivers
from megadance_live.show.sender import Sender
from megadance_live.show.timeline import PoseTimeline
from tests.osc_port import OscPort
from tests.patience import until


class Stage:
    """A sender that sends, to receivers that can be changed."""

    def __init__(self, receivers: Sequence[Receiver]) -> None:
        self.timeline, self.board, self.view = PoseTimeline(), StatusBoard(), StageView()
        self.sender = Sender(self.timeline, self.board, (), view=self.view)
        self.receivers = Receivers(self.sender, receivers)
        self.sender.start()
        self.receivers.start()

    def close(self) -> None:
        self.receivers.stop()
        self.sender.stop()
        for memory in (self.timeline, self.board, self.view):
            memory.close()


@pytest.fixture
def stage() -> Iterator[Callable[..., Stage]]:
    made: list[Stage] = []

    def make(*receivers: Receiver) -> Stage:
        made.append(Stage(receivers))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def port() -> Iterator[OscPort]:
    opened = OscPort()
    yield opened
    opened.close()


@pytest.fixture
def other() -> Iterator[OscPort]:
    opened = OscPort()
    yield opened
    opened.close()


def test_one_that_is_added_is_served_and_the_others_are_not_disturbed(
    stage: Callable[..., Stage], port: OscPort, other: OscPort
) -> None:
    first = Receiver(to=port.to())
    running = stage(first)
    until(lambda: len(port.values("/dance/1/frame")) > 3)
    running.receivers.set((Receiver(to=other.to(",rate=30")), first))
    until(lambda: len(other.values("/dance/1/frame")) > 3)
    indices = port.values("/dance/1/frame")
    assert indices == list(range(len(indices)))
    until(lambda: all(view.open for view in running.receivers.views()) and len(running.receivers.views()) == 2)
    assert [view.place for view in running.receivers.views()] == [0, 1]


@pytest.mark.parametrize("how", ["switched off", "removed"])
def test_one_that_is_no_longer_served_is_told_so(stage: Callable[..., Stage], port: OscPort, how: str) -> None:
    served = Receiver(to=port.to())
    running = stage(served)
    until(lambda: len(port.values("/dance/1/frame")) > 3)
    running.sender.switch(Switches(frozen=True))  # a word of its own; without an engine the show is idle anyway
    until(lambda: port.values("/app/state")[-1] == AppState.FROZEN)
    running.receivers.set((served.model_copy(update={"enabled": False}),) if how == "switched off" else ())
    until(lambda: port.values("/app/state")[-3:] == [AppState.IDLE] * 3)
    until(lambda: running.sender.reports() == ())
    if how == "switched off":
        (view,) = running.receivers.views()
        assert (view.open, view.trouble) == (False, "")
        port.forget()
        running.receivers.set((served,))
        until(lambda: AppState.FROZEN in port.values("/app/state"))


def test_a_change_of_rate_does_not_hide_the_avatar(stage: Callable[..., Stage], port: OscPort) -> None:
    running = stage(Receiver(to=port.to(",layout=vmc")))
    until(lambda: len(port.values("/VMC/Ext/OK")) > 3)
    running.receivers.set((Receiver(to=port.to(",layout=vmc,rate=30")),))
    until(lambda: [report.destination.rate_hz for report in running.sender.reports()] == [30])
    port.forget()
    until(lambda: len(port.values("/VMC/Ext/OK")) > 6)
    assert set(port.values("/VMC/Ext/OK")) == {1}


def test_another_language_at_the_same_port_begins_with_a_goodbye_in_the_old_one(
    stage: Callable[..., Stage], port: OscPort
) -> None:
    running = stage(Receiver(to=port.to(",layout=vmc")))
    until(lambda: len(port.values("/VMC/Ext/OK")) > 3)
    running.receivers.set((Receiver(to=port.to()),))
    until(lambda: len(port.values("/dance/1/frame")) > 3)
    until(lambda: port.values("/VMC/Ext/OK")[-3:] == [0, 0, 0])


def test_a_new_name_is_no_new_receiver(stage: Callable[..., Stage], port: OscPort) -> None:
    running = stage(Receiver(to=port.to()))
    until(lambda: len(port.values("/dance/1/frame")) > 3)
    running.receivers.set((Receiver(name="projector", to=port.to()),))
    until(lambda: len(port.values("/dance/1/frame")) > 12)
    indices = port.values("/dance/1/frame")
    assert indices == list(range(len(indices)))


def test_a_host_that_cannot_be_found_is_said_and_found_later(
    stage: Callable[..., Stage], port: OscPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receivers_module, "RETRY_S", 0.02)
    looked_up = receiver_module.resolve
    absent = {"wing.example"}

    def resolve(destination: object) -> object:
        if destination.host in absent:  # type: ignore[attr-defined]
            raise DestinationError("The host 'wing.example' cannot be found on the network.")
        return looked_up(stream_module.Destination("127.0.0.1", destination.port))  # type: ignore[attr-defined]

    monkeypatch.setattr(stream_module, "resolve", resolve)
    running = stage(Receiver(to=port.to().replace("127.0.0.1", "wing.example") + ",datagram=bundle"))
    (view,) = running.receivers.views()
    assert not view.open
    assert "wing.example" in view.trouble
    with pytest.raises(DestinationError, match=r"wing\.example"):
        running.receivers.check()
    absent.clear()
    until(lambda: len(port.values("/dance/1/frame")) > 3)
    until(lambda: running.receivers.views()[0].open)
    assert running.receivers.views()[0].trouble == ""


def test_a_receiver_that_is_given_twice_is_served_once(stage: Callable[..., Stage], port: OscPort) -> None:
    twice = Receiver(to=port.to())
    running = stage(twice, twice)
    until(lambda: len(port.values("/dance/1/frame")) > 6)
    indices = port.values("/dance/1/frame")
    assert indices == list(range(len(indices)))
    first, second = running.receivers.views()
    assert (first.open, first.trouble) == (True, "")
    assert not second.open
    assert "given twice" in second.trouble
    running.receivers.set((twice,))
    until(lambda: len(running.receivers.views()) == 1)
    until(lambda: len(port.values("/dance/1/frame")) > len(indices) + 6)
    indices = port.values("/dance/1/frame")
    assert indices == list(range(len(indices)))


def test_what_a_receiver_is_sent_can_be_watched(stage: Callable[..., Stage], port: OscPort, other: OscPort) -> None:
    first, second = Receiver(to=port.to()), Receiver(to=other.to(",layout=vmc"))
    running = stage(first, second)
    assert running.receivers.monitor() == ()
    running.receivers.watch(1)
    until(lambda: any(b"/VMC/Ext" in datagram for datagram in running.receivers.monitor()))
    running.receivers.set((second, first))
    until(lambda: any(b"/dance/1/" in datagram for datagram in running.receivers.monitor()))
    running.receivers.watch(None)
    until(lambda: running.receivers.monitor() == ())
    running.receivers.watch(7)
    assert running.receivers.monitor() == ()


def test_experts_are_introduced_to_those_that_come_later_too(
    stage: Callable[..., Stage], port: OscPort, other: OscPort
) -> None:
    running = stage(Receiver(to=port.to()))
    running.receivers.introduce(("house", "krump"))
    running.receivers.set((Receiver(to=port.to()), Receiver(to=other.to())))
    for each in (port, other):
        until(partial(each.values, "/expert/name"))


def test_the_view_counts_what_is_sent(stage: Callable[..., Stage], port: OscPort) -> None:
    running = stage(Receiver(to=port.to()))
    running.receivers.views()
    until(lambda: (view := running.receivers.views()[0]).packets_per_s > 0 and view.bytes_per_s > view.packets_per_s)
    before = running.receivers.views()[0].packets
    until(lambda: running.receivers.views()[0].packets > before)
