from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.command import Command, CommandName, CommandValue
from megadance_live.core.errors import CueError
from megadance_live.music.clock import ClockInput, MusicalClock
from megadance_live.music.clock_state import MusicalState
from megadance_live.music.features import HopFeatures
from megadance_live.music.tracker import Beat
from tests.contract import verify_contract

SOUND = HopFeatures(np.full(39, 0.5, np.float32), False)
SILENCE = HopFeatures(np.zeros(39, np.float32), True)
CLOCK = MusicalClock()


def hops(beats_s: np.ndarray, start_s: float, end_s: float, features: HopFeatures = SOUND) -> list[ClockInput]:
    """Each beat becomes known with the hop after it."""
    inputs = []
    for hop in range(round(start_s * 30), round(end_s * 30)):
        known = beats_s[(beats_s >= hop / 30) & (beats_s < (hop + 1) / 30)]
        inputs.append(ClockInput(tuple(Beat(float(t), 0.5, 1.0) for t in known), features))
    return inputs


def grid(bpm: float, start_s: float = 0.2, end_s: float = 120.0) -> np.ndarray:
    return np.arange(start_s, end_s, 60 / bpm)


def run(inputs: list[ClockInput], state: MusicalState | None = None) -> tuple[list[BarClock], MusicalState]:
    return CLOCK.step(inputs, state or CLOCK.initial_state())


def locked(bpm: float = 125.0, until_s: float = 12.0, start_s: float = 0.2) -> MusicalState:
    return run(hops(grid(bpm, start_s), 0, until_s))[1]


def command(
    state: MusicalState, name: CommandName, value: CommandValue = None, at_s: float | None = None
) -> MusicalState:
    return CLOCK.command(Command(name, value), state.time_s if at_s is None else at_s, state)


def error_s(clock: BarClock, beats_s: np.ndarray) -> float:
    """How far the clock's next beat is from the nearest true one."""
    following = np.ceil(clock.bars * clock.beats_per_bar) / clock.beats_per_bar
    return float(np.abs(beats_s - clock.time_of(following)).min())


def assert_smooth(clocks: list[BarClock], most: float = 0.045) -> None:
    """Never back, never a jump, never faster or slower than allowed, one epoch."""
    assert len({clock.epoch for clock in clocks}) == 1
    for before, clock in pairwise(clocks):
        speed = (clock.bars - before.bars) * clock.bar_s * 30
        assert 1 - most <= speed <= 1 + most


def test_contract() -> None:
    def inputs(seed: int) -> list[ClockInput]:
        rng = np.random.default_rng(seed)
        beats_s = grid(120 + 5 * seed, end_s=30) + rng.normal(0, 0.005, len(grid(120 + 5 * seed, end_s=30)))
        played = hops(beats_s, 0, 25)
        rows = rng.uniform(0, 1, (len(played), 39)).astype(np.float32)
        return [replace(hop, features=HopFeatures(row, False)) for hop, row in zip(played, rows, strict=True)]

    verify_contract(CLOCK, inputs, cuts=((1,), (7, 0, 3), (100,)))


def test_before_anything_is_known_it_runs_free() -> None:
    clocks, _ = run(hops(np.zeros(0), 0, 3))
    assert clocks[-1].tempo_bpm == 120
    assert clocks[-1].confidence == 0
    assert (clocks[-1].source, clocks[-1].state, clocks[-1].epoch) == ("free", "searching", 0)
    assert clocks[-1].bars == pytest.approx(1.5)
    assert clocks[-1].time_s == pytest.approx(3.0)
    assert_smooth(clocks)


@pytest.mark.parametrize("bpm", [88, 110, 125, 140, 168])
def test_it_locks_within_a_few_beats_and_predicts(bpm: float) -> None:
    beats_s = grid(bpm)
    clocks, state = run(hops(beats_s, 0, 15))
    lock_s = next(clock.time_s for clock in clocks if clock.state == "locked")
    assert lock_s < beats_s[4]
    assert clocks[-1].source == "audio"
    assert clocks[-1].epoch == 1
    assert clocks[-1].tempo_bpm == pytest.approx(bpm, rel=0.002)
    assert clocks[-1].confidence > 0.9
    for clock in clocks[150:]:
        assert error_s(clock, beats_s) < 0.004
    # A whole bar ahead.
    assert np.abs(beats_s - state.clock.time_of(np.ceil(state.bars) + 1)).min() < 0.008


