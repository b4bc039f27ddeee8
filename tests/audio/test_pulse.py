"""Sources of a PulseAudio server as inputs of their own."""

import os

import pytest

from megadance_live.audio.devices import DeviceInfo, find_device
from megadance_live.audio.pulse import SOURCE_VARIABLE, parse_sources, pulse_inputs, pulse_source

LISTED = (
    "0\talsa_output.pci-0000_00_1f.3.analog-stereo.monitor\tmodule-alsa-card.c\ts16le 2ch 44100Hz\tSUSPENDED\n"
    "1\talsa_input.usb-Focusrite-00.multichannel-input\tmodule-alsa-card.c\ts32le 6ch 48000Hz\tRUNNING\n"
    "a line that nobody expects\n"
)


def test_sources_and_monitors_are_told_apart_and_found_by_name() -> None:
    inputs = parse_sources(LISTED, bridge=7)
    assert [(d.index, d.full_name, d.channels, d.rate_hz) for d in inputs] == [
        (7, "PulseAudio monitor: alsa_output.pci-0000_00_1f.3.analog-stereo.monitor", 2, 44_100),
        (7, "PulseAudio: alsa_input.usb-Focusrite-00.multichannel-input", 6, 48_000),
    ]
    assert find_device("focusrite", inputs) is inputs[1]
    assert inputs[1].pulse_source == "alsa_input.usb-Focusrite-00.multichannel-input"


def test_there_are_none_without_a_way_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert pulse_inputs([DeviceInfo(0, "Mic", "ALSA", 1, 44_100)]) == []
    monkeypatch.setenv("PATH", "")
    assert pulse_inputs([DeviceInfo(0, "pulse", "ALSA", 32, 44_100)]) == []


@pytest.mark.parametrize("before", [None, "of the user"])
def test_the_source_is_meant_only_while_the_device_is_opened(
    before: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if before is None:
        monkeypatch.delenv(SOURCE_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(SOURCE_VARIABLE, before)
    with pulse_source("line"):
        assert os.environ[SOURCE_VARIABLE] == "line"
    with pulse_source(""):
        assert os.environ.get(SOURCE_VARIABLE) == before
    assert os.environ.get(SOURCE_VARIABLE) == before
