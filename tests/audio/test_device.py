"""A live input: found by name, lost, stood in for by silence, found again."""

import threading

import numpy as np
import pytest

from megadance_live.audio.device import DeviceSource
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.errors import AudioSourceError
from tests.audio.fake_audio import CABLE, MIC, PULSE, RATE_HZ, FakeBackend, FakeTime


class Rig:
    """A started source on a fake sound system."""

    def __init__(self, name: str = "pulse", rate_hz: int | None = None) -> None:
        self.time = FakeTime()
        self.backend = FakeBackend(self.time)
        self.source = DeviceSource(
            name, self.backend, rate_hz=rate_hz, monotonic=self.time.monotonic, sleep=self.time.sleep
        )
        self.blocks: list[AudioBlock] = []
        self.statuses: list[str] = []

    def run(self, seconds: float) -> list[AudioBlock]:
        """Read for a while, as an engine does; the blocks of that while."""
        end_s, first = self.time.now_s + seconds, len(self.blocks)
        while self.time.now_s < end_s:
            block = self.source.read(0.05)
            if block is not None:
                self.blocks.append(block)
            if not self.statuses or self.statuses[-1] != self.source.status():
                self.statuses.append(self.source.status())
        return self.blocks[first:]

    def check_stream(self) -> None:
        """No sample number is missing or given twice, host times do not run back, blocks are small."""
        index, host_s = 0, -np.inf
        for block in self.blocks:
            assert block.index == index
            assert 0 < block.frames <= 1024
            assert block.rate_hz == self.source.rate_hz
            assert block.channels == self.source.channels
            assert block.host_time_s >= host_s
            index, host_s = block.index + block.frames, block.host_time_s


@pytest.fixture
def rig() -> Rig:
    rig = Rig()
    rig.source.start()
    return rig


def test_the_input_is_opened_by_name_at_its_own_rate_with_two_channels(rig: Rig) -> None:
    assert rig.source.name == "ALSA: pulse"
    assert rig.backend.opened == [("ALSA: pulse", RATE_HZ, 2)]
    assert not rig.source.ended


def test_a_wished_rate_and_a_mono_input() -> None:
    rig = Rig("built-in", rate_hz=32_000)
    rig.source.start()
    assert rig.backend.opened == [("ALSA: Built-in Microphone", 32_000, 1)]


@pytest.mark.parametrize(
    ("wished_hz", "all_channels", "expected"),
    [(None, False, (48_000, 2)), (96_000, False, (48_000, 2)), (44_100, True, (44_100, 32))],
)
def test_an_input_that_cannot_do_what_is_wished(
    wished_hz: int | None, all_channels: bool, expected: tuple[int, int]
) -> None:
    time = FakeTime()
    backend = FakeBackend(time, all_channels=all_channels)
    source = DeviceSource("pulse", backend, rate_hz=wished_hz, monotonic=time.monotonic, sleep=time.sleep)
    assert (source.rate_hz, source.channels) == expected


def test_samples_arrive_whole_in_order_and_on_time(rig: Rig) -> None:
    blocks = rig.run(2.0)
    rig.check_stream()
    heard = np.concatenate([b.samples for b in blocks])
    np.testing.assert_array_equal(heard[:, 0], np.arange(len(heard), dtype=np.float32) / 1e6)
    assert len(heard) > 1.95 * RATE_HZ
    assert not any(b.overflow or b.lost for b in blocks)
    assert rig.statuses == [""]
    # Sample k of the fake sounds `latency_s` before its packet is ready; polling adds up to 3 ms.
    capture = rig.backend.captures[0]
    for block in blocks[50:]:
        true_s = capture.opened_s + block.index / RATE_HZ - capture.latency_s
        assert block.host_time_s == pytest.approx(true_s, abs=0.004)


def test_nothing_within_the_timeout_is_none(rig: Rig) -> None:
    before_s = rig.time.now_s
    assert rig.source.read(0.005) is None
    assert rig.time.now_s == pytest.approx(before_s + 0.005)


def test_overflow_is_flagged_once(rig: Rig) -> None:
    rig.run(0.5)
    rig.backend.captures[0].overflow_next = True
    assert sum(b.overflow for b in rig.run(0.5)) == 1


def test_a_slow_reader_gets_everything_in_small_blocks(rig: Rig) -> None:
    rig.run(0.2)
    rig.time.now_s += 0.4
    rig.run(0.2)
    rig.check_stream()
    assert not any(b.lost or b.overflow for b in rig.blocks)
    assert sum(b.frames for b in rig.blocks) > 0.75 * RATE_HZ


def test_a_short_stall_is_bridged_with_silence_that_keeps_time(rig: Rig) -> None:
    rig.run(1.0)
    rig.backend.captures[0].alive = False
    stalled = rig.run(1.0)
    assert all(b.lost and not b.samples.any() for b in stalled)
    rig.backend.captures[0].alive = True
    after = rig.run(1.0)
    rig.check_stream()
    assert rig.statuses == ["", 'STALLED: nothing comes from "ALSA: pulse"', ""]
    assert len(rig.backend.opened) == 1
    # The burst of a whole second that comes at the end of the stall is not heard on top of the silence.
    assert sum(b.frames for b in rig.blocks) == pytest.approx(3.0 * RATE_HZ, abs=0.05 * RATE_HZ)
    assert sum(b.overflow for b in after) == 1


