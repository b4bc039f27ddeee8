from dataclasses import replace

import pytest
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message_builder import OscMessageBuilder

from gui.view_models.monitor import DECODE_EVERY_S, GONE_AFTER_S, MonitorModel
from megadance_live.remote.client import View
from megadance_live.remote.requests import WatchReceiver
from tests.gui.fake_port import FakePort, dancing_view


def message(address: str, *values: tuple[object, str]) -> OscMessageBuilder:
    builder = OscMessageBuilder(address)
    for value, kind in values:
        builder.add_arg(value, kind)
    return builder


def bundle(*messages: OscMessageBuilder) -> bytes:
    builder = OscBundleBuilder(IMMEDIATELY)
    for part in messages:
        builder.add_content(part.build())  # type: ignore[arg-type]
    return builder.build().dgram


def view(now_s: float, *datagrams: bytes) -> View:
    shown = dancing_view(now_s)
    return replace(shown, snapshot=replace(shown.snapshot, monitor=datagrams))


BEAT = bundle(message("/beat/bpm", (124.0, "f")), message("/beat/bar", (9, "i")))
BONE = bundle(
    message("/VMC/Ext/Bone/Pos", ("Hips", "s"), (0.5, "f"), (1.0, "f")),
    message("/VMC/Ext/Bone/Pos", ("Spine", "s"), (0.25, "f"), (2.0, "f")),
)


@pytest.fixture
def port() -> FakePort:
    return FakePort()


@pytest.fixture
def model(port: FakePort) -> MonitorModel:
    made = MonitorModel(port)
    made.show(True)
    made.watch(0)
    return made


def test_messages_are_told_with_types_and_values(model: MonitorModel) -> None:
    model.update(view(1.0, BEAT, message("/expert/name", ("house", "s")).build().dgram))
    assert [(line.address, line.types, line.values) for line in model.state.lines] == [
        ("/beat/bpm", "f", "124.000"),
        ("/beat/bar", "i", "9"),
        ("/expert/name", "s", "house"),
    ]
    assert model.state.summary.startswith("3 messages · 2 datagrams · ")


def test_bones_of_one_address_are_told_apart(model: MonitorModel) -> None:
    model.update(view(1.0, BONE))
    assert [line.address for line in model.state.lines] == ["/VMC/Ext/Bone/Pos Hips", "/VMC/Ext/Bone/Pos Spine"]
    assert model.state.lines[1].types == "sff"
    assert model.state.lines[1].values == "0.250  2.000"


def test_many_values_of_a_kind_are_counted(model: MonitorModel) -> None:
    model.update(view(1.0, message("/pose", ("Hips", "s"), *[(0.5, "f")] * 96, (1, "i")).build().dgram))
    assert model.state.lines[0].types == "s96fi"


def test_a_search_keeps_what_has_it_in_its_address(model: MonitorModel) -> None:
    model.update(view(1.0, BEAT, BONE))
    model.search(" HIPS ")
    assert [line.address for line in model.state.lines] == ["/VMC/Ext/Bone/Pos Hips"]
    assert model.state.summary.startswith("1 of 4 messages")
    model.search("")
    assert len(model.state.lines) == 4


def test_it_is_read_five_times_per_second_at_most(model: MonitorModel) -> None:
    model.update(view(1.0, bundle(message("/beat/bar", (1, "i")))))
    model.update(view(1.0 + DECODE_EVERY_S / 2, bundle(message("/beat/bar", (2, "i")))))
    assert model.state.lines[0].values == "1"
    model.update(view(1.01 + DECODE_EVERY_S, bundle(message("/beat/bar", (3, "i")))))
    assert model.state.lines[0].values == "3"


def test_what_comes_rarely_stays_and_what_has_ended_goes(model: MonitorModel) -> None:
    model.update(view(1.0, message("/expert/name", ("house", "s")).build().dgram))
    model.update(view(2.0, BEAT))
    assert model.state.total == 3
    model.update(view(1.1 + GONE_AFTER_S, bundle(message("/beat/bar", (9, "i")))))
    assert [line.address for line in model.state.lines] == ["/beat/bpm", "/beat/bar"]


@pytest.mark.parametrize("broken", [b"", b"nonsense", b"/a\0\0,b\0\0\0\xff\0\0", b"#bundle\0" + b"\xff" * 9])
def test_a_broken_datagram_is_counted_and_the_others_are_read(model: MonitorModel, broken: bytes) -> None:
    model.update(view(1.0, broken, BEAT))
    assert model.state.broken == 1
    assert "1 cannot be read" in model.state.summary
    assert len(model.state.lines) == 2


def test_nothing_is_asked_for_while_the_page_is_hidden(port: FakePort) -> None:
    model = MonitorModel(port)
    model.watch(2)
    assert port.asked == []
    model.show(True)
    model.show(True)
    model.show(False)
    model.show(True)
    assert port.asked == [WatchReceiver(2), WatchReceiver(None), WatchReceiver(2)]
    model.show(False)
    model.update(view(1.0, BEAT))
    assert model.state.lines == ()


def test_another_receiver_begins_with_an_empty_list(model: MonitorModel) -> None:
    old = view(1.0, BEAT)
    model.update(old)
    model.watch(1)
    model.update(replace(old, now_s=1.5))
    assert model.state.lines == ()
    assert model.state.summary == "Waiting for something to be sent ..."
    model.update(view(2.0, BONE))
    assert len(model.state.lines) == 2


def test_watching_nobody_says_how_to_begin(model: MonitorModel, port: FakePort) -> None:
    model.watch(None)
    assert port.asked[-1] == WatchReceiver(None)
    assert "Press WATCH" in model.state.summary


def test_a_message_without_values_is_told() -> None:
    model = MonitorModel(FakePort())
    model.show(True)
    model.watch(0)
    model.update(view(1.0, b"/ping\0\0\0"))
    assert (model.state.lines[0].address, model.state.lines[0].types, model.state.lines[0].values) == ("/ping", "", "")
