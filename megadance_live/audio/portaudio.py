"""PortAudio behind a small interface: which inputs there are, and a capture that fills a ring.

Why sounddevice: it is the one binding that is well kept on all three systems. Why rtmixer on top: its callback is C, so
that capture does not wait for Python. Where rtmixer is missing, a Python callback that only copies does.
"""

import sys
import threading
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from megadance_live.audio.devices import DeviceInfo
from megadance_live.audio.dsp import F32
from megadance_live.audio.pulse import pulse_inputs, pulse_source
from megadance_live.core.errors import AudioSourceError

_RING_S = 4.0

_portaudio = threading.RLock()
"""PortAudio is one for the whole process, and not made for several threads: who opens, closes or looks holds it."""
_open: "set[_OpenCapture]" = set()


@dataclass(frozen=True)
class Captured:
    """What has come in since the last asking: float32 [n, channels], and whether samples were lost before or in it."""

    samples: F32
    overflow: bool


class Capture(Protocol):
    """An open input. `read` never waits; an empty answer means that nothing has come."""

    @property
    def latency_s(self) -> float: ...

    def read(self) -> Captured: ...

    def close(self) -> None: ...


class Backend(Protocol):
    """A sound system. Calls may take long or raise AudioSourceError."""

    @property
    def capturing(self) -> bool:
        """Whether a capture is open, by whomever."""
        ...

    def devices(self) -> list[DeviceInfo]: ...

    def supports(self, device: DeviceInfo, rate_hz: int, channels: int) -> bool: ...

    def open(self, device: DeviceInfo, rate_hz: int, channels: int) -> Capture: ...

    def refresh(self) -> None:
        """Look again at what devices there are. It closes every open capture: nothing comes from it any more."""
        ...


class PortAudioBackend:
    """The real thing."""

    @property
    def capturing(self) -> bool:
        return bool(_open)

    def devices(self) -> list[DeviceInfo]:
        with _portaudio:
            devices = self._listed()
        return devices + pulse_inputs(devices)

    def _listed(self) -> list[DeviceInfo]:
        sounddevice = _sounddevice()
        try:
            apis = [api["name"] for api in sounddevice.query_hostapis()]
            default_in = sounddevice.default.device[0]
            return [
                DeviceInfo(
                    index=d["index"],
                    name=str(d["name"]),
                    host_api=str(apis[d["hostapi"]]),
                    channels=int(d["max_input_channels"]),
                    rate_hz=round(d["default_samplerate"]),
                    default=d["index"] == default_in,
                )
                for d in sounddevice.query_devices()
                if d["max_input_channels"] > 0
            ]
        except sounddevice.PortAudioError as error:
            raise AudioSourceError(f"PortAudio cannot list its devices: {_reason(error)}.") from error

    def supports(self, device: DeviceInfo, rate_hz: int, channels: int) -> bool:
        sounddevice = _sounddevice()
        try:
            with _portaudio, pulse_source(device.pulse_source):
                sounddevice.check_input_settings(dtype="float32", **_options(device, rate_hz, channels))
        except (sounddevice.PortAudioError, ValueError):
            return False
        return True

    def open(self, device: DeviceInfo, rate_hz: int, channels: int) -> Capture:
        sounddevice = _sounddevice()
        options = {**_options(device, rate_hz, channels), "latency": "low"}
        try:
            with _portaudio, pulse_source(device.pulse_source):
                capture = _CallbackCapture(options) if _rtmixer() is None else _RingCapture(options)
                return _OpenCapture(capture)
        except (sounddevice.PortAudioError, ValueError) as error:
            raise AudioSourceError(
                f'"{device.full_name}" cannot be opened at {rate_hz} Hz ({_reason(error)}): '
                "close what else uses it, or choose another input."
            ) from error

    def refresh(self) -> None:
        sounddevice = _sounddevice()
        try:
            with _portaudio:
                for capture in tuple(_open):
                    capture.close()
                # PortAudio reads the list of devices once, when it is initialised; sounddevice offers no other way.
                sounddevice._terminate()
                sounddevice._initialize()
        except sounddevice.PortAudioError as error:
            raise AudioSourceError(f"PortAudio cannot be started again: {_reason(error)}.") from error


