"""A live input that may vanish and come back, while time goes on."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Literal

import numpy as np

from megadance_live.audio.devices import DeviceInfo, find_device
from megadance_live.audio.dsp import F32
from megadance_live.audio.host_clock import HostClock
from megadance_live.audio.portaudio import Backend, Capture
from megadance_live.audio.source import MAX_BLOCK_FRAMES
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.errors import AudioSourceError

STALLED_AFTER_S = 0.5
LOST_AFTER_S = 2.0
OPENING_S = 4.0
"""An input may take this long over its first samples: an idle PulseAudio sink wakes up after two seconds."""
BACKOFF_S = (0.5, 1.0, 2.0, 4.0)
REFRESH_EVERY_S = 10.0
_POLL_S = 0.003
_SILENCE_FRAMES = 512
_MAX_CHANNELS = 2

_log = logging.getLogger(__name__)
State = Literal["opening", "running", "stalled", "lost"]


class DeviceSource:
    """An AudioSource over an audio input, which is remembered by "host API: name" and never exchanged for another.

    No data for 0.5 s: stalled; silence flagged `lost` keeps the time. For 2 s: lost; the same name is opened again, at
    once and then after 0.5, 1, 2, 4, 4 ... s.

    Threads: opening an input and closing a dead one can take seconds, so each attempt runs `_reopen` on a thread of its
    own, one at a time, and leaves its capture in `_reopened`. `_lock` guards the captures, nothing else is shared.
    """

    ended = False

    def __init__(
        self,
        name: str,
        backend: Backend,
        *,
        rate_hz: int | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Raises AudioSourceError, listing the inputs there are, if none or several are meant by `name`."""
        self._backend = backend
        self._monotonic = monotonic
        self._sleep = sleep
        self._device = find_device(name, backend.devices())
        self.name: str = self._device.full_name
        self.rate_hz, self.channels = self._format(rate_hz)
        self._lock = threading.Lock()
        self._capture: Capture | None = None
        self._reopened: Capture | None = None
        self._reopening: threading.Thread | None = None
        self._closed = False
        self._state: State = "opening"
        self._latency_s = 0.0
        self._clock = HostClock(self.rate_hz, 0.0)
        self._index = 0
        self._covered_s = 0.0
        self._host_time_s = 0.0
        self._last_data_s = 0.0
        self._pending = np.zeros((0, self.channels), np.float32)
        self._overflow = False
        self._stood_in = False
        self._attempt = 0
        self._next_attempt_s = 0.0
        self._refreshed_s = -REFRESH_EVERY_S

    def start(self) -> None:
        """Open the input. Raises AudioSourceError."""
        self._adopt(self._backend.open(self._device, self.rate_hz, self.channels))
        self._last_data_s = self._covered_s = self._monotonic()

    def read(self, timeout_s: float) -> AudioBlock | None:
        deadline_s = self._monotonic() + timeout_s
        while not self._closed:
            if not len(self._pending):
                self._collect()
            now_s = self._monotonic()
            block = self._sound() if len(self._pending) else self._silence(now_s)
            if block is not None or now_s >= deadline_s:
                return block
            self._sleep(min(_POLL_S, deadline_s - now_s))
        return None

    def status(self) -> str:
        if self._state == "lost":
            return f'LOST: "{self.name}" has vanished, trying again'
        if self._state == "opening" and self._age_s() > STALLED_AFTER_S:
            return f'waiting for the first sound from "{self.name}"'
        if self._state == "stalled":
            return f'STALLED: nothing comes from "{self.name}"'
        return ""

    def close(self) -> None:
        with self._lock:
            self._closed = True
            captures = [c for c in (self._capture, self._reopened) if c is not None]
            self._capture = self._reopened = None
        for capture in captures:
            capture.close()

    def _format(self, wished_hz: int | None) -> tuple[int, int]:
        """Rate and channels: as wished, in stereo, as far as the input can; some only give all of their channels."""
        device = self._device
        stereo = min(_MAX_CHANNELS, device.channels)
        for channels in (stereo, device.channels):
            for rate_hz in (wished_hz or device.rate_hz, device.rate_hz):
                if self._backend.supports(device, rate_hz, channels):
                    return rate_hz, channels
        return wished_hz or device.rate_hz, stereo

    def _collect(self) -> None:
        """Take over what has come in, and watch its age."""
        with self._lock:
            reopened, self._reopened = self._reopened, None
        if reopened is not None:
            self._adopt(reopened)
        with self._lock:
            captured = self._capture.read() if self._capture is not None else None
        now_s = self._monotonic()
        if captured is not None:
            self._overflow = self._overflow or captured.overflow
            if len(captured.samples):
                self._arrived(captured.samples, now_s)
        self._watch(now_s)

    def _adopt(self, capture: Capture) -> None:
        with self._lock:
            self._capture = capture
        self._latency_s = capture.latency_s
        self._clock = HostClock(self.rate_hz, self._latency_s)
        self._next_attempt_s = max(self._next_attempt_s, self._monotonic() + OPENING_S)

    def _arrived(self, samples: F32, now_s: float) -> None:
        if self._overflow or self._state != "running":
            self._clock = HostClock(self.rate_hz, self._latency_s)
        if self._stood_in:
            # Silence has stood for the time until now: of a burst that makes up for it, only what is newer is kept.
            fresh = max(0, round((now_s - self._latency_s - self._covered_s) * self.rate_hz))
            stale = max(0, len(samples) - fresh)
            samples = samples[stale:]
            # A lost or opening input says so by its silence; a stalled one has swallowed sound.
            self._overflow = self._overflow or (self._state == "stalled" and stale > 0)
            self._stood_in = False
        if self._state in ("stalled", "lost"):
            _log.info('"%s" is back', self.name)
        self._state = "running"
        self._last_data_s = now_s
        self._pending = samples
        end = self._index + len(samples)
        self._clock.arrived(end, now_s)
        self._covered_s = self._clock.time_s(end)

    def _watch(self, now_s: float) -> None:
        age_s = now_s - self._last_data_s
        if self._state == "running" and age_s > STALLED_AFTER_S:
            _log.warning('nothing comes from "%s"', self.name)
            self._state = "stalled"
        if age_s > {"stalled": LOST_AFTER_S, "opening": OPENING_S}.get(self._state, np.inf):
            _log.warning('"%s" has vanished', self.name)
            self._state = "lost"
            self._attempt = 0
            self._next_attempt_s = now_s
        if self._state == "lost" and now_s >= self._next_attempt_s and not self._is_reopening():
            self._next_attempt_s = now_s + BACKOFF_S[min(self._attempt, len(BACKOFF_S) - 1)]
            self._attempt += 1
            with self._lock:
                dead, self._capture = self._capture, None
            self._reopening = threading.Thread(target=self._reopen, args=(dead,), name="audio-reopen", daemon=True)
            self._reopening.start()

    def _age_s(self) -> float:
        return self._monotonic() - self._last_data_s

    def _is_reopening(self) -> bool:
        return self._reopening is not None and self._reopening.is_alive()

    def _sound(self) -> AudioBlock:
        samples, self._pending = self._pending[:MAX_BLOCK_FRAMES], self._pending[MAX_BLOCK_FRAMES:]
        self._host_time_s = max(self._host_time_s, self._clock.time_s(self._index))
        block = AudioBlock(samples, self.rate_hz, self._index, self._host_time_s, overflow=self._overflow)
        self._overflow = False
        self._index += len(samples)
        return block

    def _silence(self, now_s: float) -> AudioBlock | None:
        """While stalled or lost: silence for the time since the last block, so that stream time goes on."""
        waiting = now_s - self._last_data_s <= STALLED_AFTER_S
        if waiting and self._index == 0:
            self._covered_s = now_s  # nothing has begun, so nothing is to be made up for
        due = int((now_s - self._latency_s - self._covered_s) * self.rate_hz)
        if waiting or due < _SILENCE_FRAMES:
            return None
        self._stood_in = True
        frames = min(MAX_BLOCK_FRAMES, due)
        self._host_time_s = max(self._host_time_s, self._covered_s)
        silence = np.zeros((frames, self.channels), np.float32)
        block = AudioBlock(silence, self.rate_hz, self._index, self._host_time_s, lost=True)
        self._index += frames
        self._covered_s += frames / self.rate_hz
        return block

    def _reopen(self, dead: Capture | None) -> None:
        """One attempt, on its own thread."""
        if dead is not None:
            dead.close()
        try:
            capture = self._open_by_name()
        except AudioSourceError as error:
            _log.info("%s", error)
            return
        with self._lock:
            if not self._closed:
                self._reopened = capture
                return
        capture.close()

    def _open_by_name(self) -> Capture:
        """As things stand, or after a new look at the devices, which may be had every ten seconds, and not while
        another input is listened to."""
        try:
            return self._backend.open(self._same_device(), self.rate_hz, self.channels)
        except AudioSourceError:
            now_s = self._monotonic()
            if now_s - self._refreshed_s < REFRESH_EVERY_S or self._backend.capturing:
                raise
            self._refreshed_s = now_s
        self._backend.refresh()
        return self._backend.open(self._same_device(), self.rate_hz, self.channels)

    def _same_device(self) -> DeviceInfo:
        """The device of exactly this name: never another that resembles it."""
        for device in self._backend.devices():
            if device.full_name == self.name:
                return device
        raise AudioSourceError(f'There is no audio input "{self.name}" at present.')
