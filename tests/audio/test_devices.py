"""A device is found again by name, whatever its number."""

import pytest

from megadance_live.audio.devices import DeviceInfo, find_device
from megadance_live.core.errors import AudioSourceError

WASAPI, MME = "Windows WASAPI", "MME"
DEVICES = [
    DeviceInfo(0, "CABLE Output", MME, 2, 44_100),
    DeviceInfo(1, "CABLE Output", WASAPI, 2, 48_000),
    DeviceInfo(2, "Line 1", WASAPI, 2, 48_000, default=True),
    DeviceInfo(3, "Line 2", WASAPI, 2, 48_000),
    DeviceInfo(4, "Line", MME, 2, 48_000),
]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("MME: CABLE Output", 0),
        ("windows wasapi: cable output", 1),
        ("CABLE Output", 1),
        (" line ", 4),
        ("Line 2", 3),
        ("cable", 1),
        ("mme: cab", 0),
        ("default", 2),
    ],
)
def test_found(name: str, index: int) -> None:
    assert find_device(name, DEVICES).index == index


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Line ", None),
        ("lin", r'may be any of "Windows WASAPI: Line 1", .*"MME: Line": write more of the name'),
        ("Scarlett", r'There is no audio input "Scarlett": choose one of "MME: CABLE Output", .*'),
        ("", "There is no audio input"),
    ],
)
def test_not_found(name: str, words: str | None) -> None:
    if words is None:
        assert find_device(name, DEVICES).name == "Line"
    else:
        with pytest.raises(AudioSourceError, match=words):
            find_device(name, DEVICES)


def test_a_device_really_called_default_comes_before_the_default_device() -> None:
    devices = [DeviceInfo(0, "hw", "ALSA", 2, 48_000, default=True), DeviceInfo(1, "default", "ALSA", 2, 48_000)]
    assert find_device("default", devices).index == 1


def test_no_devices_at_all() -> None:
    with pytest.raises(AudioSourceError, match=r"nor any other: .*demo or file:PATH"):
        find_device("pulse", [])
