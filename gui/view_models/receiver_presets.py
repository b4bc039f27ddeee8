"""What common programs want to be sent, as receivers that are ready to be added."""

from collections.abc import Sequence
from dataclasses import dataclass

from megadance_live.config.preset import Receiver
from megadance_live.core.destination import parse_destination

MOST_PORT = 65535


@dataclass(frozen=True)
class ReceiverPreset:
    """A program, what to do in it, and what it is sent."""

    title: str
    help: str
    to: str

    @property
    def receiver(self) -> Receiver:
        return Receiver(name=self.title, to=self.to)


RECEIVER_PRESETS = (
    ReceiverPreset(
        "TouchDesigner", "An OSC In CHOP on port 7000: each number is a channel.", "127.0.0.1:7000,layout=touchdesigner"
    ),
    ReceiverPreset(
        "Unreal", "The OSC plug-in's server on port 8000: centimetres, Z up, facing +Y.", "127.0.0.1:8000,axes=unreal_y"
    ),
    ReceiverPreset(
        "VMC receiver", "VSeeFace, Warudo, VMC4UE, EVMC4U and others on port 39539.", "127.0.0.1:39539,layout=vmc"
    ),
    ReceiverPreset("Max", "udpreceive 7000: the pose as one list of 96 numbers.", "127.0.0.1:7000"),
    ReceiverPreset(
        "Blender VMC4B", "The VMC4B add-on, receiving on port 39539.", "127.0.0.1:39539,layout=vmc,locomotion=root"
    ),
    ReceiverPreset("Plain OSC", "Any OSC program: single messages, no bundles.", "127.0.0.1:9000,datagram=plain"),
)


def on_free_port(receiver: Receiver, others: Sequence[Receiver]) -> Receiver:
    """The receiver itself, or, where another has its host and port already, on the next free port above, else below."""
    sent = receiver.destination
    taken = {other.destination.port for other in others if other.destination.host == sent.host}
    above = (port for port in range(sent.port, MOST_PORT + 1) if port not in taken)
    below = (port for port in range(sent.port, 0, -1) if port not in taken)
    port = next(above, None) or next(below)
    _, comma, options = receiver.to.partition(",")
    host = f"[{sent.host}]" if ":" in sent.host else sent.host
    to = parse_destination(f"{host}:{port}{comma}{options}", "native").text
    return Receiver(name=receiver.name, to=to, enabled=receiver.enabled)
