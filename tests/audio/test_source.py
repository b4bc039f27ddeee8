"""Sources are opened by name."""

import builtins
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from megadance_live.audio import list_devices, open_source
from megadance_live.core.errors import AudioSourceError
from tests.audio.fake_audio import FakeBackend, FakeTime


@pytest.mark.parametrize("spec", ["", "demo:", "demo:x", "file:", "file", "device:", "device", "song.wav", "http://x"])
def test_what_is_no_source(spec: str) -> None:
    if spec == "demo:":
        open_source(spec, paced=False, loop=False).close()
        return
    with pytest.raises(AudioSourceError, match="is no audio source: write demo, file:PATH or device:NAME"):
        open_source(spec, paced=False, loop=False)


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "a:b.wav"
    soundfile.write(path, np.zeros((3_000, 2)), 22_050)
    source = open_source(f"file:{path}", paced=False, loop=False)
    source.start()
    frames = 0
    while (block := source.read(0.0)) is not None:
        assert (block.rate_hz, block.channels) == (22_050, 2)
        frames += block.frames
    assert frames == 3_000
    assert source.ended
    assert source.status() == ""
    source.close()


def test_the_demo_in_any_rate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("megadance_live.audio.demo_cache._cache_folder", lambda: tmp_path)
    source = open_source("demo", paced=False, loop=True, rate_hz=8_000)
    source.start()
    block = source.read(0.0)
    assert block is not None
    assert (source.name, block.rate_hz, block.channels, block.frames) == ("demo", 8_000, 2, 1024)
    assert block.samples.any()


def test_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("megadance_live.audio.portaudio.PortAudioBackend", lambda: FakeBackend(FakeTime()))
    assert open_source("device:pulse", paced=True, loop=False).name == "ALSA: pulse"
    assert [d.full_name for d in list_devices()] == ["ALSA: Built-in Microphone", "ALSA: pulse", "ALSA: Cable Out"]
    with pytest.raises(AudioSourceError, match='choose one of "ALSA: Built-in Microphone"'):
        open_source("device:Scarlett", paced=True, loop=False)


def test_without_portaudio_one_sentence_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def no_portaudio(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_portaudio)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(AudioSourceError, match=r"PortAudio.* is missing: install the Debian package libportaudio2"):
        list_devices()
