"""Any source at the rate and with the channels that are wanted."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from megadance_live.audio.fitted import FittedSource, fitted, with_channels
from megadance_live.core.audio_block import AudioBlock

TONE_HZ = 440.0


class Tone:
    """A second of a tone in blocks, stamped from host time 100 on. With `lost` so many samples are lost half-way."""

    name = "tone"

    def __init__(self, rate_hz: int, channels: int, frames: int = 512, lost: int = 0) -> None:
        self.rate_hz = rate_hz
        self.channels = channels
        self._frames = frames
        self._index = 0
        self._lost = lost
        self.closed = False

    @property
    def ended(self) -> bool:
        return self._index >= self.rate_hz

    def start(self) -> None:
        pass

    def read(self, timeout_s: float) -> AudioBlock | None:
        if self.ended:
            return None
        if self._lost and self._index >= self.rate_hz // 2:
            self._index += self._lost
            self._lost = 0
        n = np.arange(self._index, min(self._index + self._frames, self.rate_hz))
        tone = np.sin(2 * np.pi * TONE_HZ * n / self.rate_hz).astype(np.float32)
        index, self._index = self._index, self._index + len(n)
        samples = np.repeat(tone[:, None], self.channels, axis=1)
        return AudioBlock(samples, self.rate_hz, index, 100.0 + index / self.rate_hz, overflow=index == 512)

    def status(self) -> str:
        return "as the tone says"

    def close(self) -> None:
        self.closed = True


def heard(source: FittedSource) -> list[AudioBlock]:
    source.start()
    blocks = []
    while not source.ended:
        block = source.read(0.0)
        if block is not None:
            blocks.append(block)
    return blocks


@pytest.mark.parametrize(
    ("have", "want"), [((44_100, 1), (48_000, 2)), ((96_000, 6), (44_100, 2)), ((8_000, 2), (48_000, 1))]
)
def test_a_tone_keeps_its_pitch_its_length_and_its_place_in_time(have: tuple[int, int], want: tuple[int, int]) -> None:
    source = FittedSource(Tone(*have), *want)
    blocks = heard(source)
    index = 0
    for block in blocks:
        assert (block.index, block.rate_hz, block.channels) == (index, *want)
        assert 0 < block.frames <= 1024
        assert block.host_time_s == pytest.approx(100.0 + block.time_s, abs=1e-6)
        index += block.frames
    assert index == pytest.approx(want[0], abs=2)
    samples = np.concatenate([block.samples for block in blocks])
    tone = np.sin(2 * np.pi * TONE_HZ * np.arange(len(samples)) / want[0])
    inner = slice(want[0] // 10, -want[0] // 10)
    assert np.abs(samples[inner] - tone[inner, None]).max() < 1e-3
    assert sum(block.overflow for block in blocks) == 1


def test_it_says_and_does_what_the_source_does() -> None:
    tone = Tone(44_100, 1)
    source = FittedSource(tone, 48_000, 2)
    assert (source.name, source.status()) == ("tone", "as the tone says")
    source.close()
    assert tone.closed


def test_lost_samples_stay_lost_at_the_new_rate() -> None:
    blocks = heard(FittedSource(Tone(44_100, 2, lost=4_410), 48_000, 2))
    jumps = [b.index - a.index - a.frames for a, b in pairwise(blocks)]
    (jump,) = [jump for jump in jumps if jump]
    # What the filter still held when they were lost is lost with them.
    assert 4_800 - 1 <= jump < 4_800 + 480
    for block in blocks:
        assert block.host_time_s == pytest.approx(100.0 + block.time_s, abs=1e-3)


def test_a_vanished_input_stays_known_as_vanished() -> None:
    class Lost(Tone):
        def read(self, timeout_s: float) -> AudioBlock | None:
            block = super().read(timeout_s)
            return block and replace(block, lost=True)

    assert all(block.lost for block in heard(FittedSource(Lost(44_100, 2), 48_000, 2)))


def test_a_source_that_fits_is_left_as_it_is() -> None:
    tone = Tone(48_000, 2)
    assert fitted(tone, 48_000, 2) is tone
    assert isinstance(fitted(tone, 48_000, 1), FittedSource)


def test_channels_are_mixed_left_out_or_repeated() -> None:
    samples = np.array([[1.0, 3.0, 5.0]], np.float32)
    assert with_channels(samples, 2).tolist() == [[1.0, 3.0]]
    assert with_channels(samples, 1).tolist() == [[2.0]]
    assert with_channels(samples[:, :1], 2).tolist() == [[1.0, 1.0]]
    assert with_channels(samples[:, :2], 4).tolist() == [[1.0, 3.0, 1.0, 3.0]]
