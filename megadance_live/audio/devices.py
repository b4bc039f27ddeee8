"""What audio inputs there are, and how one is found again by name."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from megadance_live.core.errors import AudioSourceError

_HOST_API_ORDER = ("core audio", "alsa", "jack", "wasapi", "asio", "directsound", "mme", "oss", "wdm-ks")
"""Which host API is meant when a plain name exists in several. WDM-KS last: it can lock PortAudio up."""


@dataclass(frozen=True)
class DeviceInfo:
    """An audio input. `index` is PortAudio's number for it today: never kept, it changes with every plug pulled."""

    index: int
    name: str
    host_api: str
    channels: int
    rate_hz: int
    default: bool = False
    pulse_source: str = ""  # where it is a source of a PulseAudio server

    @property
    def full_name(self) -> str:
        """What a device is remembered by: "host API: name"."""
        return f"{self.host_api}: {self.name}"


def find_device(name: str, devices: Sequence[DeviceInfo]) -> DeviceInfo:
    """The device of that "host API: name", else of that plain name, else the only one with that in its full name;
    upper and lower case are the same. `default` is the system's default input where no device is called so.

    Raises AudioSourceError that lists what there is.
    """
    wanted = name.strip().casefold()
    for matches in (
        [d for d in devices if d.full_name.casefold() == wanted],
        [d for d in devices if d.name.casefold() == wanted],
        [d for d in devices if d.default and wanted == "default"],
    ):
        if matches:
            return min(matches, key=_preference)
    parts = [d for d in devices if wanted and wanted in d.full_name.casefold()]
    # The same input seen through several host APIs is one input.
    if parts and len({d.name for d in parts}) == 1:
        return min(parts, key=_preference)
    if parts:
        raise AudioSourceError(f'"{name}" may be any of {_listed(parts)}: write more of the name.')
    if not devices:
        raise AudioSourceError(f'There is no audio input "{name}", nor any other: {_no_input_hint()}.')
    raise AudioSourceError(f'There is no audio input "{name}": choose one of {_listed(devices)}.')


def list_devices() -> list[DeviceInfo]:
    """Every audio input that PortAudio knows. Raises AudioSourceError where PortAudio is missing."""
    from megadance_live.audio.portaudio import PortAudioBackend

    return PortAudioBackend().devices()


def _preference(device: DeviceInfo) -> int:
    api = device.host_api.casefold()
    return next((k for k, known in enumerate(_HOST_API_ORDER) if known in api), len(_HOST_API_ORDER))


def _listed(devices: Sequence[DeviceInfo]) -> str:
    return ", ".join(f'"{d.full_name}"' for d in devices)


def _no_input_hint() -> str:
    if sys.platform.startswith("linux"):
        return (
            "start PulseAudio or PipeWire and install the Debian package libasound2-plugins, or use demo or file:PATH"
        )
    return "plug one in or install a loopback driver, or use demo or file:PATH"
