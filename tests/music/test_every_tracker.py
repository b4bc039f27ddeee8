"""What every tracker promises, through the whole ear: the one contract behind `--tracker`."""

import pickle
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from megadance_live.core.command import Command
from megadance_live.core.trackers import TRACKERS
from megadance_live.music.ear import Ear, EarState, Heard
from tests.contract import run, same_bits
from tests.music.rendering import drums

RATE_HZ = 15_360
SECONDS = 8
COMMANDS = (
    Command("tap"),
    Command("resync"),
    Command("nudge", 20.0),
    Command("bpm", 126.0),
    Command("bpm_mul", 0.5),
    Command("bpm_low", 60.0),
    Command("bpm_high", 180.0),
    Command("lock", True),
    Command("lock", False),
    Command("metre", 3),
    Command("follow"),
    Command("gain", -3.0),
)

pytestmark = pytest.mark.parametrize("tracker", TRACKERS)


@cache
def ear_of(tracker: str) -> Ear:
    return Ear(RATE_HZ, 1, tracker)


@cache
def music(seed: int = 0) -> np.ndarray:
    return drums(118 + 11 * seed, SECONDS, RATE_HZ, seed=seed)


@cache
def whole(tracker: str) -> tuple[list[Heard], EarState]:
    ear = ear_of(tracker)
    return run(ear, music(), ear.initial_state())


def is_finite(heard: list[Heard]) -> bool:
    clocks = [(h.music.time_s, h.clock.time_s, h.clock.bars, h.clock.tempo_bpm, h.clock.confidence) for h in heard]
    return bool(np.isfinite(clocks).all())


def test_however_the_sound_is_cut_it_hears_the_same(tracker: str) -> None:
    ear = ear_of(tracker)
    heard, state = whole(tracker)
    for sizes in ([777], [1, 0, 4_000, 3]):
        stepped, stepped_state = run(ear, music(), ear.initial_state(), sizes)
        assert same_bits(stepped, heard)
        following = music(1)[:RATE_HZ]
        assert same_bits(run(ear, following, stepped_state)[0], run(ear, following, state)[0])


def test_a_saved_state_goes_on_bit_for_bit(tracker: str) -> None:
    ear = ear_of(tracker)
    half = RATE_HZ * SECONDS // 2 + 100
    first, state = run(ear, music()[:half], ear.initial_state())
    told = replace(state)
    for command in COMMANDS:
        told = ear.command(command, half / RATE_HZ, told)
    for before in (state, told):
        # As the engine saves it (engine/session.py).
        restored = pickle.loads(pickle.dumps(before))
        rest = run(Ear(RATE_HZ, 1, tracker), music()[half:], restored)[0]
        assert same_bits(rest, run(ear, music()[half:], before)[0])
    assert same_bits(first + run(ear, music()[half:], state)[0], whole(tracker)[0])


def test_what_is_yet_to_sound_changes_nothing_that_was_said(tracker: str) -> None:
    ear = ear_of(tracker)
    heard = whole(tracker)[0]
    for at in (RATE_HZ * 3 + 17, RATE_HZ * 6 + 301):
        others = (music(1), -music(), np.zeros_like(music()), np.random.default_rng(0).standard_normal(music().shape))
        for other in others:
            changed = np.concatenate([music()[:at], other[at:].astype(np.float32)])
            told = [h for h in run(ear, changed, ear.initial_state())[0] if h.music.time_s <= at / RATE_HZ]
            assert len(told) >= at * 30 // RATE_HZ - 4
            assert same_bits(told, heard[: len(told)])


def test_silence_raises_nothing_and_moves_nothing(tracker: str) -> None:
    ear = ear_of(tracker)
    silence = np.zeros((RATE_HZ * 5, 1), np.float32)
    heard, _ = run(ear, silence, ear.initial_state())
    assert {(h.clock.source, h.clock.confidence, h.clock.epoch) for h in heard} == {("free", 0.0, 0)}
    after, _ = run(ear, silence, whole(tracker)[1])
    assert is_finite(after)
    quiet = [h for h in after if h.music.silent]
    assert len(quiet) > 60
    assert {h.clock.epoch for h in quiet} == {quiet[0].clock.epoch}
    assert not any(h.clock.state == "locked" for h in quiet)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: f"{command.name}-{command.value}")
def test_every_command_is_taken_before_and_after_a_lock(tracker: str, command: Command) -> None:
    ear = ear_of(tracker)
    for state, at_s in ((ear.initial_state(), 0.0), (whole(tracker)[1], SECONDS - 0.1)):
        saved = pickle.dumps(state)
        told = ear.command(command, at_s, state)
        assert pickle.dumps(state) == saved, "the state given was changed"
        heard, _ = run(ear, music()[: 2 * RATE_HZ], told)
        assert is_finite(heard)
        assert all(heard[k].clock.bars <= heard[k + 1].clock.bars for k in range(len(heard) - 1)) or (
            len({h.clock.epoch for h in heard}) > 1
        )


@pytest.mark.parametrize("sound", ["silence", "clipped", "broken", "one sample", "very quiet"])
def test_times_are_finite_whatever_is_heard(tracker: str, sound: str) -> None:
    sounds = {
        "silence": np.zeros((RATE_HZ, 1)),
        "clipped": np.sign(music()[:RATE_HZ]),
        "broken": np.full((RATE_HZ, 1), np.nan),
        "one sample": np.eye(RATE_HZ, 1),
        "very quiet": 1e-30 * music()[:RATE_HZ],
    }
    ear = ear_of(tracker)
    heard, _ = run(ear, np.concatenate([sounds[sound].astype(np.float32), music()[: 3 * RATE_HZ]]), whole(tracker)[1])
    assert is_finite(heard)