def test_jitter_and_outliers_are_smoothed() -> None:
    rng = np.random.default_rng(0)
    true_s = grid(128)
    heard_s = true_s + rng.normal(0, 0.006, len(true_s))
    heard_s[rng.random(len(true_s)) < 0.15] += 0.2
    clocks, _ = run(hops(np.sort(heard_s), 0, 60))
    errors = [error_s(clock, true_s) for clock in clocks[300:]]
    assert np.median(errors) < 0.006
    assert max(errors) < 0.03
    assert_smooth(clocks[300:])


def test_missed_beats_leave_it_running() -> None:
    true_s = grid(128)
    heard_s = np.delete(true_s, np.s_[40:44])
    clocks, _ = run(hops(heard_s, 0, 30))
    assert max(error_s(clock, true_s) for clock in clocks[300:]) < 0.01
    assert_smooth(clocks[300:])


@pytest.mark.parametrize(("heard_bpm", "danced_bpm"), [(62, 124), (70, 140), (200, 100), (260, 130)])
def test_the_tempo_is_folded_into_the_range_of_dance(heard_bpm: float, danced_bpm: float) -> None:
    clocks, _ = run(hops(grid(heard_bpm), 0, 20))
    assert clocks[-1].tempo_bpm == pytest.approx(danced_bpm, rel=0.005)
    # Of a faster grid, every other beat; which, nobody can know.
    assert error_s(clocks[-1], grid(max(heard_bpm, danced_bpm))) < 0.01


def test_a_tempo_that_drifts_over_the_edge_keeps_its_octave() -> None:
    beats_s = 0.2 + np.cumsum(60 / np.linspace(164, 174, 150))
    clocks, _ = run(hops(beats_s, 0, float(beats_s[-1])))
    assert 172 < clocks[-1].tempo_bpm < 175
    assert_smooth(clocks[150:])


def test_a_change_between_octaves_of_the_tracker_moves_nothing() -> None:
    beats_s = np.concatenate([grid(120, 0.2, 10.2), grid(60, 10.2, 25.2), grid(240, 25.2, 40)])
    clocks, _ = run(hops(beats_s, 0, 39))
    assert_smooth(clocks[150:])
    assert error_s(clocks[-1], grid(120, 0.2)) < 0.01


def test_a_slow_change_of_tempo_is_followed_without_a_jump() -> None:
    beats_s = 0.2 + np.cumsum(60 / np.concatenate([np.full(20, 120.0), np.linspace(120, 130, 100), np.full(40, 130.0)]))
    clocks, _ = run(hops(beats_s, 0, float(beats_s[-1])))
    assert clocks[-1].tempo_bpm == pytest.approx(130, rel=0.005)
    assert_smooth(clocks[150:])
    assert max(error_s(clock, beats_s) for clock in clocks[150:-60]) < 0.06


def test_a_hard_cut_is_a_new_epoch_within_seconds() -> None:
    old, new = grid(128, end_s=15), grid(100, 15.1)
    clocks, _ = run(hops(np.concatenate([old, new]), 0, 30))
    after = [clock for clock in clocks if clock.epoch > 1]
    assert after[0].epoch == 2
    assert after[0].time_s < 15.1 + 10 * 0.6
    assert error_s(clocks[-1], new) < 0.01
    assert clocks[-1].epoch == 2


def test_a_short_flip_to_the_off_beat_moves_nothing() -> None:
    true_s = grid(128)
    heard_s = true_s.copy()
    heard_s[30:38] += 30 / 128
    clocks, _ = run(hops(heard_s, 0, 40))
    assert_smooth(clocks[150:])
    assert max(error_s(clock, true_s) for clock in clocks[150:]) < 0.02


def test_three_against_four_must_last_to_be_believed() -> None:
    true_s = grid(96, end_s=30)
    clocks, _ = run(hops(np.concatenate([true_s, grid(128, 30.2, 38)]), 0, 38))
    assert_smooth(clocks[150:])
    assert clocks[-1].tempo_bpm == pytest.approx(96, rel=0.01)


