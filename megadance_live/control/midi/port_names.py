"""Names of controllers that stay the same when they are plugged in again, and are the same for in and out."""

import re
from collections.abc import Iterable

OURS = "MegaDance Live"
"""What our own ports are called; we do not listen to ourselves."""
LOOPBACK = "midi through"
"""What is sent there comes back as if a controller had sent it."""

_ALSA_NUMBERS = re.compile(r" \d+:\d+$")
_WINDOWS_NUMBER = re.compile(r" \d+$")
_JACK_COPY = re.compile(r"-\d\d:")
_BRIDGE_WORDS = re.compile(r" \[\d+\]| \((?:capture|playback)\)")
_DIRECTION = re.compile(r"(?i)(midi)[ _]?(?:in|out|capture|playback)(?=\d|_\d)")


def stable_name(raw: str, *, windows: bool = False) -> str:
    """A port's name without the numbers that the system gives out anew and the words that tell in from out."""
    name = _BRIDGE_WORDS.sub("", _ALSA_NUMBERS.sub("", raw))
    if windows:
        name = _WINDOWS_NUMBER.sub("", name)
    name = _DIRECTION.sub(r"\1", _JACK_COPY.sub(":", name))
    client, colon, port = name.partition(":")
    if colon and port.strip().lower().startswith(client.lower()):
        name = port
    return name.strip() or raw


def named(raw_names: Iterable[str], *, windows: bool = False) -> dict[str, str]:
    """Stable name to the system's name of every port that is not ours. The second of two like controllers is called
    "NAME (2)"."""
    out: dict[str, str] = {}
    for raw in raw_names:
        if raw.startswith(OURS):
            continue
        name = stable_name(raw, windows=windows)
        free, count = name, 1
        while free in out:
            count += 1
            free = f"{name} ({count})"
        out[free] = raw
    return out


def has_lamps(name: str) -> bool:
    """Whether it is safe to send to an output of that name what its input may send back."""
    return LOOPBACK not in name.lower()
