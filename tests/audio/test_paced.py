"""Files and the demo track as sources: paced on absolute deadlines, or as fast as they are read."""

import numpy as np
import pytest

from megadance_live.audio.dsp import F32
from megadance_live.audio.paced import ReelSource
from tests.audio.fake_audio import FakeTime

RATE_HZ = 48_000


class Ramp:
    """A reel of `frames` samples, sample k being k / 1e6."""

    name = "ramp"
    rate_hz = RATE_HZ
    channels = 1
    trouble = ""

    def __init__(self, frames: int) -> None:
        self._samples = (np.arange(frames, dtype=np.float32) / 1e6)[:, None]
        self._at = 0
        self.closed = False

    def read(self, frames: int) -> F32:
        piece = self._samples[self._at : self._at + frames]
        self._at += len(piece)
        return piece

    @property
    def frames(self) -> int:
        return len(self._samples)

    def seek(self, frame: int) -> None:
        self._at = frame

    def close(self) -> None:
        self.closed = True


def started(frames: int, *, paced: bool, loop: bool = False) -> tuple[ReelSource, FakeTime]:
    time = FakeTime()
    source = ReelSource(Ramp(frames), paced=paced, loop=loop, monotonic=time.monotonic, sleep=time.sleep)
    source.start()
    return source, time


def test_unpaced_reads_everything_at_once_and_ends() -> None:
    source, time = started(2_500, paced=False)
    blocks = [source.read(0.1) for _ in range(3)]
    assert not source.ended
    assert source.read(0.1) is None
    assert source.ended
    assert time.now_s == 100.0
    assert [b.frames for b in blocks if b] == [1024, 1024, 452]
    assert [b.index for b in blocks if b] == [0, 1024, 2048]
    assert [b.host_time_s for b in blocks if b] == [b.index / RATE_HZ for b in blocks if b]
    heard = np.concatenate([b.samples for b in blocks if b])
    np.testing.assert_array_equal(heard[:, 0], np.arange(2_500, dtype=np.float32) / 1e6)


def test_a_loop_has_no_seam_and_no_end() -> None:
    source, _ = started(1_500, paced=False, loop=True)
    blocks = [source.read(0.1) for _ in range(5)]
    heard = np.concatenate([b.samples for b in blocks if b])[:, 0]
    np.testing.assert_array_equal(heard, (np.arange(5 * 1024) % 1_500).astype(np.float32) / np.float32(1e6))
    assert not source.ended


def test_a_loop_shorter_than_a_block_and_one_of_nothing() -> None:
    source, _ = started(100, paced=False, loop=True)
    block = source.read(0.1)
    assert block is not None
    assert block.frames == 1024
    empty, _ = started(0, paced=False, loop=True)
    assert empty.read(0.1) is None
    assert empty.ended


def test_paced_blocks_are_due_when_their_last_sample_has_sounded() -> None:
    source, time = started(RATE_HZ * 60, paced=True)
    for _ in range(1_000):
        time.now_s += 0.004  # a reader that works between two readings
        block = source.read(0.1)
        assert block is not None
        end_s = 100.0 + (block.index + block.frames) / RATE_HZ
        assert time.now_s == pytest.approx(end_s, abs=1e-6)
        assert block.host_time_s == pytest.approx(100.0 + block.index / RATE_HZ)


def test_paced_gives_none_within_the_timeout_and_loses_nothing() -> None:
    source, time = started(RATE_HZ, paced=True)
    assert source.read(0.001) is None
    assert time.now_s == pytest.approx(100.001)
    block = source.read(0.1)
    assert block is not None
    assert block.index == 0


def test_a_late_reader_catches_up_without_waiting() -> None:
    source, time = started(RATE_HZ, paced=True)
    time.now_s += 0.5
    count = 0
    while time.now_s == 100.5 and (block := source.read(0.1)) is not None:
        count += 1
        assert block.host_time_s == pytest.approx(100.0 + block.index / RATE_HZ)
    assert count == pytest.approx(0.5 * RATE_HZ / 512, abs=1.5)


def test_after_a_long_sleep_time_goes_on_from_now() -> None:
    source, time = started(RATE_HZ * 10, paced=True)
    source.read(0.1)
    time.now_s += 3_600
    first, second = source.read(0.1), source.read(0.1)
    assert first is not None
    assert second is not None
    assert first.index == 512
    assert first.host_time_s + first.frames / RATE_HZ == pytest.approx(time.now_s, abs=0.02)
    assert second.host_time_s > first.host_time_s


def test_close_ends_it() -> None:
    source, _ = started(5_000, paced=False)
    source.close()
    assert source.read(0.1) is None
    assert source.ended


@pytest.mark.parametrize(
    ("gone_s", "loop", "at"), [(0.25, True, 0.25), (3.1, True, 0.1), (0.25, False, 0.25), (3.1, False, None)]
)
def test_a_reel_is_taken_up_where_it_would_be(gone_s: float, loop: bool, at: float | None) -> None:
    time = FakeTime()
    began_s = time.now_s - gone_s
    source = ReelSource(
        Ramp(RATE_HZ), paced=True, loop=loop, began_s=began_s, monotonic=time.monotonic, sleep=time.sleep
    )
    source.start()
    block = source.read(1.0)
    if at is None:
        assert block is None
        assert source.ended
        return
    assert block is not None
    assert block.index == 0
    assert block.samples[0, 0] * 1e6 == pytest.approx(at * RATE_HZ, abs=1.0)
