"""The mixing desk puts sounds where and as loud as it is told."""

import numpy as np
import pytest

from megadance_live.audio.dsp import F32
from megadance_live.audio.mixer import Mix

RATE_HZ = 8_000
CLICK = np.ones(8, np.float32)


def rendered(mix: Mix) -> F32:
    return mix.render(room_s=0.2, echo_s=0.1, high_hz=20_000)


def test_a_sound_starts_at_its_time_and_the_loudest_is_the_peak() -> None:
    mix = Mix(1.0, RATE_HZ)
    mix.add(CLICK, 0.5, 0.3)
    out = rendered(mix)
    assert out.shape == (RATE_HZ, 2)
    assert out.dtype == np.float32
    assert np.abs(out).max() == pytest.approx(0.9, abs=1e-4)
    assert abs(int(np.abs(out[:, 0]).argmax()) - RATE_HZ // 2) < 10


@pytest.mark.parametrize(("pan", "left_louder"), [(-0.8, True), (0.8, False)])
def test_pan(pan: float, left_louder: bool) -> None:
    mix = Mix(0.5, RATE_HZ)
    mix.add(CLICK, 0.2, 0.5, pan=pan)
    left, right = np.abs(rendered(mix)).max(axis=0)
    assert (left > 2 * right) == left_louder


def test_what_lies_outside_is_dropped_and_what_reaches_in_is_heard() -> None:
    mix = Mix(0.5, RATE_HZ)
    mix.add(CLICK, -5.0, 1.0)
    mix.add(CLICK, 9.0, 1.0)
    assert not rendered(mix).any()
    mix.add(np.ones(1_000, np.float32), -0.1, 1.0)
    assert np.abs(rendered(mix)[:150]).max() > 0.5


def test_a_loop_wraps_what_rings_on_and_what_begins_early() -> None:
    long = np.ones(1_600, np.float32)
    looped, plain = Mix(0.5, RATE_HZ, loop=True), Mix(0.5, RATE_HZ)
    for mix in (looped, plain):
        mix.add(long, 0.4, 1.0)
    assert np.abs(rendered(looped)[:700]).mean() > 3 * np.abs(rendered(plain)[:700]).mean()
    early = Mix(0.5, RATE_HZ, loop=True)
    early.add(CLICK, -0.001, 1.0)
    assert np.abs(rendered(early)[-10:]).max() > 0.5


def test_ducking_presses_the_music_down_but_not_the_drums() -> None:
    tone = np.sin(np.arange(4_000) * 0.3).astype(np.float32)
    levels = {}
    for drums in (False, True):
        mix = Mix(0.5, RATE_HZ)
        mix.add(tone, 0.0, 0.3, drums=drums)
        mix.duck(0.25, 0.9, 0.2)
        out = rendered(mix)
        levels[drums] = np.std(out[2_050:2_200]) / np.std(out[500:1_500])
    assert levels[False] < 0.4
    assert levels[True] == pytest.approx(1, abs=0.1)


def test_a_cut_note_is_released() -> None:
    mix = Mix(0.5, RATE_HZ)
    mix.add(np.sin(np.arange(4_000) * 0.3).astype(np.float32), 0.0, 0.5, length_s=0.1, release_s=0.01)
    out = np.abs(rendered(mix))
    assert out[700].max() < 0.9
    assert out[1_000:].max() < 0.02


def test_sends_ring_on() -> None:
    dry, wet = Mix(0.5, RATE_HZ), Mix(0.5, RATE_HZ)
    dry.add(CLICK, 0.0, 0.5)
    wet.add(CLICK, 0.0, 0.5, room=0.5, echo=0.5)
    assert np.abs(rendered(dry)[1_000:]).max() < 0.01
    assert np.abs(rendered(wet)[1_000:]).max() > 0.02


def test_silence_stays_silence() -> None:
    assert not rendered(Mix(0.1, RATE_HZ)).any()
    assert rendered(Mix(0.0, RATE_HZ)).shape == (0, 2)
