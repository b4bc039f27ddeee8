import numpy as np

from megadance_live.core.music_frame import FRAME_RATE_HZ
from megadance_live.engine.choreography import LEAD_S
from megadance_live.engine.rehearsal import danced_by_ear, rehearse, settle
from megadance_live.engine.session import Session
from tests.fakes import FakeDancer
from tests.rehearsal import RATE_HZ as CLICKS_RATE_HZ
from tests.rehearsal import clicks, equal, play, shown

RATE_HZ = 15_360
BEATS_S = np.arange(0.0, 14.0, 0.5)


def music(seconds: float) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 0.1, (round(seconds * RATE_HZ), 2)).astype(np.float32)


def test_the_dance_covers_the_music_and_what_lies_a_lead_ahead_of_it() -> None:
    made = rehearse(FakeDancer(), music(6.0), RATE_HZ, BEATS_S, [(0, "house")])
    times = np.array([pose.time_s for pose in made.poses])
    assert times[0] < 0.6
    assert times[-1] > 6.0 + LEAD_S - 2 / FRAME_RATE_HZ
    np.testing.assert_allclose(times[15::15] - times[:-15:15], 0.5, atol=1e-6)  # slower on the beat, but in time
    assert made.compute_s > 0


def test_bar_positions_are_those_of_the_known_beats() -> None:
    made = rehearse(FakeDancer(), music(6.0), RATE_HZ, BEATS_S, [(0, "house")])
    for pose in made.poses:
        assert abs(pose.bars * 2.0 - pose.time_s) < 1e-6


def test_every_voice_speaks_with_the_first_frame_of_its_bar() -> None:
    made = rehearse(FakeDancer(), music(9.0), RATE_HZ, BEATS_S, [(0, "house"), (2, "krump"), (3, "popping")])
    spoken = [(pose.bars, pose.expert) for pose in made.poses]
    for bars, expert in spoken:
        wanted = "house" if bars < 2 - 1e-6 else "krump" if bars < 3 - 1e-6 else "popping"
        assert expert == wanted
    assert {expert for _, expert in spoken} == {"house", "krump", "popping"}


def test_the_same_seed_gives_the_same_dance_and_another_another() -> None:
    first, again, other = (
        rehearse(FakeDancer(), music(4.0), RATE_HZ, BEATS_S, [(0, "house")], seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(
        np.stack([pose.quats for pose in first.poses]), np.stack([pose.quats for pose in again.poses])
    )
    assert any((a.quats != b.quats).any() for a, b in zip(first.poses, other.poses, strict=True))


def test_a_pose_replaces_those_at_its_time_and_after() -> None:
    made = rehearse(FakeDancer(), music(2.0), RATE_HZ, BEATS_S, [(0, "house")])
    poses = list(made.poses)
    settle(poses, made.poses[10])
    assert poses == list(made.poses[:11])


def test_by_ear_what_is_seen_is_what_a_session_shows() -> None:
    music = clicks(4.0)
    found = danced_by_ear(Session(FakeDancer(), CLICKS_RATE_HZ, 2, expert="house"), music, CLICKS_RATE_HZ)
    wanted = shown(play(Session(FakeDancer(), CLICKS_RATE_HZ, 2, expert="house"), music, CLICKS_RATE_HZ // 10))
    assert len(found) > 3.5 * FRAME_RATE_HZ
    assert equal(found, wanted)
