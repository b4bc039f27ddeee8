import numpy as np
import pytest
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from megadance_live.output.osc.template import SPLIT_BYTES, DatagramTemplate, Message, Slot

MESSAGES = (
    Message("/a", (Slot.FLOAT, Slot.INT, "between", Slot.FLOAT)),
    Message("/long/address", ("name", 1.5, Slot.FLOAT, 3)),
    Message("/empty"),
    Message("/ints", (Slot.INT, Slot.INT)),
)
FLOATS, INTS = [0.1, -2.5e-30, 3e30], [-1, 2**31 - 1, 0]
# The same messages as python-osc would be asked for them.
VALUES: tuple[tuple[str, tuple[tuple[object, str], ...]], ...] = (
    ("/a", ((0.1, "f"), (-1, "i"), ("between", "s"), (-2.5e-30, "f"))),
    ("/long/address", (("name", "s"), (1.5, "f"), (3e30, "f"), (3, "i"))),
    ("/empty", ()),
    ("/ints", ((2**31 - 1, "i"), (0, "i"))),
)


def _reference() -> list[OscMessage]:
    messages = []
    for address, arguments in VALUES:
        builder = OscMessageBuilder(address)
        for value, tag in arguments:
            builder.add_arg(value, tag)
        messages.append(builder.build())
    return messages


def _bundle(messages: list[OscMessage]) -> bytes:
    builder = OscBundleBuilder(IMMEDIATELY)
    for message in messages:
        builder.add_content(message)
    return builder.build().dgram


def test_a_patched_bundle_has_the_bytes_of_a_new_one() -> None:
    template = DatagramTemplate(MESSAGES, "bundle")
    assert [bytes(d) for d in template.fill(FLOATS, INTS)] == [_bundle(_reference())]


def test_plain_datagrams_are_single_messages() -> None:
    template = DatagramTemplate(MESSAGES, "plain")
    assert [bytes(d) for d in template.fill(FLOATS, INTS)] == [m.dgram for m in _reference()]


def test_the_timetag_says_immediately() -> None:
    (datagram,) = DatagramTemplate(MESSAGES, "bundle").datagrams
    assert bytes(datagram[:16]) == b"#bundle\0" + b"\0\0\0\0\0\0\0\1"


def test_filling_again_leaves_nothing_behind() -> None:
    template = DatagramTemplate(MESSAGES, "bundle")
    first = bytes(template.fill(FLOATS, INTS)[0])
    other = bytes(template.fill([9, 9, 9], [9, 9, 9])[0])
    assert other != first
    assert bytes(template.fill(FLOATS, INTS)[0]) == first


def test_split_keeps_order_fills_datagrams_and_stays_under_the_limit() -> None:
    messages = [Message(f"/m/{i:03}", (Slot.FLOAT, Slot.INT)) for i in range(200)]
    template = DatagramTemplate(messages, "split")
    datagrams = template.fill(np.arange(200), np.arange(200))
    sizes = [len(d) for d in datagrams]
    assert len(sizes) > 2
    assert max(sizes) <= SPLIT_BYTES
    assert min(sizes[:-1]) > SPLIT_BYTES - 32
    read = [m for d in datagrams for m in OscBundle(bytes(d))]
    assert [m.address for m in read] == [m.address for m in messages]
    assert [m.params for m in read] == [[float(i), i] for i in range(200)]


def test_a_message_larger_than_the_limit_travels_alone() -> None:
    template = DatagramTemplate([Message("/a"), Message("/big", (Slot.FLOAT,) * 400), Message("/b")], "split")
    assert [len(list(OscBundle(bytes(d)))) for d in template.datagrams] == [1, 1, 1]


@pytest.mark.parametrize("mode", ["bundle", "split", "plain"])
def test_datagrams_are_whole_words(mode: str) -> None:
    template = DatagramTemplate(MESSAGES, mode)  # type: ignore[arg-type]
    assert all(len(d) % 4 == 0 for d in template.datagrams)
