"""The ring of the plain callback, and the real PortAudio on a PulseAudio null sink where there is one."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from megadance_live.audio import portaudio
from megadance_live.audio.portaudio import SampleRing


def test_the_ring_gives_back_what_went_in_and_refuses_what_does_not_fit() -> None:
    ring, rng = SampleRing(1_000, 2), np.random.default_rng(0)
    sent, received = [], []
    for n in rng.integers(0, 400, 200):
        samples = rng.standard_normal((n, 2)).astype(np.float32)
        if n % 3 == 0:
            received.append(ring.read())
        if ring.write(samples):
            sent.append(samples)
    received.append(ring.read())
    np.testing.assert_array_equal(np.concatenate(received), np.concatenate(sent))
    assert len(sent) < 200
    assert not ring.write(np.zeros((1_001, 2), np.float32))


@pytest.fixture
def pulse_song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A PulseAudio server of our own, whose null sink plays a 440 Hz tone."""
    if not shutil.which("pulseaudio") or not shutil.which("paplay"):
        pytest.skip("pulseaudio and paplay are not installed")
    for name in ("XDG_RUNTIME_DIR", "HOME"):
        (tmp_path / name).mkdir(mode=0o700)
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.delenv("PULSE_SERVER", raising=False)
    tone = 0.5 * np.sin(2 * np.pi * 440 * np.arange(20 * 48_000) / 48_000)
    soundfile.write(tmp_path / "tone.wav", tone, 48_000)
    server = subprocess.Popen(
        ["pulseaudio", "--daemonize=no", "--exit-idle-time=-1", "--disable-shm=1", "-n",
         "--load=module-native-protocol-unix", "--load=module-null-sink sink_name=silent rate=48000",
         "--load=module-null-sink sink_name=test rate=48000"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    player = None
    try:
        for _ in range(50):
            if (Path(os.environ["XDG_RUNTIME_DIR"]) / "pulse" / "native").exists():
                break
            time.sleep(0.1)
        player = subprocess.Popen(["paplay", "--device=test", str(tmp_path / "tone.wav")], stderr=subprocess.DEVNULL)
        yield
    finally:
        for process in (player, server):
            if process is not None:
                process.send_signal(signal.SIGTERM)
                process.wait(5)


def _tone(spec: str) -> np.ndarray:
    """The last half second of one that comes from a source."""
    from megadance_live.audio import open_source
    from megadance_live.core.errors import AudioSourceError

    try:
        portaudio.PortAudioBackend().refresh()
        source = open_source(spec, paced=True, loop=False, rate_hz=48_000)
    except AudioSourceError as error:
        pytest.skip(f"no pulse device here: {error}")
    source.start()
    heard = []
    for _ in range(3_000):
        block = source.read(0.1)
        if block is not None and not block.lost and block.samples.any():
            assert not block.overflow
            heard.append(block.samples)
        if sum(len(h) for h in heard) > 48_000:
            break
    source.close()
    x = np.concatenate(heard)[-24_000:, 0]
    assert len(x) == 24_000
    return x


@pytest.mark.parametrize("c_ring", [True, False])
def test_real_capture(c_ring: bool, pulse_song: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SOURCE", "test.monitor")
    if not c_ring:
        monkeypatch.setattr(portaudio, "_rtmixer", lambda: None)
    x = _tone("device:pulse")
    assert np.abs(np.fft.rfft(x)).argmax() * 2 == pytest.approx(440, abs=2)
    assert np.abs(x).max() == pytest.approx(0.5, abs=0.02)


def test_real_capture_of_a_source_by_its_own_name(pulse_song: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's default source is another one, which is silent."""
    if not shutil.which("pactl"):
        pytest.skip("pactl is not installed")
    monkeypatch.setenv("PULSE_SOURCE", "silent.monitor")
    x = _tone("device:PulseAudio monitor: test.monitor")
    assert np.abs(np.fft.rfft(x)).argmax() * 2 == pytest.approx(440, abs=2)
    assert os.environ["PULSE_SOURCE"] == "silent.monitor"
