"""The whole chain: the contract of a stage, broken input, cuts, hours."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from megadance_live.core.control import Control
from megadance_live.core.motion import FRAME_RATE_HZ, PoseFrame, RawMotion
from megadance_live.core.stage import StageSpec
from megadance_live.motion.leash import Leash
from megadance_live.motion.post import PostProcessor, PostState
from tests.contract import same_bits, verify_contract
from tests.motion.moves import CONTROL, changed, dance, joined, places, run, speeds, standing


class _Frames:
    """PostProcessor as a stage over lists of (frame number, RawMotion, expert)."""

    def __init__(self, control: Control) -> None:
        self._post, self._control = PostProcessor(), control

    @property
    def spec(self) -> StageSpec:
        return self._post.spec

    def initial_state(self) -> PostState:
        return self._post.initial_state()

    def step(self, x: list[tuple[int, RawMotion, str]], state: PostState) -> tuple[list[PoseFrame], PostState]:
        out = []
        for i, raw, expert in x:
            pose, state = self._post.step(raw, i / FRAME_RATE_HZ, i / 60, expert, self._control, state)
            out.append(pose)
        return out, state


@pytest.mark.parametrize(
    "control", [CONTROL, replace(CONTROL, energy=1.7, mirror=True, smooth_s=0.1)], ids=["plain", "all stages"]
)
def test_contract(control: Control) -> None:
    def frames(seed: int) -> list[tuple[int, RawMotion, str]]:
        raw = dance(120, seed)
        return [(i, raw.frame(i), "house" if i // 25 % 2 else "krump") for i in range(len(raw))]

    poses = verify_contract(_Frames(control), frames, cuts=((1,), (7,), (1, 0, 30)))
    assert len(poses) == 120


def test_replay_from_any_saved_state() -> None:
    post, raw = PostProcessor(), dance(60)
    state, saved, poses = post.initial_state(), [], []
    for i in range(60):
        saved.append(pickle.dumps(state))
        pose, state = post.step(raw.frame(i), i / 30, i / 60, "house" if i < 30 else "krump", CONTROL, state)
        poses.append(pose)
    for i in range(0, 60, 7):
        again, _ = post.step(
            raw.frame(i), i / 30, i / 60, "house" if i < 30 else "krump", CONTROL, pickle.loads(saved[i])
        )
        assert same_bits(again, poses[i])


def test_what_comes_out() -> None:
    pose = run(dance(5))[-1]
    assert (pose.time_s, pose.bars, pose.expert) == (4 / 30, 4 / 60, "house")
    for array, shape in ((pose.root_m, (3,)), (pose.quats, (24, 4)), (pose.contacts, (4,))):
        assert array.shape == shape
        assert array.dtype == np.float32


def test_untouched_joints_pass_bit_for_bit() -> None:
    raw = dance(40)
    arms = [13, 14, 16, 17, 18, 19, 20, 21]
    for i, pose in enumerate(run(raw)):
        assert pose.quats[arms].tobytes() == raw.quats[i, arms].tobytes()


@pytest.mark.parametrize("worst", [np.nan, np.inf, -np.inf, 0.0, 1e30])
def test_nothing_broken_leaves(worst: float) -> None:
    raw = dance(90)
    for field, at in (("quats", 20), ("height_m", 30), ("velocity", 40), ("yaw_rate", 50), ("contacts", 60)):
        values = getattr(raw, field).copy()
        values[at : at + 5] = worst
        raw = changed(raw, **{field: values})
    for pose in run(raw):
        assert np.isfinite(pose.root_m).all()
        assert np.allclose(np.linalg.norm(pose.quats, axis=1), 1.0, atol=1e-5)
        assert ((pose.contacts >= 0) & (pose.contacts <= 1)).all()
        assert 0.0 <= pose.root_m[1] <= 2.5


def test_broken_from_the_first_frame() -> None:
    raw = dance(10)
    raw = changed(raw, quats=np.full_like(raw.quats, np.nan), height_m=np.full_like(raw.height_m, np.nan))
    for pose in run(raw):
        assert np.allclose(pose.quats[:, 3], 1.0, atol=0.2)


def test_after_a_broken_stretch_the_body_does_not_jump() -> None:
    raw = dance(120)
    quats = raw.quats.copy()
    quats[40:70] = np.nan
    broken = speeds(run(changed(raw, quats=quats)))
    assert broken.max() < 1.5 * speeds(run(raw)).max()


def test_one_frame_at_a_time() -> None:
    post = PostProcessor()
    with pytest.raises(ValueError, match="one frame"):
        post.step(dance(2), 0.0, 0.0, "house", CONTROL, post.initial_state())


def test_ten_minutes_of_drift_stay_on_the_stage() -> None:
    rng = np.random.default_rng(3)
    frames = 10 * 60 * FRAME_RATE_HZ
    base = dance(900)
    raw = joined(*[base] * (frames // 900))
    walk = np.cumsum(rng.normal(0, 0.01, (frames, 2)), axis=0)
    velocity = raw.velocity + 0.01 * np.sin(walk) + [0.01, 0.02]
    raw = changed(raw, velocity=velocity, yaw_rate=raw.yaw_rate + 0.004)
    leash = Leash()
    poses = run(raw, post=PostProcessor(leash))
    root = np.stack([pose.root_m for pose in poses])
    assert np.isfinite(root).all()
    assert np.hypot(root[:, 0], root[:, 2]).max() <= leash.hard_m + 1e-3
    assert all(np.isfinite(pose.quats).all() for pose in poses)


def _unlike(frames: int, seed: int) -> RawMotion:
    """Another dance, with its arms somewhere else altogether."""
    raw = dance(frames, seed)
    rng = np.random.default_rng(seed)
    quats = raw.quats.copy()
    for joint in (16, 17, 18, 19):
        turn = rng.normal(0, 0.7, 3)
        half = np.linalg.norm(turn) / 2
        quats[:, joint] = [*(turn / (2 * half) * np.sin(half)), np.cos(half)]
    return changed(raw, quats=quats)


def test_fifty_switches_are_not_faster_than_the_dance() -> None:
    piece, count = 60, 51
    raw = joined(*(_unlike(piece, seed) for seed in range(count)))
    experts = [f"e{i // piece}" for i in range(len(raw))]
    poses = run(raw, experts=experts)
    assert [pose.expert for pose in poses] == experts  # the first frame after the bar line is the new one's
    speed = speeds(poses)
    near = np.zeros(len(speed), bool)
    for cut in range(piece, len(raw), piece):
        near[cut - 1 : cut + 14] = True
    assert speed[near].max() <= 1.5 * np.percentile(speed[~near], 99)


@pytest.mark.parametrize("crossfade_s", [0.0, 0.35, 1.0])
def test_a_cut_ends_on_the_new_motion(crossfade_s: float) -> None:
    old, new = _unlike(60, 1), _unlike(200, 2)
    poses = run(joined(old, new), replace(CONTROL, crossfade_s=crossfade_s), ["a"] * 60 + ["b"] * 200)
    arms = [16, 17]
    assert np.abs(poses[60].quats[arms] - poses[59].quats[arms]).max() < 0.1
    assert poses[-1].quats[arms].tobytes() == new.quats[-1, arms].tobytes()


def test_cuts_in_every_frame_stay_calm() -> None:
    poses = run(dance(200), experts=[str(i) for i in range(200)])
    assert speeds(poses).max() < 5.0
    assert np.allclose(np.linalg.norm(poses[-1].quats, axis=1), 1.0, atol=1e-5)


def test_rebase_carries_over_a_jump_of_the_same_expert() -> None:
    post = PostProcessor()
    state = post.initial_state()
    old, new = _unlike(60, 1), _unlike(60, 2)
    for i in range(60):
        before, state = post.step(old.frame(i), i / 30, i / 60, "house", CONTROL, state)
    plain, _ = post.step(new.frame(0), 2.0, 1.0, "house", CONTROL, state)
    carried, _ = post.step(new.frame(0), 2.0, 1.0, "house", CONTROL, post.rebase(state))
    arms = [16, 17]
    assert np.abs(plain.quats[arms] - before.quats[arms]).max() > 0.2
    assert np.abs(carried.quats[arms] - before.quats[arms]).max() < 0.1


def test_mirror_is_carried_over_and_then_exact() -> None:
    raw = standing(150)
    quats = raw.quats.copy()
    quats[:, 16] = [0.0, 0.0, np.sin(-0.5), np.cos(-0.5)]  # left arm down
    raw = changed(raw, quats=quats)
    post = PostProcessor()
    state = post.initial_state()
    poses = []
    for i in range(150):
        pose, state = post.step(raw.frame(i), i / 30, i / 60, "house", replace(CONTROL, mirror=i >= 50), state)
        poses.append(pose)
    assert speeds(poses).max() < 4.0
    assert np.allclose(poses[-1].quats[17], [0.0, 0.0, np.sin(0.5), np.cos(0.5)], atol=1e-6)
    assert np.allclose(poses[-1].quats[16], [0.0, 0.0, 0.0, 1.0], atol=1e-6)


def test_time_that_jumps_does_no_harm() -> None:
    post, raw = PostProcessor(), dance(6)
    state = post.initial_state()
    for i, time_s in enumerate((0.0, 10.0, 9.0, 9.0, -5.0, 1e9)):
        pose, state = post.step(raw.frame(i), time_s, 0.0, str(i), CONTROL, state)
        assert np.isfinite(pose.quats).all()


def test_feet_stay_above_the_floor() -> None:
    raw = dance(300)
    joints = places(run(changed(raw, height_m=raw.height_m - 0.05)))
    assert joints[:, [10, 11], 1].min() > -1e-4
    assert joints[:, [7, 8], 1].min() > 0.061 - 1e-4