def test_when_the_music_stops_it_holds_and_takes_up_again_without_a_jump() -> None:
    beats_s = grid(125)
    played, gap, again = hops(beats_s, 0, 15), hops(np.zeros(0), 15, 25, SILENCE), hops(beats_s, 25, 40)
    clocks, _ = run(played + gap + again)
    held = clocks[20 * 30]
    assert held.state == "holding"
    assert held.tempo_bpm == pytest.approx(125, rel=0.002)
    assert 0.3 < held.confidence < clocks[14 * 30].confidence
    assert clocks[-1].state == "locked"
    assert_smooth(clocks[150:])
    assert error_s(clocks[-1], beats_s) < 0.01


def test_other_music_after_a_pause_locks_anew_at_once() -> None:
    played, gap = hops(grid(125), 0, 15), hops(np.zeros(0), 15, 20, SILENCE)
    clocks, _ = run(played + gap + hops(grid(150, 20.3), 20, 30))
    relock_s = next(clock.time_s for clock in clocks if clock.epoch == 2)
    assert relock_s < 20.3 + 4 * 0.4 + 0.1


def test_beats_imagined_in_silence_are_not_believed() -> None:
    clocks, _ = run(hops(grid(125), 0, 20, SILENCE))
    assert clocks[-1].source == "free"


def test_music_without_beats_is_lost_but_runs_on() -> None:
    clocks, _ = run(hops(grid(125, end_s=15), 0, 40))
    assert clocks[-1].state == "lost"
    assert clocks[-1].confidence < 0.1
    assert clocks[-1].tempo_bpm == pytest.approx(125, rel=0.002)
    assert_smooth(clocks[300:])


def test_the_bar_begins_where_the_music_began() -> None:
    beats_s = grid(120, 3.0)
    clocks, _ = run(hops(np.zeros(0), 0, 3, SILENCE) + hops(beats_s, 3, 10))
    phase = clocks[-1].bars_at(3.0)
    assert abs(phase - round(phase)) < 0.02


