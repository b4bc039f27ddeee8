import re
import socket

import pytest

from megadance_live.core.destination import Destination, LayoutName, parse_destination
from megadance_live.core.errors import DestinationError
from megadance_live.output.osc.layouts.native import NativeLayout
from megadance_live.output.osc.layouts.touchdesigner import TouchDesignerLayout
from megadance_live.output.osc.layouts.vmc import VmcLayout
from megadance_live.output.osc.receiver import datagram_mode_of, layout_of, resolve


def test_host_and_port_are_enough() -> None:
    assert parse_destination("127.0.0.1:7000", "native") == Destination("127.0.0.1", 7000)


def test_vmc_is_in_unity_axes() -> None:
    assert parse_destination("studio:39539", "vmc") == Destination("studio", 39539, layout="vmc", axes="unity")


def test_every_option_is_read() -> None:
    text = (
        "10.0.0.2:9000, layout=touchdesigner, rate=120,axes=blender,datagram=plain,rotation=quat,performer=2,prefix=/x"
    )
    assert parse_destination(text, "native") == Destination(
        "10.0.0.2", 9000, "touchdesigner", 120, "plain", "blender", rotation="quat", performer=2, prefix="/x"
    )
    text = "10.0.0.2:39539,layout=vmc,positions=none,locomotion=root,rate=30"
    assert parse_destination(text, "native") == Destination(
        "10.0.0.2", 39539, "vmc", 30, axes="unity", positions="none", locomotion="root"
    )


def test_ipv6_stands_in_brackets() -> None:
    destination = parse_destination("[::1]:7000", "native")
    assert (destination.host, destination.port, destination.address) == ("::1", 7000, "[::1]:7000")


@pytest.mark.parametrize(
    ("layout", "made"), [("native", NativeLayout), ("touchdesigner", TouchDesignerLayout), ("vmc", VmcLayout)]
)
def test_the_layout_is_made(layout: LayoutName, made: type) -> None:
    assert isinstance(layout_of(parse_destination("localhost:7000", layout), 3), made)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7000", "must begin with HOST:PORT"),
        ("localhost", "must begin with HOST:PORT"),
        (":7000", "must begin with HOST:PORT"),
        ("", "must begin with HOST:PORT"),
        ("localhost:0", "port 1 to 65535"),
        ("localhost:70000", "port 1 to 65535"),
        ("localhost:osc", "port 1 to 65535"),
        ("::1:7000", "in brackets, for instance [::1]:7000"),
        ("localhost:7000,layout=unreal", "choose one of native, touchdesigner, vmc"),
        ("localhost:7000,rate=50", "choose one of 30, 60, 90, 120"),
        ("localhost:7000,axes=maya", "choose one of smpl, unity, unreal_y, unreal_x, blender, godot"),
        ("localhost:7000,datagram=big", "choose one of bundle, split, plain"),
        ("localhost:7000,layout=touchdesigner,rotation=matrix", "choose one of euler, quat"),
        ("localhost:7000,layout=vmc,positions=some", "choose one of offsets, none"),
        ("localhost:7000,layout=vmc,axes=unity", "is no option of layout vmc; choose from layout, rate"),
        ("localhost:7000,rotation=quat", "is no option of layout native"),
        ("localhost:7000,speed=3", "'speed' in"),
        ("localhost:7000,rate", "'rate' in"),
        ("localhost:7000,rate=30,rate=60", "is not a new option"),
        ("localhost:7000,performer=0", "must be a number from 1 to 99"),
        ("localhost:7000,prefix=show", "must look like /name"),
        ("localhost:7000,prefix=/a*", "must look like /name"),
    ],
)
def test_bad_input_is_answered_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(DestinationError, match=re.escape(words)) as caught:
        parse_destination(text, "native")
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message


def test_a_host_that_does_not_resolve_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(DestinationError, match=r"The host 'nowhere' of destination nowhere:7000 cannot be found"):
        resolve(Destination("nowhere", 7000))


def test_an_impossible_host_name_is_refused() -> None:
    with pytest.raises(DestinationError, match="cannot be found"):
        resolve(Destination("a" * 80, 7000))


@pytest.mark.parametrize(("ip", "mode"), [("127.0.0.1", "bundle"), ("::1", "bundle"), ("192.168.1.20", "split")])
def test_bundles_stay_whole_on_this_machine_only(ip: str, mode: str) -> None:
    assert datagram_mode_of(Destination("any", 7000), ip) == mode
    assert datagram_mode_of(Destination("any", 7000, datagram="plain"), ip) == "plain"
