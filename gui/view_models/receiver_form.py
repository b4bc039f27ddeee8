"""One receiver while it is being edited: what the fields hold, which of them a layout has, and what is wrong."""

from dataclasses import dataclass, field, replace

from megadance_live.config.preset import Receiver
from megadance_live.core.destination import CHOICES, OPTIONS, Destination, parse_destination
from megadance_live.core.errors import DestinationError

AUTOMATIC = "automatic"
"""Choice of the datagram field for: as fits the address."""
NAME_MAX = 40
_ALWAYS = ("name", "host", "port")
TITLES = {
    "name": "Name",
    "host": "Host",
    "port": "Port",
    "layout": "Layout",
    "axes": "Axes",
    "rate": "Rate",
    "datagram": "Datagrams",
    "rotation": "Rotation",
    "positions": "Positions",
    "locomotion": "Locomotion",
    "performer": "Performer",
    "prefix": "Prefix",
}
HELP = {
    "name": "what you call it",
    "host": "name or IP address of the computer; 127.0.0.1 is this one",
    "port": "UDP port that the program listens on, 1 to 65535",
    "layout": "addresses and values that the program understands (docs/osc.md)",
    "axes": "axes and units of the program",
    "rate": "frames per second",
    "datagram": "bundle: one packet per frame; split: packets of at most 1400 bytes; plain: no bundles; "
    "automatic: bundle on this computer, else split",
    "rotation": "euler: degrees in the order xyz; quat: quaternions",
    "positions": "offsets: every bone's place at rest; none: zeros",
    "locomotion": "hips: the hips carry the dancer; root: Root carries the horizontal part",
    "performer": "number of the dancer in the addresses, 1 to 99",
    "prefix": "put before every address, for instance /left",
}


def choices(name: str) -> tuple[str, ...]:
    """What the field may hold; nothing where it is typed."""
    return (AUTOMATIC, *CHOICES[name]) if name == "datagram" else CHOICES.get(name, ())


@dataclass(frozen=True)
class ReceiverForm:
    """`place` is that of the receiver in the list. `values` has every field, those that the layout lacks too, so that
    going back to a layout brings them back."""

    place: int
    values: dict[str, str] = field(default_factory=dict)

    @property
    def fields(self) -> tuple[str, ...]:
        """Those that the layout has, in the order in which they are shown."""
        options = next(known for layout, known in OPTIONS.items() if layout == self.values["layout"])
        return tuple(name for name in TITLES if name in (*_ALWAYS, *options))

    @property
    def text(self) -> str:
        """HOST:PORT[,option=value]... as `parse_destination` reads it."""
        options = [_option(name, self.values[name]) for name in self.fields if name not in _ALWAYS]
        return ",".join([_where(self.values["host"], self.values["port"]), *filter(None, options)])

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong, by field: one sentence each; empty when it may be sent."""
        found = {"name": f"Keep the name to {NAME_MAX} letters."} if len(self.values["name"].strip()) > NAME_MAX else {}
        samples = {
            "host": _where(self.values["host"], "7000"),
            "port": _where("127.0.0.1", self.values["port"]),
            "performer": f"127.0.0.1:7000,{_option('performer', self.values['performer'])}",
            "prefix": f"127.0.0.1:7000,{_option('prefix', self.values['prefix'])}",
        }
        for name, sample in samples.items():
            if name not in self.fields:
                continue
            if "," in self.values[name]:
                found[name] = f"{TITLES[name]} is written without a comma: {HELP[name]}."
            elif problem := _problem_of(sample.rstrip(",")):
                found[name] = problem
        return found

    def receiver(self, enabled: bool) -> Receiver | None:
        """As the preset holds it; None while a field is wrong."""
        if self.problems:
            return None
        return Receiver(name=self.values["name"].strip(), to=self.text, enabled=enabled)

    def put(self, name: str, value: str) -> "ReceiverForm":
        """With another value in one field."""
        return replace(self, values=self.values | {name: value})


def form_of(place: int, receiver: Receiver) -> ReceiverForm:
    """Begin to edit."""
    sent = receiver.destination
    values = {
        "name": receiver.name,
        "host": sent.host,
        "port": str(sent.port),
        "layout": sent.layout,
        "axes": sent.axes if sent.layout != "vmc" else Destination.axes,
        "rate": str(sent.rate_hz),
        "datagram": sent.datagram or AUTOMATIC,
        "rotation": sent.rotation,
        "positions": sent.positions,
        "locomotion": sent.locomotion,
        "performer": str(sent.performer),
        "prefix": sent.prefix,
    }
    return ReceiverForm(place, values)


def _where(host: str, port: str) -> str:
    """HOST:PORT, an IPv6 address in brackets."""
    host = host.strip()
    return f"[{host}]:{port.strip()}" if ":" in host and not host.startswith("[") else f"{host}:{port.strip()}"


def _option(name: str, value: str) -> str:
    """As written; "" where nothing need be."""
    value = value.strip()
    return "" if value in ("", AUTOMATIC) and name in ("datagram", "prefix") else f"{name}={value}"


def _problem_of(text: str) -> str:
    try:
        parse_destination(text, "native")
    except DestinationError as error:
        return str(error)
    return ""
