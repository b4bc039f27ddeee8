"""An offline mixing desk: one-shots go onto buses by start time; sends, sidechain and master follow at the end."""

import numpy as np

from megadance_live.audio.dsp import F32, convolve, room, soft_clip, tilt

_TAIL_S = 3.0
_DUCK_ATTACK_S = 0.003


class Mix:
    """A stereo mix of `duration_s`. With `loop` the tails that ring on past the end are folded onto the beginning.

    Three buses: `drums` as they are, `music` ducked by `duck()`, and two sends (`room`, `echo`) fed by `add`.
    """

    def __init__(self, duration_s: float, rate_hz: int, *, loop: bool = False) -> None:
        self.rate_hz = rate_hz
        self.frames = round(duration_s * rate_hz)
        self._loop = loop
        self._size = self.frames + round(_TAIL_S * rate_hz)
        self._drums = np.zeros((2, self._size), np.float32)
        self._music = np.zeros((2, self._size), np.float32)
        self._room = np.zeros(self._size, np.float32)
        self._echo = np.zeros(self._size, np.float32)
        self._duck = np.ones(self._size, np.float32)

    def add(
        self,
        shot: F32,
        at_s: float,
        gain: float,
        *,
        pan: float = 0.0,
        length_s: float | None = None,
        release_s: float = 0.01,
        drums: bool = False,
        room: float = 0.0,
        echo: float = 0.0,
    ) -> None:
        """Mix in `shot` [n], or [2, n] already in stereo, cut to `length_s` with a release. `pan` -1..1 at equal
        power. What lies before 0 or beyond the tail is dropped."""
        start = self._start(at_s)
        if length_s is not None:
            shot = _cut(shot, round(length_s * self.rate_hz), round(release_s * self.rate_hz))
        first, last = max(0, -start), min(shot.shape[-1], self._size - start)
        if first >= last:
            return
        piece = shot[..., first:last] * np.float32(gain)
        where = slice(start + first, start + last)
        bus = self._drums if drums else self._music
        if piece.ndim == 2:
            bus[:, where] += piece
            piece = piece.mean(axis=0)
        else:
            angle = (pan + 1) * np.pi / 4
            bus[0, where] += piece * np.float32(np.cos(angle) * np.sqrt(2))
            bus[1, where] += piece * np.float32(np.sin(angle) * np.sqrt(2))
        if room:
            self._room[where] += piece * np.float32(room)
        if echo:
            self._echo[where] += piece * np.float32(echo)

    def duck(self, at_s: float, depth: float, length_s: float) -> None:
        """Press the music bus down at a kick within 3 ms, by `depth` 0..1, recovering over `length_s`."""
        start, n = self._start(at_s), round(length_s * self.rate_hz)
        first, last = max(0, -start), min(n, self._size - start)
        if first < last:
            k = np.arange(first, last, dtype=np.float32)
            shape = 1 - depth * np.minimum(k / (_DUCK_ATTACK_S * self.rate_hz), 1) * (1 - k / n) ** 2
            where = slice(start + first, start + last)
            self._duck[where] = np.minimum(self._duck[where], shape)

    def _start(self, at_s: float) -> int:
        """The sample at a time; what comes a touch before a loop belongs to its end."""
        start = round(at_s * self.rate_hz)
        return start % self.frames if self._loop else start

    def render(
        self, *, room_s: float, echo_s: float, low_db: float = 0.0, high_hz: float = 18_000.0, peak: float = 0.9
    ) -> F32:
        """The master: float32 [n, 2], soft-clipped, at most `peak`, with no DC."""
        self._room += 0.4 * self._echo
        self._music *= self._duck
        out = self._drums + self._music
        out += self._echoes(echo_s)
        wet = convolve(self._room, room(self.rate_hz, room_s, seed=11))
        shaped = self._folded(out) + self._folded(wet)
        mastered = np.stack([self._equalised(row, low_db, high_hz) for row in shaped])
        return _limited(mastered, peak)

    def _echoes(self, echo_s: float) -> F32:
        """Ping-pong: four repeats, left and right in turn, each fainter."""
        out = np.zeros((2, self._size), np.float32)
        delay = round(echo_s * self.rate_hz)
        for k in range(1, 5):
            if k * delay < self._size:
                out[k % 2, k * delay :] += self._echo[: self._size - k * delay] * np.float32(0.8 * 0.55**k)
        return out

    def _folded(self, x: F32) -> F32:
        """[2, frames]: the rest cut off, or wrapped around to the beginning of a loop."""
        out = x[:, : self.frames].copy()
        if self._loop:
            for start in range(self.frames, x.shape[1], self.frames):
                rest = x[:, start : start + self.frames]
                out[:, : rest.shape[1]] += rest
        return out

    def _equalised(self, row: F32, low_db: float, high_hz: float) -> F32:
        taps = tilt(self.rate_hz, low_db, high_hz)
        half, n = taps.shape[1] // 2, len(row)
        filtered = convolve(row, taps)[0]
        out: F32 = filtered[half : half + n].copy()
        if self._loop:
            out[:half] += filtered[half + n :][:half]
            out[n - half :] += filtered[:half]
        return out


def _cut(shot: F32, n: int, release: int) -> F32:
    """The first n samples, then a linear release, or all of it if it is shorter."""
    if n + release >= shot.shape[-1]:
        return shot
    cut: F32 = shot[..., : n + release].copy()
    cut[..., n:] *= np.linspace(1, 0, release, dtype=np.float32)
    return cut


def _limited(x: F32, peak: float) -> F32:
    """[2, n] -> [n, 2]: loud peaks bent by tanh, then scaled to `peak`."""
    if x.size == 0:
        return np.ascontiguousarray(x.T)
    # The 99.5th percentile of short-term peaks goes to the knee, whatever a single crash does.
    blocks = np.abs(x[:, : x.shape[1] // 512 * 512]).reshape(2, -1, 512).max(axis=(0, 2)) if x.shape[1] >= 512 else x
    loud = float(np.percentile(np.abs(blocks), 95))
    clipped = soft_clip(x * np.float32(0.95 / max(loud, 1e-6)))
    clipped -= clipped.mean(axis=1, keepdims=True)
    top = float(np.abs(clipped).max())
    scaled = clipped * np.float32(peak / max(top, 1e-9)) if top > 0 else clipped
    return np.ascontiguousarray(scaled.T)
