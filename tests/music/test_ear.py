import pickle

import numpy as np
import pytest

from megadance_live.core.command import Command
from megadance_live.core.errors import AudioSourceError, ConfigError
from megadance_live.core.music_frame import BEAT, ENERGY_BEAT
from megadance_live.music.ear import Ear, Heard
from megadance_live.music.features import extract
from tests.contract import run, verify_contract
from tests.music.rendering import beat_times, clicks, drums

RATE_HZ = 48_000


def hear(music: np.ndarray, rate_hz: int = RATE_HZ, tracker: str = "aubio") -> list[Heard]:
    ear = Ear(rate_hz, music.shape[1], tracker)
    return run(ear, music, ear.initial_state(), [rate_hz])[0]


def next_beat_error_s(heard: Heard, beats_s: np.ndarray) -> float:
    following = np.ceil(heard.clock.bars * 4) / 4
    return float(np.abs(beats_s - heard.clock.time_of(following)).min())


@pytest.mark.parametrize("rate_hz", [44_100, 48_000])
def test_contract(rate_hz: int) -> None:
    def music(seed: int) -> np.ndarray:
        return np.repeat(drums(118 + 9 * seed, 8, rate_hz, seed=seed), 2, axis=1)

    verify_contract(Ear(rate_hz, 2), music, cuts=((480,), (1000,), (1, 0, 997, 3, 20_480)))


def test_frames_come_thirty_times_a_second_and_never_early() -> None:
    ear = Ear(RATE_HZ, 1)
    state, fed = ear.initial_state(), 0
    music = drums(120, 3)
    index = 0
    for start in range(0, len(music), 100):
        heard, state = ear.step(music[start : start + 100], state)
        fed += 100
        for frame in heard:
            assert frame.music.index == index
            assert frame.music.time_s == pytest.approx((index + 1) / 30)
            assert frame.clock.time_s == pytest.approx(frame.music.time_s)
            assert frame.music.time_s <= fed / RATE_HZ + 1 / 15_360
            index += 1
    assert index == 90


@pytest.mark.parametrize(
    ("render", "bpm", "rate_hz"),
    [(drums, 96, 44_100), (drums, 128, 48_000), (drums, 150, 96_000), (clicks, 125, 48_000)],
)
def test_the_clock_lands_on_the_sounding_beat(render, bpm: float, rate_hz: int) -> None:  # type: ignore[no-untyped-def]
    heard = hear(render(bpm, 25, rate_hz), rate_hz)
    beats_s = beat_times(bpm, 40)
    settled = [frame for frame in heard if frame.music.time_s > 10]
    assert all(frame.clock.state == "locked" for frame in settled)
    assert np.median([next_beat_error_s(frame, beats_s) for frame in settled]) < 0.010
    assert settled[-1].clock.tempo_bpm == pytest.approx(bpm, rel=0.003)
    assert settled[-1].clock.confidence > 0.7


def test_the_bar_begins_where_the_drums_began() -> None:
    heard = hear(drums(120, 20, first_s=1.0))
    bars = heard[-1].clock.bars_at(1.0)
    assert abs(bars - round(bars)) < 0.05


def test_the_beat_column_marks_each_beat_once() -> None:
    heard = hear(drums(125, 25))
    marked_s = np.array([frame.music.time_s for frame in heard if frame.music.features[BEAT] > 0])
    marked_s = marked_s[marked_s > 8]
    beats_s = beat_times(125, 25)
    assert len(marked_s) == pytest.approx(np.count_nonzero(beats_s > 8), abs=1)
    assert all(np.abs(beats_s - (mark - 1 / 60)).min() < 1 / 30 for mark in marked_s)


def test_features_are_those_of_extract() -> None:
    music = drums(120, 4)
    features, silent = extract(music, RATE_HZ)
    heard = np.array([frame.music.features for frame in hear(music)])
    assert heard[-1, ENERGY_BEAT] > 0.3
    heard[:, BEAT] = 0
    heard[:, ENERGY_BEAT:] = 0
    np.testing.assert_array_equal(heard, features)
    assert [frame.music.silent for frame in hear(music)] == list(silent)


def test_silence_then_music_then_silence() -> None:
    pause = np.zeros((5 * RATE_HZ, 1), np.float32)
    heard = hear(np.concatenate([pause, drums(124, 12), pause]))
    assert heard[4 * 30].clock.source == "free"
    assert heard[4 * 30].clock.confidence == 0
    assert heard[16 * 30].clock.state == "locked"
    assert heard[-1].clock.state == "holding"
    assert heard[-1].clock.tempo_bpm == pytest.approx(124, rel=0.005)
    assert heard[-1].music.silent


@pytest.mark.parametrize("value", [np.nan, np.inf, 0.0, 0.9])
def test_a_broken_stream_is_survived(value: float) -> None:
    broken = np.full((RATE_HZ, 1), value, np.float32)
    for frame in hear(np.concatenate([drums(120, 6), broken, drums(120, 3)])):
        assert np.isfinite(frame.music.features).all()
        assert np.isfinite([frame.clock.bars, frame.clock.tempo_bpm, frame.clock.confidence]).all()


def test_the_deaf_ear_is_led_by_hand() -> None:
    ear = Ear(RATE_HZ, 1, "manual")
    heard, state = ear.step(drums(125, 6), ear.initial_state())
    assert heard[-1].clock.source == "free"
    for tap_s in (6.0, 6.5, 7.0, 7.5):
        _, state = ear.step(np.zeros((RATE_HZ // 2, 1), np.float32), state)
        state = ear.command(Command("tap"), tap_s, state)
    assert ear.clock(state).source == "tap"
    assert ear.clock(state).tempo_bpm == pytest.approx(120)
    heard, _ = ear.step(drums(90, 4), state)
    assert heard[-1].clock.tempo_bpm == pytest.approx(120)
    beats = heard[-1].clock.beats_at(7.5)
    assert beats == pytest.approx(round(beats), abs=0.01)


def test_commands_do_not_change_the_state_given() -> None:
    ear = Ear(RATE_HZ, 1)
    _, state = ear.step(drums(125, 4), ear.initial_state())
    saved = pickle.dumps(state)
    ear.command(Command("bpm", 140), 4.0, state)
    ear.command(Command("resync"), 4.0, state)
    assert pickle.dumps(state) == saved


def test_what_is_not_supported_is_refused() -> None:
    with pytest.raises(AudioSourceError):
        Ear(100, 2)
    with pytest.raises(ConfigError):
        Ear(RATE_HZ, 2, "nothing")


def test_gain_changes_what_is_heard_from_its_very_sample_on() -> None:
    music = np.repeat(drums(120, 3), 2, axis=1)
    at = 40_017
    ear = Ear(RATE_HZ, 2)
    first, state = ear.step(music[:at], ear.initial_state())
    rest, _ = ear.step(music[at:], ear.command(Command("gain", -12.0), at / RATE_HZ, state))
    quieter = music.copy()
    quieter[at:] *= np.float32(10 ** (-12 / 20))
    expected = run(ear, quieter, ear.initial_state(), [len(music)])[0]
    assert len(first + rest) == len(expected)
    for heard, wanted in zip(first + rest, expected, strict=True):
        assert np.array_equal(heard.music.features, wanted.music.features)