def test_a_lost_input_keeps_time_and_comes_back_by_name(rig: Rig) -> None:
    rig.run(1.0)
    rig.backend.unplug(PULSE)
    rig.run(5.0)
    assert rig.source.status() == 'LOST: "ALSA: pulse" has vanished, trying again'
    assert all(b.lost for b in rig.blocks[-100:])
    assert rig.backend.captures[0].closed
    # It comes back under another index, between others: only the name counts.
    rig.backend.present = [CABLE, MIC, PULSE]
    rig.run(15.0)
    rig.check_stream()
    assert rig.source.status() == ""
    assert rig.backend.opened[-1][0] == "ALSA: pulse"
    assert not any(b.lost for b in rig.blocks[-100:])
    assert sum(b.frames for b in rig.blocks) == pytest.approx(21.0 * RATE_HZ, abs=0.06 * RATE_HZ)
    last = rig.blocks[-1]
    capture = rig.backend.captures[-1]
    age_s = rig.time.now_s - (last.host_time_s + last.frames / RATE_HZ)
    assert age_s == pytest.approx(capture.latency_s, abs=0.02)


def test_attempts_back_off_and_the_list_is_refreshed_at_most_every_ten_seconds(rig: Rig) -> None:
    rig.run(0.1)
    rig.backend.broken = True
    rig.backend.captures[0].alive = False
    rig.run(30.0)
    starts_s = np.array(sorted({round(t, 2) for t in rig.backend.attempts_s[1:]}))
    waits_s = np.diff(starts_s)
    np.testing.assert_allclose(waits_s[:6], [0.5, 1, 2, 4, 4, 4], atol=0.06)
    assert len(rig.backend.refreshes_s) >= 2
    assert np.diff(rig.backend.refreshes_s).min() >= 10


def test_another_device_never_stands_in(rig: Rig) -> None:
    rig.run(0.1)
    rig.backend.unplug(PULSE)
    rig.backend.present = [MIC, CABLE, type(PULSE)(3, "pulse monitor", "ALSA", 2, RATE_HZ, default=True)]
    rig.run(20.0)
    assert [name for name, _, _ in rig.backend.opened] == ["ALSA: pulse"]
    assert rig.source.status().startswith("LOST")


def test_reading_goes_on_while_opening_hangs(rig: Rig) -> None:
    rig.run(0.1)
    rig.backend.captures[0].alive = False
    rig.backend.gate = threading.Event()
    rig.time.settle = False
    blocks = rig.run(8.0)
    assert sum(b.frames for b in blocks if b.lost) > 7 * RATE_HZ
    assert len(rig.backend.attempts_s) == 2
    rig.backend.gate.set()
    rig.time.settle = True
    rig.run(2.0)
    assert rig.source.status() == ""
    rig.check_stream()


def test_the_wait_for_the_first_sound_is_not_made_up_for(rig: Rig) -> None:
    """A dance to silence that has passed would only be late."""
    rig.backend.captures[0].alive = False
    started_s = rig.time.now_s
    first = rig.run(1.0)[0]
    assert first.lost
    assert first.host_time_s - started_s == pytest.approx(0.5, abs=0.05)


def test_an_input_that_opens_but_stays_mute_is_opened_again(rig: Rig) -> None:
    rig.backend.captures[0].alive = False
    rig.run(3.0)
    assert rig.source.status() == 'waiting for the first sound from "ALSA: pulse"'
    rig.run(7.0)
    assert len(rig.backend.opened) > 1
    assert rig.source.status() == ""
    rig.check_stream()


def test_silence_before_the_first_sound_is_no_overflow(rig: Rig) -> None:
    rig.backend.captures[0].alive = False
    rig.run(2.0)
    rig.backend.captures[0].alive = True
    rig.run(1.0)
    rig.check_stream()
    assert not any(b.overflow for b in rig.blocks)
    assert len(rig.backend.opened) == 1


def test_close_twice_also_while_reopening(rig: Rig) -> None:
    rig.run(0.1)
    rig.backend.captures[0].alive = False
    rig.backend.gate = threading.Event()
    rig.time.settle = False
    rig.run(4.0)
    rig.source.close()
    rig.source.close()
    rig.backend.gate.set()
    rig.time.settle = True
    rig.time.sleep(0)
    assert all(c.closed for c in rig.backend.captures)
    assert rig.source.read(0.1) is None


def test_an_input_that_cannot_be_opened_is_an_error_at_the_start() -> None:
    rig = Rig()
    rig.backend.broken = True
    with pytest.raises(AudioSourceError, match="cannot be opened"):
        rig.source.start()


def test_an_unknown_input_is_an_error_that_lists_those_there_are() -> None:
    with pytest.raises(AudioSourceError, match=r'no audio input "Scarlett".*"ALSA: pulse".*"ALSA: Cable Out"'):
        Rig("Scarlett")


def test_it_comes_back_after_somebody_else_had_to_close_all_inputs() -> None:
    rig = Rig()
    rig.source.start()
    rig.run(1.0)
    rig.backend.refresh()
    rig.run(4.0)
    assert len(rig.backend.captures) == 2
    assert rig.source.status() == ""
    rig.check_stream()


def test_a_vanished_input_does_not_disturb_another_one_that_is_listened_to() -> None:
    rig = Rig()
    rig.source.start()
    rig.run(1.0)
    rig.backend.unplug(PULSE)
    other = rig.backend.open(CABLE, RATE_HZ, 2)
    rig.run(15.0)
    assert rig.backend.refreshes_s == []
    assert not other.closed
    other.close()
    rig.run(5.0)
    assert rig.backend.refreshes_s
