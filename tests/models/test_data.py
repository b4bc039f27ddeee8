from pathlib import Path

import numpy as np
import pytest

from megadance_live.core import kinematics, quaternion
from megadance_live.core.conditioning import HEARING_DELAY_HOPS, MUSIC_SIZE, PHASE, condition_from, pool_music
from megadance_live.core.errors import DataError
from megadance_live.core.music_frame import BEAT, DROP, FEATURE_COUNT, KICK
from megadance_live.core.skeleton import STANDING_PELVIS_M
from models.data.beats import beats_from_motion
from models.data.grid import on_grid
from models.data.prepare import prepare
from models.data.prepared import load_prepared
from models.data.sources.folders import load_clips
from models.data.travel import least_sliding, slide_of, travel_from_feet
from models.representation import channels_of, contacts_of, mirror, motion_of
from tests.models.made_up import compose, hear, quats_of, sway, write_data


def test_channels_hold_all_of_the_motion_but_where_it_is_and_where_it_faces() -> None:
    poses, trans = sway(60, 15.0)
    quats = quats_of(poses)
    channels = channels_of(trans, quats)
    raw = motion_of(channels.upper, channels.lower)
    heading = quaternion.yaw(quats[0, 0]) + np.cumsum(raw.yaw_rate)
    turn = quaternion.from_yaw(heading).astype(np.float32)
    world = raw.quats.copy()
    world[:, 0] = quaternion.multiply(turn, raw.quats[:, 0])
    assert np.abs(np.abs((world * quats).sum(-1)) - 1).max() < 1e-5
    step = np.stack([raw.velocity[:, 0], np.zeros(60, np.float32), raw.velocity[:, 1]], axis=-1)
    path = trans[0] + np.cumsum(quaternion.rotate(turn, step), axis=0)
    assert np.abs(path[:, [0, 2]] - trans[:, [0, 2]]).max() < 1e-4
    assert np.abs(raw.height_m - trans[:, 1]).max() < 1e-6


def test_channels_do_not_change_when_the_dance_is_moved_and_turned() -> None:
    poses, trans = sway(40, 15.0)
    quats = quats_of(poses)
    turn = quaternion.from_yaw(np.float32(1.1))
    moved = quaternion.rotate(turn, trans) + np.array([3, 0, -2], np.float32)
    turned = quats.copy()
    turned[:, 0] = quaternion.multiply(turn, quats[:, 0])
    plain, other = channels_of(trans, quats), channels_of(moved.astype(np.float32), turned)
    np.testing.assert_allclose(other.upper, plain.upper, atol=1e-5)
    np.testing.assert_allclose(other.lower, plain.lower, atol=1e-5)


def test_a_mirrored_dance_has_mirrored_joints() -> None:
    poses, trans = sway(30, 15.0)
    plain, _ = kinematics.forward(trans, quats_of(poses))
    mirrored, _ = kinematics.forward(*mirror(trans, quats_of(poses)))
    flipped = plain * np.array([-1, 1, 1])
    np.testing.assert_allclose(mirrored[:, 1], flipped[:, 2], atol=1e-5)
    np.testing.assert_allclose(mirrored[:, 22], flipped[:, 23], atol=1e-5)
    np.testing.assert_allclose(mirrored[:, 15], flipped[:, 15], atol=1e-5)


def test_contacts_need_a_foot_that_is_low_and_slow() -> None:
    poses = np.zeros((20, 24, 3), np.float32)
    still = np.tile(np.array([0, STANDING_PELVIS_M, 0], np.float32), (20, 1))
    standing, _ = kinematics.forward(still, quats_of(poses))
    assert contacts_of(standing).all()
    assert not contacts_of(standing + np.array([0, 0.3, 0], np.float32)).any()
    sliding = standing + np.arange(20, dtype=np.float32)[:, None, None] * np.array([0.05, 0, 0], np.float32)
    assert not contacts_of(sliding)[1:-1].any()


def test_travel_is_read_from_the_feet_when_it_was_taken_away() -> None:
    """A walk of one leg: the standing foot does not move; then the walk's travel is wiped out."""
    frames = 40
    swing = np.linspace(-0.3, 0.3, frames)
    poses = np.zeros((frames, 24, 3), np.float32)
    poses[:, 1, 0] = swing
    poses[:, 7, 0] = -swing
    poses[:, 5, 0] = 1.2
    height = STANDING_PELVIS_M - 0.81 * (1 - np.cos(swing))
    in_place = np.stack([np.zeros(frames), height, np.zeros(frames)], axis=1).astype(np.float32)
    quats = quats_of(poses)
    assert slide_of(in_place, quats) > 0.005
    travelled = travel_from_feet(in_place, quats)
    assert slide_of(travelled, quats) < 0.3 * slide_of(in_place, quats)
    assert abs(travelled[-1, 2] - travelled[0, 2]) > 0.3
    assert slide_of(least_sliding(travelled, quats), quats) <= slide_of(travelled, quats)