class _OpenCapture:
    """A capture that may be closed under its reader, who then hears nothing more."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._reading = threading.Lock()
        self._closed = False
        self.latency_s = capture.latency_s
        _open.add(self)

    def read(self) -> Captured:
        with self._reading:
            if self._closed:
                return Captured(np.zeros((0, 1), np.float32), False)
            return self._capture.read()

    def close(self) -> None:
        with self._reading:
            if self._closed:
                return
            self._closed = True
        with _portaudio:
            _open.discard(self)
            self._capture.close()


class _RingCapture:
    """rtmixer's Recorder: C fills a lock-free ring."""

    def __init__(self, options: dict[str, Any]) -> None:
        rtmixer = _rtmixer()
        self._channels = int(options["channels"])
        size = 1 << int(_RING_S * options["samplerate"]).bit_length()
        self._ring = rtmixer.RingBuffer(4 * self._channels, size)
        self._recorder = rtmixer.Recorder(**options)
        self._recording = self._recorder.record_ringbuffer(self._ring)
        self._recorder.start()
        self._asked: Any = self._recorder.fetch_and_reset_stats()

    @property
    def latency_s(self) -> float:
        return float(self._recorder.latency)

    def read(self) -> Captured:
        frames = np.frombuffer(self._ring.read(), np.float32).reshape(-1, self._channels)
        return Captured(frames, self._overflowed())

    def close(self) -> None:
        self._recorder.close()

    def _overflowed(self) -> bool:
        """Whether PortAudio lost samples, or our own ring was full, since last asked."""
        overflow = False
        running = self._recorder.actions
        if self._asked not in running:
            overflow = self._asked.stats.input_overflows > 0
            self._asked = self._recorder.fetch_and_reset_stats()
        if self._recording not in running:
            # A full ring ends the recording.
            self._recording = self._recorder.record_ringbuffer(self._ring)
            overflow = True
        return overflow


class _CallbackCapture:
    """sounddevice's InputStream with a callback that copies into a ring and does nothing else."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._ring = SampleRing(int(_RING_S * options["samplerate"]), int(options["channels"]))
        self._overflow = threading.Event()
        self._stream = _sounddevice().InputStream(dtype="float32", callback=self._copy, **options)
        self._stream.start()

    @property
    def latency_s(self) -> float:
        return float(self._stream.latency)

    def read(self) -> Captured:
        overflow = self._overflow.is_set()
        if overflow:
            self._overflow.clear()
        return Captured(self._ring.read(), overflow)

    def close(self) -> None:
        self._stream.close()

    def _copy(self, samples: F32, frames: int, moment: object, status: Any) -> None:
        if not self._ring.write(samples) or status.input_overflow:
            self._overflow.set()


class SampleRing:
    """One writer, one reader, no lock: each side moves its own counter only."""

    def __init__(self, frames: int, channels: int) -> None:
        self._data = np.zeros((frames, channels), np.float32)
        self._written = 0
        self._read = 0

    def write(self, samples: F32) -> bool:
        """Copy in [n, channels]; False if there was no room, and then nothing of it is kept."""
        n, size = len(samples), len(self._data)
        if n > size - (self._written - self._read):
            return False
        at = self._written % size
        first = min(n, size - at)
        self._data[at : at + first] = samples[:first]
        self._data[: n - first] = samples[first:]
        self._written += n
        return True

    def read(self) -> F32:
        """All that is there, [n, channels]."""
        size = len(self._data)
        at, n = self._read % size, self._written - self._read
        first = min(n, size - at)
        samples = np.concatenate([self._data[at : at + first], self._data[: n - first]])
        self._read += n
        return samples


def _options(device: DeviceInfo, rate_hz: int, channels: int) -> dict[str, Any]:
    """The arguments that sounddevice and rtmixer share."""
    options: dict[str, Any] = {"device": device.index, "samplerate": rate_hz, "channels": channels}
    if "WASAPI" in device.host_api:
        # Windows fixes the rate of a shared device; let it convert.
        options["extra_settings"] = _sounddevice().WasapiSettings(auto_convert=True)
    return options


def _sounddevice() -> Any:
    try:
        import sounddevice
    except OSError as error:
        package = "the Debian package libportaudio2 (sudo apt install libportaudio2)"
        again = "sounddevice again (pip install --force-reinstall sounddevice)"
        how = package if sys.platform.startswith("linux") else again
        raise AudioSourceError(f"PortAudio, which captures sound, is missing: install {how}.") from error
    return sounddevice


def _rtmixer() -> Any:
    try:
        import rtmixer
    except (ImportError, OSError):
        return None
    return rtmixer


def _reason(error: Exception) -> str:
    """PortAudio's own words, without its numbers."""
    text = str(error.args[0]) if error.args else type(error).__name__
    return text.splitlines()[0].rstrip(".")
