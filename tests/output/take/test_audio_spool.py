"""Audio stays at its stream time, whatever comes in."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import soundfile

from megadance_live.core.audio_block import AudioBlock
from megadance_live.output.take.audio_spool import AudioSpool, SpooledAudio, write_flac
from tests.output.take.takes import block


def spool(path: Path, blocks: list[AudioBlock]) -> tuple[np.ndarray, list[str]]:
    """What is on disk after the blocks, [n, channels], and the notes."""
    audio = AudioSpool(path, blocks[0])
    notes = [note for b in blocks for note in audio.write(b)]
    audio.close()
    return np.fromfile(path, "<f4").reshape(-1, audio.channels), notes


def test_blocks_follow_each_other_sample_by_sample(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    cuts = np.cumsum(rng.integers(1, 1200, 40))
    ragged = [block(int(a), int(b - a)) for a, b in pairwise(cuts)]
    samples, notes = spool(tmp_path / "a", ragged)
    assert not notes
    assert np.array_equal(samples, block(int(cuts[0]), int(cuts[-1] - cuts[0])).samples)


def test_lost_audio_becomes_silence_and_what_follows_keeps_its_place(tmp_path: Path) -> None:
    samples, notes = spool(tmp_path / "a", [block(0), block(2000, overflow=True), block(2800, lost=True), block(3600)])
    assert np.array_equal(samples[:800], block(0).samples)
    assert not samples[800:2000].any()
    assert np.array_equal(samples[2000:], block(2000, 2400).samples)
    assert [note.split(":")[0] for note in notes] == ["audio missing", "audio overflow", "audio lost"]


def test_samples_that_were_there_already_are_dropped(tmp_path: Path) -> None:
    samples, notes = spool(tmp_path / "a", [block(0), block(400), block(0), block(1200)])
    assert np.array_equal(samples, block(0, 2000).samples)
    assert [note.split(":")[0] for note in notes] == ["audio clock jumped back"]


def test_another_rate_is_resampled_in_place(tmp_path: Path) -> None:
    """A tone goes on through a change of rate and back, in phase with itself."""

    def tone(start_s: float, frames: int, rate_hz: int) -> AudioBlock:
        index = round(start_s * rate_hz)
        t = (index + np.arange(frames)) / rate_hz
        return AudioBlock(0.5 * np.sin(2 * np.pi * 200 * t)[:, None].astype(np.float32), rate_hz, index, 0.0)

    blocks = [tone(k / 10, 800, 8000) for k in range(10)]
    blocks += [tone(1 + k / 10, 1600, 16000) for k in range(10)]
    blocks += [tone(2 + k / 10, 800, 8000) for k in range(10)]
    samples, notes = spool(tmp_path / "a", blocks)
    expected = 0.5 * np.sin(2 * np.pi * 200 * np.arange(24000) / 8000)
    assert len(samples) == 24000
    seams = np.abs(np.arange(24000) - 8000) < 200, np.abs(np.arange(24000) - 16000) < 200
    inside = ~(seams[0] | seams[1])
    assert np.abs(samples[inside, 0] - expected[inside]).max() < 1e-3
    assert notes == [f"audio rate changed to {rate_hz} Hz: kept at 8000 Hz" for rate_hz in (16000, 8000)]


def test_channels_follow_the_first_block(tmp_path: Path) -> None:
    samples, _ = spool(tmp_path / "a", [block(0), block(800, channels=1), block(1600, channels=4)])
    assert np.array_equal(samples, block(0, 2400).samples)
    many, _ = spool(tmp_path / "b", [block(0, channels=12)])
    assert many.shape == (800, 8)


def test_samples_that_are_not_numbers_become_silence(tmp_path: Path) -> None:
    bad = np.array([[np.nan], [np.inf], [-np.inf], [0.5]], np.float32)
    samples, _ = spool(tmp_path / "a", [AudioBlock(bad, 8000, 0, 0.0)])
    assert samples[:, 0].tolist() == [0.0, 0.0, 0.0, 0.5]


def test_the_flac_holds_the_samples_and_loud_ones_are_clipped(tmp_path: Path) -> None:
    loud = AudioBlock(np.array([[1.5, -1.5], [0.25, -0.25]], np.float32), 44_100, 0, 0.0)
    spool(tmp_path / "a", [loud])
    write_flac(tmp_path / "a.flac", SpooledAudio(tmp_path / "a", 0.0, 44_100, 2))
    read, rate_hz = soundfile.read(tmp_path / "a.flac", dtype="float32")
    assert rate_hz == 44_100
    assert np.abs(read - [[1, -1], [0.25, -0.25]]).max() < 1e-6
    assert soundfile.info(tmp_path / "a.flac").subtype == "PCM_24"
