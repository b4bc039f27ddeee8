"""The inputs of a PulseAudio or PipeWire server, each by its own name.

PortAudio sees such a server as one ALSA device, "pulse", which gives the server's default source. Which source is
meant instead stands in an environment variable while the device is being opened.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from megadance_live.audio.devices import DeviceInfo

SOURCE_VARIABLE = "PULSE_SOURCE"
ANSWER_S = 2.0
"""A server that takes longer over its list is not asked again."""

_FORMAT = re.compile(r"(\d+)ch (\d+)Hz")


def pulse_inputs(devices: Sequence[DeviceInfo]) -> list[DeviceInfo]:
    """The server's sources; none where there is no server, no way to it or no `pactl`. What is heard at an output is
    an input of the host API "PulseAudio monitor"."""
    bridge = next((d for d in devices if d.name == "pulse" and d.host_api == "ALSA"), None)
    if bridge is None or shutil.which("pactl") is None:
        return []
    try:
        listed = subprocess.run(
            ["pactl", "list", "short", "sources"], capture_output=True, text=True, timeout=ANSWER_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [] if listed.returncode else parse_sources(listed.stdout, bridge.index)


def parse_sources(listed: str, bridge: int) -> list[DeviceInfo]:
    """From the lines of `pactl list short sources`; `bridge` is PortAudio's number for the device that leads there."""
    found = []
    for line in listed.splitlines():
        fields = line.split("\t")
        said = _FORMAT.search(fields[3]) if len(fields) > 3 else None
        if said is not None:
            name = fields[1]
            api = "PulseAudio monitor" if name.endswith(".monitor") else "PulseAudio"
            found.append(DeviceInfo(bridge, name, api, int(said[1]), int(said[2]), pulse_source=name))
    return found


@contextmanager
def pulse_source(name: str) -> Iterator[None]:
    """While this lasts, the device "pulse" is opened on that source; with "" on the default one."""
    before = os.environ.get(SOURCE_VARIABLE)
    try:
        if name:
            os.environ[SOURCE_VARIABLE] = name
        yield
    finally:
        if name and before is None:
            del os.environ[SOURCE_VARIABLE]
        elif before is not None:
            os.environ[SOURCE_VARIABLE] = before
