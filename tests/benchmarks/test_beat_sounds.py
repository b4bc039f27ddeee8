import numpy as np
import pytest

pytest.importorskip("mir_eval", reason="needs mir_eval (pip install '.[dev]')")

from benchmarks import beat_music
from benchmarks.beat_conditions import CONDITIONS, rows
from benchmarks.beat_music import changing, off_beat_hat
from benchmarks.beat_scores import Clip, Reported, scored
from benchmarks.beat_sounds import SOUNDS
from benchmarks.false_locks import false_lock
from benchmarks.first_locks import locks, summary

RATE_HZ = 44_100
VOICES = ("speech, man", "speech, woman", "speech, German", "speech, fast", "babble", "crowd")
"""espeak-ng breathes as it likes."""


def tone(seconds: float = 4.0) -> Clip:
    t = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    samples = np.column_stack([np.sin(2 * np.pi * 220 * t), np.sin(2 * np.pi * 330 * t)]).astype(np.float32)
    beats_s = np.arange(0, seconds, 0.5)
    return Clip("tone", 0.9 * samples, RATE_HZ, beats_s, beats_s[::4])


@pytest.fixture
def at_a_low_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beat_music, "RATE_HZ", 15_360)


@pytest.mark.parametrize("name", SOUNDS)
def test_sounds_without_a_beat_are_as_loud_as_each_other_and_the_same_each_time(name: str) -> None:
    sound = SOUNDS[name](2 * RATE_HZ, RATE_HZ)
    assert sound.shape == (2 * RATE_HZ,)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() == pytest.approx(0 if name == "digital silence" else 0.5, abs=1e-5)
    if name not in VOICES:
        assert np.array_equal(sound, SOUNDS[name](2 * RATE_HZ, RATE_HZ))


@pytest.mark.parametrize("name", CONDITIONS)
def test_conditions_leave_the_beats_where_they_are(name: str) -> None:
    clip = tone()
    under = CONDITIONS[name](clip)
    assert len(under.samples) / under.rate_hz == pytest.approx(len(clip.samples) / clip.rate_hz, abs=0.01)
    assert under.samples.dtype == np.float32
    assert under.beats_s is clip.beats_s


def test_the_crowd_is_ten_decibels_softer_and_quieter_is_quieter() -> None:
    clip = tone()
    noise = CONDITIONS["crowd"](clip).samples - clip.samples
    ratio = np.mean(clip.samples**2) / np.mean(noise**2)
    assert 10 * np.log10(ratio) == pytest.approx(10, abs=0.1)
    assert np.abs(CONDITIONS["24 dB quieter"](clip).samples).max() == pytest.approx(0.9 / 15.85, rel=0.01)
    assert np.mean(np.abs(CONDITIONS["clipped"](clip).samples) == 1) > 0.5
    assert CONDITIONS["mono"](clip).samples.shape[1] == 1


def test_a_condition_is_told_against_the_clean_clips() -> None:
    clip = Clip("even", np.zeros((1, 1), np.float32), RATE_HZ, np.arange(0.5, 30, 0.5), np.arange(0.5, 30, 2.0))
    right, wrong = (
        scored(clip, Reported(times, times, np.zeros(len(times), np.int64), np.full(len(times), np.nan)))
        for times in (clip.beats_s, clip.beats_s + 0.25)
    )
    clean, worse = rows("one", ("clean", "crowd"), [[right, wrong], [right, wrong]])
    assert clean.startswith("| one | clean | 1.000 | - |")
    assert worse.startswith("| one | crowd | 0.000 | -1.000 (-1.000 to -1.000) |")


@pytest.mark.usefixtures("at_a_low_rate")
def test_music_that_changes_breaks_for_two_bars_and_jumps() -> None:
    music = [changing(n) for n in (0, 12)]
    assert [piece.silent for piece in music] == [False, True]
    for piece in music:
        beats_s = piece.clip.beats_s
        assert {piece.back_s, piece.jump_s} <= set(beats_s)
        before, after = (np.diff(beats_s[beats_s <= piece.jump_s])[-1], np.diff(beats_s)[-1])
        assert 0.07 < abs(np.log(after / before)) < 0.26
        in_break = (beats_s > piece.back_s - 7.5 * before) & (beats_s < piece.back_s - 0.5 * before)
        assert in_break.sum() == (0 if piece.silent else 7)
        assert len(piece.clip.samples) / 15_360 == pytest.approx(beats_s[-1] + after, abs=0.01)
        assert np.abs(piece.clip.samples[:15_000]).max() < 0.01


@pytest.mark.usefixtures("at_a_low_rate")
def test_the_hat_between_the_beats_is_louder_than_the_kick() -> None:
    clip = off_beat_hat(0)
    same = off_beat_hat(0)
    assert np.array_equal(clip.samples, same.samples)
    assert len(clip.beats_s) % 4 == 0
    spectrum_hz = np.fft.rfftfreq(1_024, 1 / 15_360)

    def treble(at_s: np.ndarray) -> float:
        starts = np.round(at_s * 15_360).astype(int)
        parts = np.stack([clip.samples[start : start + 1_024, 0] for start in starts])
        return float((np.abs(np.fft.rfft(parts))[:, spectrum_hz > 4_000] ** 2).sum())

    middle = (clip.beats_s[:-1] + clip.beats_s[1:]) / 2
    assert treble(middle) > 3 * treble(clip.beats_s[:-1])


@pytest.mark.usefixtures("at_a_low_rate")
def test_who_is_always_right_is_right_at_once_and_who_sleeps_never() -> None:
    music = changing(12)

    def knows(times_s: np.ndarray) -> Reported:
        count = len(times_s)
        return Reported(times_s, times_s, np.zeros(count, np.int64), np.full(count, np.nan))

    perfect = locks(music, lambda samples, rate_hz: knows(music.clip.beats_s))
    assert (perfect.first_s, perfect.break_s, perfect.jump_s) == (0, 0, 0)
    assert perfect.kept
    asleep = locks(music, lambda samples, rate_hz: knows(np.zeros(0)))
    assert asleep.first_s == asleep.break_s == asleep.jump_s == np.inf
    assert summary([0.0, 1.0, np.inf]) == "1.0 (inf; 1)"


def test_silence_locks_nothing() -> None:
    greatest, usual, share, per_min, cost = false_lock(np.zeros(48_000, np.float32), "aubio")
    assert (greatest, usual, share, per_min) == (0, 0, 0, 0)
    assert cost > 0
