"""Where the dance is sent, as a performer writes it: HOST:PORT[,layout=...][,rate=...]..."""

from dataclasses import dataclass
from typing import Literal, cast, get_args

from megadance_live.core.errors import DestinationError

LayoutName = Literal["native", "touchdesigner", "vmc"]
DatagramMode = Literal["bundle", "split", "plain"]
AxesName = Literal["smpl", "unity", "unreal_y", "unreal_x", "blender", "godot"]
Rotation = Literal["euler", "quat"]
Positions = Literal["offsets", "none"]
Locomotion = Literal["hips", "root"]
RATES_HZ = (30, 60, 90, 120)

CHOICES: dict[str, tuple[str, ...]] = {
    "layout": get_args(LayoutName),
    "rate": tuple(str(rate) for rate in RATES_HZ),
    "datagram": get_args(DatagramMode),
    "axes": get_args(AxesName),
    "rotation": get_args(Rotation),
    "positions": get_args(Positions),
    "locomotion": get_args(Locomotion),
}
OPTIONS: dict[LayoutName, tuple[str, ...]] = {
    "native": ("layout", "rate", "datagram", "axes", "performer", "prefix"),
    "touchdesigner": ("layout", "rate", "datagram", "axes", "rotation", "performer", "prefix"),
    "vmc": ("layout", "rate", "datagram", "positions", "locomotion"),
}
_WRITTEN = ("datagram", "axes", "rotation", "positions", "locomotion", "performer", "prefix")
_UNSAFE_IN_PREFIX = set(" #*,?[]{}")


@dataclass(frozen=True)
class Destination:
    """One receiver. `datagram` None means: one bundle on this machine, split elsewhere. VMC is always in Unity's axes
    and has no performer: give each performer its own port."""

    host: str
    port: int
    layout: LayoutName = "native"
    rate_hz: int = 60
    datagram: DatagramMode | None = None
    axes: AxesName = "smpl"
    rotation: Rotation = "euler"
    positions: Positions = "offsets"
    locomotion: Locomotion = "hips"
    performer: int = 1
    prefix: str = ""

    @property
    def address(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def text(self) -> str:
        """As `parse_destination` reads it: what is not the default is written out."""
        plain = Destination(self.host, self.port, self.layout, axes="unity" if self.layout == "vmc" else "smpl")
        values = {"layout": self.layout, "rate": self.rate_hz} | {name: getattr(self, name) for name in _WRITTEN}
        usual = {"layout": "native", "rate": plain.rate_hz} | {name: getattr(plain, name) for name in _WRITTEN}
        options = [f"{key}={value}" for key, value in values.items() if value not in (usual[key], None)]
        return ",".join([self.address, *options])


def parse_destination(text: str, default_layout: LayoutName) -> Destination:
    """Read `HOST:PORT[,option=value]...`; IPv6 hosts stand in brackets. Raises DestinationError in one sentence."""
    where, *options = (part.strip() for part in text.split(","))
    host, port = _host_and_port(where, text)
    values: dict[str, str] = {}
    for option in options:
        key, equals, value = option.partition("=")
        if not equals or key in values:
            raise DestinationError(f"'{option}' in '{text}' is not a new option of the form name=value.")
        values[key] = value
    layout = cast(LayoutName, _choice(values, "layout", default_layout, text))
    for key in values:
        if key not in OPTIONS[layout]:
            raise DestinationError(
                f"'{key}' in '{text}' is no option of layout {layout}; choose from {', '.join(OPTIONS[layout])}."
            )
    return Destination(
        host=host,
        port=port,
        layout=layout,
        rate_hz=int(_choice(values, "rate", "60", text)),
        datagram=cast(DatagramMode, _choice(values, "datagram", "", text)) if "datagram" in values else None,
        axes=cast(AxesName, _choice(values, "axes", "unity" if layout == "vmc" else "smpl", text)),
        rotation=cast(Rotation, _choice(values, "rotation", "euler", text)),
        positions=cast(Positions, _choice(values, "positions", "offsets", text)),
        locomotion=cast(Locomotion, _choice(values, "locomotion", "hips", text)),
        performer=_performer(values.get("performer", "1"), text),
        prefix=_prefix(values.get("prefix", ""), text),
    )


def _host_and_port(where: str, text: str) -> tuple[str, int]:
    host, colon, port_text = where.rpartition(":")
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        raise DestinationError(f"Put the IPv6 address in '{text}' in brackets, for instance [::1]:7000.")
    port = int(port_text) if port_text.isascii() and port_text.isdigit() else 0
    if not colon or not host or not 1 <= port <= 65535:
        raise DestinationError(f"'{text}' must begin with HOST:PORT (port 1 to 65535), for instance 127.0.0.1:7000.")
    return host, port


def _choice(values: dict[str, str], key: str, default: str, text: str) -> str:
    value = values.get(key, default)
    if key in values and value not in CHOICES[key]:
        raise DestinationError(f"{key}={value} in '{text}' is not known; choose one of {', '.join(CHOICES[key])}.")
    return value


def _performer(value: str, text: str) -> int:
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 99):
        raise DestinationError(f"performer={value} in '{text}' must be a number from 1 to 99.")
    return int(value)


def _prefix(value: str, text: str) -> str:
    if value and (not value.startswith("/") or value.endswith("/") or set(value) & _UNSAFE_IN_PREFIX):
        raise DestinationError(
            f"prefix={value} in '{text}' must look like /name, without spaces or any of # * ? [ ] {{ }}."
        )
    return value