def test_clear_downbeats_move_the_bar_line_once_and_early() -> None:
    beats_s = grid(120, 0.2)
    inputs = hops(beats_s, 0, 60)
    chords = np.eye(12, dtype=np.float32)[[0, 5, 7, 9]]
    accented = []
    for index, hop in enumerate(inputs):
        # The chord changes on the third beat of the grid and every fourth from there: the music began in mid-bar.
        beat = int(np.floor((index / 30 - 0.2) * 2))
        row = np.full(39, 0.3, np.float32)
        row[21:33] = chords[((beat - 2) // 4) % 4]
        accented.append(replace(hop, features=HopFeatures(row, False)))
    clocks, _ = run(accented)
    downbeat = clocks[-1].bars_at(float(beats_s[2]))
    assert abs(downbeat - round(downbeat)) < 0.02
    changes = [clock.time_s for before, clock in pairwise(clocks) if clock.epoch != before.epoch]
    assert len(changes) <= 2
    assert changes[-1] < 25


# The performer


@pytest.mark.parametrize("state", [CLOCK.initial_state(), locked(), command(locked(), "lock", True)])
@pytest.mark.parametrize("bpm", [70, 127, 174])
def test_taps_set_tempo_phase_and_bar(state: MusicalState, bpm: float) -> None:
    start_s = state.time_s + 0.11
    taps_s = start_s + np.arange(4) * 60 / bpm
    for tap_s in taps_s:
        state = command(run(hops(np.zeros(0), state.time_s, tap_s), state)[1], "tap", at_s=float(tap_s))
    assert state.clock.tempo_bpm == pytest.approx(bpm, rel=0.01)
    assert (state.source, state.state, state.confidence) == ("tap", "locked", 1.0)
    assert state.clock.bars_at(taps_s[0]) % 1 == pytest.approx(0, abs=1e-3) or state.owed_beats != 0


def test_uneven_taps_are_averaged_and_a_pause_begins_anew() -> None:
    state = CLOCK.initial_state()
    for tap_s in (0.0, 0.48, 5.0, 5.52, 5.99, 6.51):
        state = command(state, "tap", at_s=tap_s)
    assert len(state.taps_s) == 4
    assert state.clock.tempo_bpm == pytest.approx(120, rel=0.02)


def test_a_bouncing_pad_is_one_tap() -> None:
    state = CLOCK.initial_state()
    for tap_s in (0.0, 0.02, 0.5, 0.53, 1.0, 1.5):
        state = command(state, "tap", at_s=tap_s)
    assert state.clock.tempo_bpm == pytest.approx(120, rel=0.01)


def test_tapped_time_is_refined_by_audio_that_agrees() -> None:
    beats_s = grid(126)
    state = CLOCK.initial_state()
    for tap_s in beats_s[:4] + 0.03:
        state = command(run(hops(np.zeros(0), state.time_s, tap_s), state)[1], "tap", at_s=float(tap_s))
    clocks, state = run(hops(beats_s, state.time_s, 20), state)
    assert state.source == "audio"
    assert error_s(clocks[-1], beats_s) < 0.005
    assert_smooth(clocks)


def test_taps_on_the_off_beat_turn_the_beat_round_and_audio_keeps_the_tempo() -> None:
    beats_s = grid(120)
    state = locked(120, 10.0)
    for tap_s in beats_s[20:24] + 0.25:
        state = command(run(hops(beats_s, state.time_s, tap_s), state)[1], "tap", at_s=float(tap_s))
    clocks, state = run(hops(beats_s, state.time_s, 40), state)
    assert state.source == "audio"
    assert error_s(clocks[-1], beats_s + 0.25) < 0.01
    assert_smooth(clocks)


def test_tapped_time_is_not_overruled_by_audio_that_disagrees_until_unlocked() -> None:
    state = locked(100, 5)
    for tap_s in 5.3 + np.arange(4) * 0.45:
        state = command(state, "tap", at_s=float(tap_s))
    state = run(hops(grid(100), 5, 40), state)[1]
    assert state.source == "tap"
    assert state.clock.tempo_bpm == pytest.approx(60 / 0.45, rel=0.01)
    state = run(hops(grid(100), 40, 52), command(state, "lock", False))[1]
    assert state.source == "audio"
    assert state.clock.tempo_bpm == pytest.approx(100, rel=0.01)


@pytest.mark.parametrize("state", [CLOCK.initial_state(), locked(), command(locked(), "bpm", 99)])
def test_resync_makes_that_instant_a_first_beat(state: MusicalState) -> None:
    at_s = state.time_s - 0.02
    synced = command(state, "resync", at_s=at_s)
    assert synced.clock.bars_at(at_s) == pytest.approx(round(synced.clock.bars_at(at_s)), abs=1e-9)
    assert synced.epoch == state.epoch + 1
    assert synced.period_s == state.period_s


def test_after_resync_the_bar_stays_and_the_beat_follows_the_audio() -> None:
    beats_s = grid(120)
    state = locked(120, 10.0)
    chosen_s = float(beats_s[21])
    state = run(hops(beats_s, 10.0, chosen_s), state)[1]
    state = command(state, "resync", at_s=chosen_s + 0.04)
    clocks, state = run(hops(beats_s, state.time_s, 40), state)
    assert_smooth(clocks)
    bars = clocks[-1].bars_at(chosen_s)
    assert abs(bars - round(bars)) < 0.02


def test_a_bar_line_set_before_anything_was_heard_stands() -> None:
    beats_s = grid(120, 0.2)
    state = run(hops(beats_s, 0, 1.2))[1]
    state = command(state, "resync", at_s=float(beats_s[2]))
    clocks, state = run(hops(beats_s, state.time_s, 15), state)
    assert state.source == "audio"
    bars = clocks[-1].bars_at(float(beats_s[2]))
    assert abs(bars - round(bars)) < 0.02


def test_locked_time_runs_on_through_a_pause() -> None:
    state = command(locked(), "lock", True)
    clocks, _ = run(hops(np.zeros(0), state.time_s, 20, SILENCE) + hops(grid(90), 20, 30), state)
    assert {clock.state for clock in clocks} == {"locked"}
    assert_smooth(clocks, 1e-6)


def test_resync_between_the_beats_turns_the_beat_round_for_good() -> None:
    beats_s = grid(120)
    state = command(locked(120, 10.0), "resync", at_s=float(beats_s[19] + 0.25))
    clocks, _ = run(hops(beats_s, 10.0, 40), state)
    assert error_s(clocks[-1], beats_s + 0.25) < 0.02
    assert clocks[-1].state == "locked"
    assert_smooth(clocks)


@pytest.mark.parametrize("ms", [40.0, -40.0])
@pytest.mark.parametrize("state", [CLOCK.initial_state(), locked()])
def test_nudge_shifts_the_beat_smoothly_and_for_good(state: MusicalState, ms: float) -> None:
    beats_s = grid(125) if state.source == "audio" else np.zeros(0)
    plain, _ = run(hops(beats_s, state.time_s, 20), state)
    nudged, _ = run(hops(beats_s, state.time_s, 20), command(state, "nudge", ms))
    shift_s = (plain[-1].bars - nudged[-1].bars) * plain[-1].bar_s
    assert shift_s == pytest.approx(ms / 1000, abs=0.003)
    assert_smooth(nudged, 0.3)


@pytest.mark.parametrize("state", [CLOCK.initial_state(), locked(), command(locked(), "lock", True)])
def test_bpm_by_hand_keeps_the_place_in_the_bar(state: MusicalState) -> None:
    changed = command(state, "bpm", 133.5)
    assert changed.clock.tempo_bpm == pytest.approx(133.5)
    assert changed.bars == pytest.approx(state.bars)
    assert changed.source == "manual"
    assert changed.confidence == 1.0
    assert changed.epoch == state.epoch


@pytest.mark.parametrize("factor", [0.5, 2])
@pytest.mark.parametrize("state", [CLOCK.initial_state(), locked(), command(locked(), "bpm", 120)])
def test_double_and_half_keep_the_bar_line(state: MusicalState, factor: float) -> None:
    changed = command(state, "bpm_mul", factor)
    assert changed.clock.tempo_bpm == pytest.approx(state.clock.tempo_bpm * factor)
    line_s = state.clock.time_of(np.floor(state.bars))
    assert changed.clock.bars_at(line_s) == pytest.approx(round(changed.clock.bars_at(line_s)), abs=1e-6)
    assert changed.epoch == state.epoch + 1


def test_double_lasts_while_the_audio_is_followed() -> None:
    state = command(locked(100, 10), "bpm_mul", 2)
    clocks, _ = run(hops(grid(100), 10, 30), state)
    assert clocks[-1].tempo_bpm == pytest.approx(200, rel=0.005)
    assert clocks[-1].state == "locked"
    assert_smooth(clocks)


def test_locked_time_follows_nothing() -> None:
    state = command(locked(120, 10), "lock", True)
    clocks, state = run(hops(grid(100, 10.0), 10, 30), state)
    assert clocks[-1].tempo_bpm == pytest.approx(120, rel=0.002)
    assert clocks[-1].held
    assert_smooth(clocks, 1e-6)
    clocks, _ = run(hops(grid(100, 10.0), 30, 40), command(state, "lock", False))
    assert clocks[-1].tempo_bpm == pytest.approx(100, rel=0.01)
    assert not clocks[-1].held


@pytest.mark.parametrize("beats", [3, 5, 6])
@pytest.mark.parametrize("state", [CLOCK.initial_state(), locked(until_s=11.3)])
def test_metre_keeps_the_bar_line(state: MusicalState, beats: int) -> None:
    changed = command(state, "metre", beats)
    assert changed.clock.beats_per_bar == beats
    line_s = state.clock.time_of(np.floor(state.bars))
    assert changed.clock.bars_at(line_s) == pytest.approx(np.floor(state.bars), abs=1e-6)
    assert changed.clock.tempo_bpm == state.clock.tempo_bpm
    assert run(hops(grid(125), changed.time_s, 20), changed)[0][-1].beats_per_bar == beats
    assert command(changed, "metre", beats) == changed


@pytest.mark.parametrize(
    ("name", "value"),
    [("bpm", 0), ("bpm", "fast"), ("bpm", None), ("bpm", float("nan")), ("bpm_mul", 3), ("metre", 0), ("nudge", 1e9)],
)
def test_a_value_that_makes_no_sense_is_refused_in_words(name: CommandName, value: CommandValue) -> None:
    with pytest.raises(CueError, match=name):
        command(locked(), name, value)


def test_other_commands_change_nothing() -> None:
    state = locked()
    assert command(state, "expert", "house") is state
