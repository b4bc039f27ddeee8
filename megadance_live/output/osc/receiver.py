"""A destination as the network and the layouts need it: its address looked up, its messages, how they are cut."""

import ipaddress
import socket
from typing import cast

from megadance_live.core.destination import DatagramMode, Destination
from megadance_live.core.errors import DestinationError
from megadance_live.output.axes import axes_named
from megadance_live.output.osc.layouts.layout import Layout
from megadance_live.output.osc.layouts.native import NativeLayout
from megadance_live.output.osc.layouts.touchdesigner import TouchDesignerLayout
from megadance_live.output.osc.layouts.vmc import VmcLayout

SocketAddress = tuple[str, int] | tuple[str, int, int, int]


def resolve(destination: Destination) -> tuple[socket.AddressFamily, SocketAddress]:
    """Address family and address of the host for a socket, looked up once. Raises DestinationError."""
    try:
        found = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_DGRAM)
    except (OSError, UnicodeError) as error:
        raise DestinationError(
            f"The host '{destination.host}' of destination {destination.address} cannot be found on the network; "
            "check its name or give its IP address."
        ) from error
    family, _, _, _, address = min(found, key=lambda info: info[0] != socket.AF_INET)
    return family, cast(SocketAddress, address)


def layout_of(destination: Destination, expert_count: int) -> Layout:
    """The messages that this receiver is to get."""
    if destination.layout == "vmc":
        return VmcLayout(destination.positions, destination.locomotion)
    axes = axes_named(destination.axes)
    performer, prefix = destination.performer, destination.prefix
    if destination.layout == "touchdesigner":
        return TouchDesignerLayout(axes, destination.rotation, performer, prefix, expert_count)
    return NativeLayout(axes, performer, prefix, expert_count)


def datagram_mode_of(destination: Destination, ip: str) -> DatagramMode:
    """The mode for the resolved address."""
    return destination.datagram or ("bundle" if ipaddress.ip_address(ip).is_loopback else "split")
