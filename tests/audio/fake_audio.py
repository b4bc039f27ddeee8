"""A sound system and a clock made up for tests: time passes only in `sleep`."""

import threading
from dataclasses import dataclass, field

import numpy as np

from megadance_live.audio.devices import DeviceInfo
from megadance_live.audio.portaudio import Captured
from megadance_live.core.errors import AudioSourceError

RATE_HZ = 48_000
MIC = DeviceInfo(0, "Built-in Microphone", "ALSA", 1, 44_100)
PULSE = DeviceInfo(1, "pulse", "ALSA", 32, RATE_HZ)
CABLE = DeviceInfo(2, "Cable Out", "ALSA", 2, RATE_HZ)


class FakeTime:
    """`monotonic` and `sleep` to inject; reopening threads settle while it sleeps unless `settle` is off."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.settle = True

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds
        if self.settle:
            for thread in threading.enumerate():
                if thread.name == "audio-reopen":
                    thread.join(5)


@dataclass
class FakeCapture:
    """Gives a ramp (sample k is k / 1e6) as time passes, in packets of 480, while `alive`."""

    time: FakeTime
    rate_hz: int
    channels: int
    latency_s: float = 0.01
    alive: bool = True
    closed: bool = False
    overflow_next: bool = False
    taken: int = 0
    opened_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.opened_s = self.time.now_s

    def read(self) -> Captured:
        if self.closed:
            return Captured(np.zeros((0, self.channels), np.float32), False)
        overflow, self.overflow_next = self.overflow_next, False
        if not self.alive:
            return Captured(np.zeros((0, self.channels), np.float32), overflow)
        ready = int((self.time.now_s - self.opened_s) * self.rate_hz) // 480 * 480
        ramp = np.arange(self.taken, ready, dtype=np.float32) / 1e6
        self.taken = max(ready, self.taken)
        return Captured(np.repeat(ramp[:, None], self.channels, axis=1), overflow)

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeBackend:
    """Devices come and go in `present`; like PortAudio, they are only seen after a `refresh`."""

    time: FakeTime
    present: list[DeviceInfo] = field(default_factory=lambda: [MIC, PULSE, CABLE])
    captures: list[FakeCapture] = field(default_factory=list)
    opened: list[tuple[str, int, int]] = field(default_factory=list)
    attempts_s: list[float] = field(default_factory=list)
    refreshes_s: list[float] = field(default_factory=list)
    rates_hz: tuple[int, ...] = (32_000, 44_100, RATE_HZ)
    all_channels: bool = False
    broken: bool = False
    gate: threading.Event | None = None
    seen: list[DeviceInfo] = field(init=False)

    def __post_init__(self) -> None:
        self.seen = list(self.present)

    @property
    def capturing(self) -> bool:
        return not all(c.closed for c in self.captures)

    def devices(self) -> list[DeviceInfo]:
        return list(self.seen)

    def refresh(self) -> None:
        for capture in self.captures:
            capture.close()
        self.refreshes_s.append(self.time.now_s)
        self.seen = list(self.present)

    def supports(self, device: DeviceInfo, rate_hz: int, channels: int) -> bool:
        return (rate_hz in self.rates_hz) and (channels == device.channels or not self.all_channels)

    def open(self, device: DeviceInfo, rate_hz: int, channels: int) -> FakeCapture:
        self.attempts_s.append(self.time.now_s)
        if self.gate is not None:
            assert self.gate.wait(10)
        if self.broken or device not in self.present:
            raise AudioSourceError(f'"{device.full_name}" cannot be opened.')
        self.opened.append((device.full_name, rate_hz, channels))
        self.captures.append(FakeCapture(self.time, rate_hz, channels))
        return self.captures[-1]

    def unplug(self, device: DeviceInfo) -> None:
        self.present.remove(device)
        self.captures[-1].alive = False
