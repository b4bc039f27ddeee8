"""The network, the tracker and the clock that ship, together, on music made here."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from megadance_live.audio.composer import compose
from megadance_live.core.command import Command
from megadance_live.music.ear import Ear, Heard
from tests.contract import run
from tests.music.test_clock_states import jumps_unseen

RATE_HZ = 44_100
WINDOW_S = 0.070
SETTLED_S = 8.0
BREAK_BARS = (6, 8)


def beats_of(bpm: float, seconds: float) -> np.ndarray:
    return np.arange(0.4, seconds + 1, 60 / bpm)


@cache
def played(style: str, bpm: float, seconds: float = 18.0) -> np.ndarray:
    return compose(style, beats_of(bpm, seconds), 4, np.random.default_rng(3), RATE_HZ, seconds)


def hear(music: np.ndarray) -> list[Heard]:
    ear = Ear(RATE_HZ, music.shape[1], "megadance")
    return run(ear, music, ear.initial_state(), [RATE_HZ])[0]


def next_beat_s(heard: Heard) -> float:
    beats = heard.clock.beats_at(heard.clock.time_s)
    return heard.clock.time_of(np.ceil(beats) / heard.clock.beats_per_bar)


@pytest.mark.parametrize(("style", "bpm"), [("house", 124.0), ("krump", 92.0)])
def test_the_tempo_is_right_and_beats_are_told_within_70_ms(style: str, bpm: float) -> None:
    heard = [h for h in hear(played(style, bpm)) if h.music.time_s > SETTLED_S]
    assert all(h.clock.state == "locked" for h in heard)
    tempi = np.array([h.clock.tempo_bpm for h in heard])
    assert np.median(tempi) == pytest.approx(bpm, rel=0.02)
    errors_s = np.array([np.abs(beats_of(bpm, 30) - next_beat_s(h)).min() for h in heard])
    assert np.mean(errors_s < WINDOW_S) > 0.95
    assert jumps_unseen([h.clock for h in heard]) == []


def test_after_a_break_of_two_bars_in_the_same_tempo_it_is_locked_at_once() -> None:
    bpm, seconds = 124.0, 20.0
    music = played("house", bpm, seconds).copy()
    first_s, end_s = (beats_of(bpm, seconds)[4 * bar] for bar in BREAK_BARS)
    music[round(first_s * RATE_HZ) : round(end_s * RATE_HZ)] = 0
    heard = hear(music)
    paused = [h for h in heard if first_s < h.music.time_s < end_s and h.music.silent]
    assert len(paused) > 30
    assert {h.clock.state for h in paused} == {"holding"}
    back = [h for h in heard if h.music.time_s > end_s + 0.15]
    assert {h.clock.state for h in back} == {"locked"}
    assert {h.clock.epoch for h in back[:30]} == {paused[0].clock.epoch}
    errors_s = [np.abs(beats_of(bpm, 30) - next_beat_s(h)).min() for h in back]
    assert max(errors_s) < WINDOW_S


def test_noise_after_music_makes_it_hold_or_lose_the_beat_and_never_sure() -> None:
    music = played("house", 124.0)[: 10 * RATE_HZ]
    noise = 0.1 * np.random.default_rng(0).standard_normal((14 * RATE_HZ, 2)).astype(np.float32)
    heard = hear(np.concatenate([music, noise]))
    late = [h for h in heard if h.music.time_s > 20]
    assert late[0].clock.state in ("holding", "lost")
    assert max(h.clock.confidence for h in late) < 0.5
    changes = sum(before.clock.state != after.clock.state for before, after in pairwise(late))
    assert changes <= 4


def test_a_range_of_tempi_decides_between_octaves() -> None:
    music = played("krump", 92.0)
    ear = Ear(RATE_HZ, 2, "megadance")
    state = ear.initial_state()
    for command in (Command("bpm_low", 160.0), Command("bpm_high", 200.0)):
        state = ear.command(command, 0.0, state)
    heard = [h for h in run(ear, music, state, [RATE_HZ])[0] if h.music.time_s > SETTLED_S]
    assert np.median([h.clock.tempo_bpm for h in heard]) == pytest.approx(184, rel=0.02)
