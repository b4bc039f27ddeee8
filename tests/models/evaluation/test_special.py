"""Drift, switches and responses on made-up dances."""

import numpy as np
import pytest

from models.evaluation.drift import MINUTE_FRAMES, drift
from models.evaluation.genre_net import GenreConfig, GenreNet
from models.evaluation.motion import Motion
from models.evaluation.response import BEATS_BEFORE, silence_response, tempo_response
from models.evaluation.switching import switches
from models.evaluation.tables import seen_within_two_bars
from tests.models.evaluation.motions import gliding, motion, pulsing, standing, swaying


def test_a_dance_that_goes_on_as_it_began_does_not_drift() -> None:
    dance = swaying(3 * MINUTE_FRAMES, "house", beats_per_sway=3.7)
    found = drift([dance], bar_s=2.0)
    assert found.finite
    assert found.dances == 1
    assert found.minutes == pytest.approx(3.0)
    assert found.longest_freeze_bars == 0.0
    assert found.diversity_ratio == pytest.approx(1.0, abs=0.1)
    assert found.speed_ratio == pytest.approx(1.0, abs=0.02)
    assert found.farthest_m == pytest.approx(0.0, abs=1e-6)


def test_a_dance_that_freezes_and_walks_away_is_told_of() -> None:
    dance = swaying(2 * MINUTE_FRAMES, "house")
    joints = dance.joints_m.copy()
    joints[MINUTE_FRAMES:] = joints[MINUTE_FRAMES] + np.array([2.0, 0.0, 0.0])
    found = drift([motion(joints)], bar_s=2.0)
    assert found.longest_freeze_bars == pytest.approx(30.0, abs=0.1)
    assert found.speed_ratio == 0.0
    assert found.diversity_ratio == 0.0
    assert found.farthest_m == pytest.approx(2.0)


def test_several_dances_are_one_measure_and_the_worst_is_told() -> None:
    calm, wild = swaying(2 * MINUTE_FRAMES, "house", beats_per_sway=3.7), swaying(2 * MINUTE_FRAMES, "house")
    joints = wild.joints_m.copy()
    joints[MINUTE_FRAMES:] = joints[MINUTE_FRAMES] + np.array([2.0, 0.0, 0.0])
    found = drift([calm, motion(joints)], bar_s=2.0)
    assert found.dances == 2
    assert found.longest_freeze_bars == pytest.approx(30.0, abs=0.1)
    assert found.farthest_m == pytest.approx(2.0)
    assert 0.0 < found.speed_ratio < 1.0
    assert 0.0 < found.diversity_ratio < 1.0


def test_numbers_that_are_not_finite_are_told_of() -> None:
    joints = standing(2 * MINUTE_FRAMES)
    joints[100] = np.nan
    assert not drift([swaying(2 * MINUTE_FRAMES, "house"), motion(joints)], bar_s=2.0).finite


class Oracle(GenreNet):
    """Sees a genre in how high the hands are."""

    def __init__(self) -> None:
        super().__init__(GenreConfig(genres=("house", "krump")))

    def forward(self, local_joints_m):  # type: ignore[no-untyped-def]
        high = local_joints_m[:, :, 20, 1].mean(dim=1)
        logits = local_joints_m.new_zeros(len(high), 2)
        logits[:, 1] = 20 * (high - 0.6)
        return local_joints_m.new_zeros(len(high), 64), logits


def hands_up(from_frame: int, frames: int) -> Motion:
    joints = standing(frames)
    joints[from_frame:, 20, 1] += 1.0
    return motion(joints)


def test_a_switch_is_recognised_where_the_new_genre_is_seen_within_two_bars() -> None:
    found = switches(hands_up(120, 360), ("house", "krump"), (0.0, 120.0), 120.0, Oracle())
    assert found.genres == ("krump",)
    assert found.recognised == (True,)
    assert found.after_s == (2.0,)
    assert found.near_jerk.value > found.other_jerk.value
    late = switches(hands_up(210, 360), ("house", "krump"), (0.0, 120.0), 120.0, Oracle())
    assert late.recognised == (False,)
    assert seen_within_two_bars([found, late])[0] == 0.5


def test_genres_that_the_classifier_does_not_know_are_not_asked_for() -> None:
    found = switches(hands_up(120, 480), ("house", "waltz", "krump"), (0.0, 120.0, 240.0), 120.0, Oracle())
    assert found.genres == ("krump",)
    assert np.isnan(seen_within_two_bars([])[0])


def jumping(late_beats: int) -> tuple[Motion, float]:
    """Somebody who follows the old tempo for some beats after the music has jumped to another."""
    before, after = 18.0, 14.4
    beats = np.concatenate([0.5 + np.arange(30) * before, 0.5 + 30 * before + np.arange(40) * after])
    kept = np.concatenate([0.5 + np.arange(30 + late_beats) * before, beats[beats > 30 * before + late_beats * before]])
    joints = pulsing(int(beats[-1]), kept)
    return motion(joints, beats=beats[: len(beats) - 1]), float(beats[30])


def settled(late_frames: float = 0.0, frames: int = 600) -> Motion:
    """Somebody who has the later tempo from the beginning, perhaps always late."""
    beats = 0.5 + np.arange(int(frames / 14.4)) * 14.4
    return motion(pulsing(frames, beats), beats=beats + late_frames)


def test_who_follows_a_jump_of_tempo_at_once_answers_sooner_than_who_goes_on() -> None:
    prompt, slow = ([jumping(late) for _ in range(3)] for late in (0, 8))
    found = [tempo_response([d for d, _ in set_], [j for _, j in set_], [settled()], 0.48) for set_ in (prompt, slow)]
    assert found[0].before == pytest.approx(1.0, abs=0.02)
    assert found[0].settled == pytest.approx(1.0, abs=0.05)
    assert found[0].response_s < 4.0
    assert found[1].response_s > found[0].response_s + 2.0
    assert len(found[0].curve) > BEATS_BEFORE


def test_what_is_come_back_to_is_the_alignment_of_who_has_settled_at_the_later_tempo() -> None:
    dance, jump = jumping(8)
    found = tempo_response([dance], [jump], [settled(late_frames=3.0)], 0.48)
    assert found.settled == pytest.approx(np.exp(-0.5), abs=0.05)
    assert found.response_s < tempo_response([dance], [jump], [settled()], 0.48).response_s


def test_without_alignment_at_the_later_tempo_there_is_no_response() -> None:
    dance, jump = jumping(0)
    assert np.isnan(tempo_response([dance], [jump], [settled(late_frames=7.2)], 0.48).response_s)


def test_who_stops_with_the_music_answers_to_silence_and_who_goes_on_does_not() -> None:
    stops = gliding(400, (1.0, 0.0, 0.0))
    stops[255:] = stops[255]
    found = silence_response([motion(stops)], 240)
    assert found.response_s == pytest.approx(1.0 + 0.0333, abs=0.07)
    assert found.speed_left == pytest.approx(0.0, abs=1e-9)
    goes_on = silence_response([motion(gliding(400, (1.0, 0.0, 0.0)))], 240)
    assert goes_on.response_s == np.inf
    assert goes_on.speed_left == pytest.approx(1.0)
