"""Any rate and channel count to mono at 15,360 Hz, as a stream whose state is a value.

A polyphase windowed-sinc filter (Kaiser window; Oppenheim & Schafer, Discrete-Time Signal Processing, section 7.5).
soxr's streaming object can be neither copied nor saved, so it cannot be part of a state that is a value. Output comes
in whole hops, each computed from the same inputs in the same order however the input was cut: bit for bit the same.
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.lib.stride_tricks import sliding_window_view

from megadance_live.core.errors import AudioSourceError
from megadance_live.core.music_frame import FEATURE_HOP, FEATURE_RATE_HZ
from megadance_live.core.stage import StageSpec

F32 = npt.NDArray[np.float32]

HALF_WIDTH = 20
"""Samples of the slower of the two rates on each side of the filter's centre; also its delay (1.3 ms)."""
KAISER_BETA = 6.76  # 70 dB
PASSBAND = 0.92
"""Cut-off (-6 dB) as a part of the lower Nyquist frequency."""
LIMIT = 16.0
"""Samples beyond this (a broken stream) count as this, so that no later square overflows."""
MIN_RATE_HZ = 4_000
MAX_RATE_HZ = 768_000


@dataclass(frozen=True)
class ResamplerState:
    """`tail` [m] is the mono input not yet done with, `tail_index` the stream index of its first sample, `hops` the
    number of hops given out so far."""

    tail: F32
    tail_index: int
    hops: int


def to_mono(samples: F32) -> F32:
    """Mean of the channels, [n] from [n, channels] (or [n]); NaN and infinity become 0."""
    frames = np.asarray(samples, np.float32)
    if frames.ndim == 1:
        frames = frames[:, None]
    # Channel by channel: a reduction over the channel axis could depend on the array's layout.
    mono = np.zeros(len(frames), np.float32)
    for channel in range(frames.shape[1]):
        column = frames[:, channel]
        mono += np.where(np.isfinite(column), np.clip(column, -LIMIT, LIMIT), np.float32(0))
    mono *= np.float32(1.0 / frames.shape[1])
    return mono


class Resampler:
    """Stage: samples float32 [n, channels] at `rate_hz` -> hops float32 [k, 512] at 15,360 Hz.

    Output sample i describes the input at i / 15,360 s less `spec.latency_s`, and needs no input after that instant.
    """

    def __init__(self, rate_hz: int) -> None:
        """Raises AudioSourceError for a rate outside 4 to 768 kHz."""
        if not MIN_RATE_HZ <= rate_hz <= MAX_RATE_HZ:
            raise AudioSourceError(
                f"A sample rate of {rate_hz} Hz is not supported; choose one from {MIN_RATE_HZ} to {MAX_RATE_HZ} Hz."
            )
        self.rate_hz = int(rate_hz)
        divisor = math.gcd(FEATURE_RATE_HZ, self.rate_hz)
        self._up, self._down = FEATURE_RATE_HZ // divisor, self.rate_hz // divisor
        self._delay = math.ceil(HALF_WIDTH * max(1.0, self.rate_hz / FEATURE_RATE_HZ))  # input samples
        self._taps = 2 * self._delay
        self._filter = self._design()
        self._phase = -1
        self._layout: tuple[npt.NDArray[np.intp], F32]

    @property
    def spec(self) -> StageSpec:
        return StageSpec(0, self._delay / self.rate_hz, self._taps / self.rate_hz)

    def initial_state(self) -> ResamplerState:
        return ResamplerState(np.zeros(self._taps - 1, np.float32), 1 - self._taps, 0)

    def step(self, samples: F32, state: ResamplerState, /) -> tuple[F32, ResamplerState]:
        """All whole hops that the input so far allows, [k, 512]."""
        pending = np.concatenate([state.tail, to_mono(samples)])
        end = state.tail_index + len(pending)
        hops = state.hops
        out: list[F32] = []
        while self._last_input(hops) < end:
            out.append(self._hop(pending, state.tail_index, hops))
            hops += 1
        first_needed = hops * FEATURE_HOP * self._down // self._up - self._taps + 1
        tail = pending[first_needed - state.tail_index :].copy()
        blocks = np.stack(out) if out else np.zeros((0, FEATURE_HOP), np.float32)
        return blocks, ResamplerState(tail, first_needed, hops)

    def _last_input(self, hop: int) -> int:
        """Stream index of the latest input sample that a hop is made from."""
        return ((hop + 1) * FEATURE_HOP - 1) * self._down // self._up

    def _hop(self, pending: F32, pending_index: int, hop: int) -> F32:
        start, phase = divmod(hop * FEATURE_HOP * self._down, self._up)
        newest, filters = self._laid_out(phase)
        first = start - pending_index - self._taps + 1
        heard = pending[first : first + newest[-1] + self._taps]
        if not heard.any():
            return np.zeros(FEATURE_HOP, np.float32)
        windows = sliding_window_view(heard, self._taps)[newest]
        mixed: F32 = np.einsum("nk,nk->n", windows, filters)
        return mixed

    def _laid_out(self, phase: int) -> tuple[npt.NDArray[np.intp], F32]:
        """Of a hop that begins at this phase: the newest input of each sample [512], counted from the hop's first, and
        its filter [512, taps]. At usual rates every hop begins at the same phase."""
        if self._phase != phase:
            steps = phase + np.arange(FEATURE_HOP) * self._down
            self._phase, self._layout = phase, (steps // self._up, self._filter[steps % self._up])
        return self._layout

    def _design(self) -> F32:
        """[up, taps] one filter per phase, oldest sample first, each with a gain of 1 at 0 Hz."""
        phase = np.arange(self._up)[:, None] / self._up
        offset = phase + np.arange(self._taps)[None, ::-1] - self._delay  # input samples from the centre
        cutoff = PASSBAND * min(1.0, FEATURE_RATE_HZ / self.rate_hz)
        position = np.clip(offset / self._delay, -1.0, 1.0)
        window = np.i0(KAISER_BETA * np.sqrt(1 - position**2)) / np.i0(KAISER_BETA)
        taps = np.sinc(cutoff * offset) * window
        unit: F32 = (taps / taps.sum(axis=1, keepdims=True)).astype(np.float32)
        return unit
