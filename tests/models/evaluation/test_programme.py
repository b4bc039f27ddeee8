import numpy as np
import pytest

from models.data.clips import Clip
from models.evaluation.programme import (
    PREROLL_BARS,
    Danced,
    motion_of_request,
    request_for,
    request_like,
    token_frames,
)
from models.evaluation.special import JUMP_BEAT, long_request, response_pieces, settled_pieces, walk
from tests.models.evaluation.motions import still_pose
from tests.models.made_up import quats_of, sway


def clip(first_beat: float = 0.0, known: bool = True) -> Clip:
    poses, trans = sway(300, 15.0)
    beats = np.arange(first_beat, 300, 15.0, dtype=np.float32) if known else None
    return Clip("clip.npz", "house", "test", trans, quats_of(poses), beats, True)


@pytest.mark.parametrize("first_beat", [0.0, 7.0, 40.0])
def test_music_for_a_clip_has_its_beats_and_begins_bars_before_it(first_beat: float) -> None:
    request = request_like(clip(first_beat), seed=3)
    beats = request.piece.beats_s
    in_clip = (beats - request.start_s) * 30
    wanted = np.arange(first_beat, 300, 15.0)
    np.testing.assert_allclose(in_clip[np.searchsorted(in_clip, first_beat - 1) :][: len(wanted)], wanted, atol=1e-4)
    # Beat 0 is a downbeat, and so is the first beat of the clip.
    assert np.argmin(np.abs(in_clip - first_beat)) % 4 == 0
    assert beats[0] == 0.0
    assert request.start_s >= PREROLL_BARS * 4 * 0.5 - 1e-6
    assert beats[-1] >= request.piece.duration_s
    assert request.frames == 300
    assert request.beats_known


def test_beats_that_are_guessed_are_not_scored() -> None:
    request = request_like(clip(known=False), seed=0)
    assert not request.beats_known
    assert len(motion_of_request(request, danced(20.0)).beat_frames) == 0


def danced(seconds: float) -> Danced:
    frames = int(seconds * 30)
    root, quats = still_pose(frames)
    root[:, 0] = np.arange(frames) / 30.0
    return Danced(np.arange(frames) / 30.0 + 0.01, root, quats, 1.0)


def test_the_measured_stretch_is_that_of_the_clip_at_thirty_frames_per_second() -> None:
    request = request_for("house", 5.0, seed=0)
    motion = motion_of_request(request, danced(12.0))
    assert len(motion) == 150
    expected = request.start_s - 0.01 + np.arange(150) / 30
    np.testing.assert_allclose(motion.joints_m[:, 0, 0], expected, atol=1e-4)
    on_beat = motion.beat_frames[(motion.beat_frames > -0.5) & (motion.beat_frames < 149)]
    np.testing.assert_allclose(np.diff(on_beat), 30 * 60 / 124, atol=1e-6)


def test_token_frames_begin_with_a_token() -> None:
    made = danced(4.0)
    part = token_frames(made, 1.0)
    assert (120 - len(part)) % 4 == 0
    assert part.joints_m[0, 0, 0] >= 0.97


def test_the_walk_visits_every_genre_on_bar_lines() -> None:
    experts = ("house", "krump", "popping")
    one = walk(experts, seed=1)
    assert sorted(one.genres) == list(experts)
    assert one.request.piece.voices[0] == (0, one.genres[0])
    assert [bar for bar, _ in one.request.piece.voices[1:]] == [4, 6]
    assert one.frames[2] < one.request.frames
    assert walk(experts, seed=1).genres == one.genres


def test_a_genre_may_settle_before_it_is_measured() -> None:
    fast, slow = (walk(("house", "krump", "popping"), seed=1, settling_bars=bars) for bars in (0, 4))
    bar = fast.length / 2
    assert slow.length == fast.length
    assert [bar for bar, _ in slow.request.piece.voices[1:]] == [12, 18]
    np.testing.assert_allclose(slow.frames, np.array([10, 16, 22]) * bar)
    assert slow.frames[2] + slow.length <= slow.request.frames + 1


def test_settled_dances_have_the_later_tempo_as_long_as_the_others_take_for_their_beats() -> None:
    experts = ("house", "krump", "popping")
    for piece, settled in zip(response_pieces(experts), settled_pieces(experts), strict=True):
        np.testing.assert_allclose(np.diff(settled.beats_s), np.diff(piece.beats_s)[-1])
        assert (settled.style, settled.seed, settled.tracked) == (piece.style, piece.seed, True)


def test_the_tempo_jumps_at_one_beat_and_the_music_stops_after() -> None:
    for piece in response_pieces(("house", "krump", "popping")):
        periods = np.diff(piece.beats_s)
        np.testing.assert_allclose(periods[:JUMP_BEAT], 0.6)
        np.testing.assert_allclose(periods[JUMP_BEAT:], 0.48)
        assert piece.silence_s is not None
        assert piece.silence_s[1] == piece.duration_s
        assert piece.tracked


def test_a_long_dance_is_as_long_as_asked() -> None:
    assert long_request("house", 2.0, seed=1).frames == 2 * 60 * 30
