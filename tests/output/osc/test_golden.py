"""Every layout against committed bytes, and those bytes against python-osc's own reading."""

import pytest
from pythonosc.osc_bundle import OscBundle

from megadance_live.core.destination import parse_destination
from megadance_live.output.osc.receiver import layout_of
from megadance_live.output.osc.template import DatagramTemplate
from tests.output.osc.fixtures import EXPERTS, random_frame
from tests.output.osc.write_golden import GOLDEN, datagram, read_golden


@pytest.mark.parametrize("name", GOLDEN)
def test_the_bytes_are_the_golden_ones(name: str) -> None:
    assert datagram(GOLDEN[name]).hex() == read_golden(name).hex()


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("mode", ["split", "plain"])
def test_the_other_modes_carry_the_same_messages(name: str, mode: str) -> None:
    layout = layout_of(parse_destination(GOLDEN[name], "native"), len(EXPERTS))
    frame = random_frame()
    template = DatagramTemplate(layout.messages, mode)  # type: ignore[arg-type]
    datagrams = [bytes(d) for d in template.fill(layout.floats(frame), layout.ints(frame))]
    messages = datagrams if mode == "plain" else [m.dgram for d in datagrams for m in OscBundle(d)]
    assert messages == [m.dgram for m in OscBundle(datagram(GOLDEN[name]))]


@pytest.mark.parametrize("name", GOLDEN)
def test_python_osc_reads_every_message(name: str) -> None:
    bundle = OscBundle(read_golden(name))
    assert bundle.timestamp == 0  # python-osc's reading of "immediately"
    assert bundle.num_contents == len(layout_of(parse_destination(GOLDEN[name], "native"), len(EXPERTS)).messages)