@pytest.mark.parametrize("period", [13.0, 15.0, 18.0, 20.0])
def test_beats_are_found_where_the_dance_slows_down(period: float) -> None:
    poses, trans = sway(400, period)
    beats = beats_from_motion(trans, quats_of(poses))
    found = np.diff(beats).mean()
    assert min(abs(found - period), abs(found - period / 2), abs(found - 2 * period)) < 0.4


@pytest.mark.parametrize("period", [13.0, 14.4, 18.0, 22.5])
def test_every_bar_line_is_the_first_frame_of_a_token(period: float) -> None:
    poses, trans = sway(300, period)
    beats = np.arange(0, 300, period, dtype=np.float32)
    grid = on_grid(trans, quats_of(poses), beats)
    assert grid.quats.shape[0] == 4 * len(grid)
    lines = grid.start_s[grid.slot == 0] * 30
    np.testing.assert_allclose(lines, np.arange(len(lines)) * 4 * period, atol=1e-3)
    assert set(grid.slots.tolist()) == {int(period + 0.5)}
    knee = grid.quats[::4][grid.slot == 0, 4]
    # Between two frames the fastest knee is off by a few milliradians.
    assert np.abs(knee[:, 0]).max() < 0.01


def test_a_clip_that_begins_before_its_first_beat_keeps_the_whole_tokens_before_it() -> None:
    poses, trans = sway(200, 15.0)
    grid = on_grid(trans, quats_of(poses), np.arange(50, 200, 15, dtype=np.float32))
    assert grid.start_s[0] * 30 == pytest.approx(2.0)
    assert grid.slot[0] == 3
    assert np.isclose(grid.start_s[grid.slot == 0], 50 / 30, atol=1e-4).any()


def test_prepared_clips_hold_what_was_heard_before_each_token(tmp_path: Path) -> None:
    source = write_data(tmp_path / "data")
    steps = list(prepare(source, tmp_path / "out", compose, hear, renders=2, tempos=0))
    assert [step.done for step in steps] == [1, 2, 3, 4, 5, 6]
    clips = load_prepared(tmp_path / "out")
    assert len(clips) == 6
    for clip in clips:
        assert clip.upper.shape == (2, 4 * clip.tokens, 90)
        assert clip.lower.shape == (2, 4 * clip.tokens, 62)
        assert clip.music().shape == (2, clip.tokens, MUSIC_SIZE)
        assert clip.heard.max() <= clip.features.shape[1]
        assert clip.phase.shape == (clip.tokens, 10)
        assert clip.beats_known
    assert {clip.travel for clip in clips} == {0.6, 1.0}
    # At 100 bpm a bar is 18 tokens: with a delay of two tokens, beats are heard two to four tokens late.
    krump = next(clip for clip in clips if clip.genre == "krump")
    beat = krump.music()[0, :, BEAT]
    late = HEARING_DELAY_HOPS / 4
    expected = {round(4.5 * k + late) for k in range(2, 8)}
    heard = set(np.flatnonzero(beat > 0.5).tolist())
    assert all(heard & {e, e + 1, e + 2} for e in expected if e < krump.tokens - 3)


def test_preparing_goes_on_where_it_was_and_repeats_itself_exactly(tmp_path: Path) -> None:
    source = write_data(tmp_path / "data", clips=3)
    list(prepare(source, tmp_path / "a", compose, hear, renders=1))
    running = prepare(source, tmp_path / "b", compose, hear, renders=1)
    next(running)
    running.close()
    list(prepare(source, tmp_path / "b", compose, hear, renders=1))
    for first, second in zip(load_prepared(tmp_path / "a"), load_prepared(tmp_path / "b"), strict=True):
        np.testing.assert_array_equal(first.features, second.features)
        np.testing.assert_array_equal(first.lower, second.lower)


def test_bad_clips_are_reported_by_name_and_left_out(tmp_path: Path) -> None:
    source = write_data(tmp_path / "data", clips=6)
    poses, trans = sway(240, 15.0)
    fps = np.float32(30)
    np.savez(source / "clip0.npz", poses=poses[:, :20], trans=trans, fps=fps)
    np.savez(source / "clip1.npz", poses=poses * np.nan, trans=trans, fps=fps)
    np.savez(source / "clip2.npz", poses=poses, trans=trans, fps=np.float32(60))
    np.savez(source / "clip3.npz", poses=poses[:10], trans=trans[:10], fps=fps)
    (source / "clip4.npz").write_bytes(b"not an archive")
    clips, skipped = load_clips(source)
    assert [clip.name for clip in clips] == ["clip5.npz"]
    assert [one.name for one in skipped] == [f"clip{n}.npz" for n in range(5)]
    for one, word in zip(skipped, ("shape", "finite", "60", "shorter", "not an npz"), strict=True):
        assert word in one.why


def test_folders_without_data_are_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"manifest\.csv"):
        load_clips(tmp_path)
    with pytest.raises(DataError, match="megadance-live prepare"):
        load_prepared(tmp_path)
    (tmp_path / "x.npz").write_bytes(b"rubbish")
    with pytest.raises(DataError, match="cannot be read"):
        load_prepared(tmp_path)


def test_pooling_takes_maxima_of_events_and_means_of_the_rest() -> None:
    frames = np.zeros((10, FEATURE_COUNT), np.float32)
    frames[-4:, 5] = [1, 2, 3, 4]
    frames[-3, BEAT] = 1
    frames[-2, 0] = 2.5
    pooled = pool_music(frames)
    assert pooled.shape == (MUSIC_SIZE,)
    assert pooled[5] == 2.5
    assert pooled[BEAT] == 1
    assert pooled[39] == 2.5
    frames[-5] = 100
    assert pool_music(frames)[BEAT] == 1


def test_a_condition_begins_as_it_did_when_there_were_39_features() -> None:
    frames = np.random.default_rng(0).random((90, FEATURE_COUNT)).astype(np.float32)
    phase = np.arange(10, dtype=np.float32)
    first = frames[:, :39]
    then = first[-4:].mean(axis=0)
    then[33:35] = first[-4:, 33:35].max(axis=0)
    then = np.concatenate([then, [first[-4:, 0].max()], first[-60:, 35:].mean(axis=0), phase])
    condition = condition_from(pool_music(frames), phase)
    np.testing.assert_allclose(condition[: len(then)], then, rtol=1e-6)
    np.testing.assert_array_equal(condition[PHASE], phase)


def test_what_happens_in_a_moment_is_pooled_by_its_greatest() -> None:
    frames = np.zeros((10, FEATURE_COUNT), np.float32)
    frames[-3, [KICK, DROP]] = 0.8
    condition = condition_from(pool_music(frames), np.zeros(10, np.float32))
    later = condition[PHASE.stop :]
    assert later[0] == np.float32(0.8)
    assert later[DROP - KICK] == pytest.approx(0.2)


def test_clips_of_another_version_are_refused_and_prepared_again(tmp_path: Path) -> None:
    source = write_data(tmp_path / "data", clips=2)
    list(prepare(source, tmp_path / "out", compose, hear, renders=1))
    path = next((tmp_path / "out").glob("*.npz"))
    with np.load(path) as data:
        older = {**data, "format": 3}
    np.savez(path, **older)
    with pytest.raises(DataError, match="other features"):
        load_prepared(tmp_path / "out")
    list(prepare(source, tmp_path / "out", compose, hear, renders=1))
    assert {clip.music().shape[-1] for clip in load_prepared(tmp_path / "out")} == {MUSIC_SIZE}


def test_training_clips_are_danced_at_other_tempi_too(tmp_path: Path) -> None:
    source = write_data(tmp_path / "data", clips=6)
    list(prepare(source, tmp_path / "out", compose, hear, renders=1, tempos=2))
    clips = load_prepared(tmp_path / "out")
    for name in {clip.name for clip in clips}:
        takes = sorted((clip for clip in clips if clip.name == name), key=lambda clip: clip.tempo)
        if takes[0].split == "test":
            assert [take.tempo for take in takes] == [1.0]
            continue
        assert takes[0].tempo < 1.0 < takes[-1].tempo
        tempi = np.array([2 ** take.phase[0, 7] for take in takes])
        own = next(take for take in takes if take.tempo == 1.0)
        np.testing.assert_allclose(tempi / 2 ** own.phase[0, 7], [take.tempo for take in takes], rtol=1e-3)
        assert takes[0].tokens >= takes[-1].tokens
