"""The dancer that ships, driven as a show drives it: the demo track in, poses out."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

import models
from megadance_live.audio.demo import DEMO_RATE_HZ
from megadance_live.audio.demo_cache import load_demo
from megadance_live.core import kinematics
from megadance_live.core.audio_block import AudioBlock
from megadance_live.core.command import Command
from megadance_live.core.cue import Cue
from megadance_live.core.dancer import Dancer
from megadance_live.core.motion import PoseFrame
from megadance_live.core.skeleton import LEFT_FOOT, RIGHT_FOOT
from megadance_live.engine.session import Session

F64 = npt.NDArray[np.float64]

GENRES = {
    "ballet_jazz", "ballet_modern", "breaking", "freestyle", "house", "krump", "la_hiphop", "locking",
    "middle_hiphop", "popping", "salsa", "street_jazz", "waacking",
}  # fmt: skip
FIRST_CUED_BAR = 6
SWITCHES = 50


@cache
def dancer() -> Dancer:
    return models.load()


def dance(seconds: float, cut: int = DEMO_RATE_HZ // 10, start_s: float = 0.0, **options: object) -> list[PoseFrame]:
    """What the audience sees of a Session on the demo track."""
    music = load_demo()
    session = Session(dancer(), DEMO_RATE_HZ, 2, **options)
    seen: list[PoseFrame] = []
    for at in range(0, int(seconds * DEMO_RATE_HZ), cut):
        samples = np.take(music, np.arange(at, at + cut) + int(start_s * DEMO_RATE_HZ), axis=0, mode="wrap")
        for pose in session.push(AudioBlock(samples, DEMO_RATE_HZ, at, at / DEMO_RATE_HZ)):
            while seen and seen[-1].time_s >= pose.time_s:
                seen.pop()
            seen.append(pose)
    return seen


def joints_of(poses: list[PoseFrame]) -> F64:
    """World positions [n, 24, 3]."""
    root = np.stack([pose.root_m for pose in poses]).astype(np.float64)
    quats = np.stack([pose.quats for pose in poses]).astype(np.float64)
    return kinematics.forward(root, quats)[0]


def speeds_of(poses: list[PoseFrame]) -> F64:
    """Greatest joint speed of each step, m/s, [n - 1]."""
    moved = np.linalg.norm(np.diff(joints_of(poses), axis=0), axis=-1)
    step_s = np.diff([pose.time_s for pose in poses])
    return np.asarray((moved / step_s[:, None]).max(axis=1))


@cache
def switching() -> list[PoseFrame]:
    names = sorted(GENRES)
    cues = [Cue(float(FIRST_CUED_BAR + n), Command("expert", names[(5 * n) % len(names)])) for n in range(SWITCHES)]
    return dance(2.0 * (FIRST_CUED_BAR + SWITCHES + 3), cues=cues, expert="house", seed=3)


def first_of_bar(poses: list[PoseFrame], bar: int) -> int:
    return min(range(len(poses)), key=lambda i: abs(poses[i].bars - bar))


def test_the_shipped_dancer_knows_every_genre() -> None:
    assert set(dancer().experts) == GENRES


@pytest.mark.timeout(300)
def test_fifty_cued_switches_each_begin_on_the_very_first_frame_of_their_bar() -> None:
    poses, names = switching(), sorted(GENRES)
    for n in range(SWITCHES):
        index = first_of_bar(poses, FIRST_CUED_BAR + n)
        assert poses[index].bars == pytest.approx(FIRST_CUED_BAR + n, abs=1e-6)
        assert poses[index].expert == names[(5 * n) % len(names)]
        assert poses[index - 1].expert != poses[index].expert


@pytest.mark.timeout(300)
def test_no_switch_is_a_jump() -> None:
    """Joint speed across a switch, from the last frame of the old expert on, is no greater than 1.5 times the 99th
    percentile elsewhere."""
    poses = switching()
    speeds = speeds_of(poses)
    near = np.zeros(len(speeds), bool)
    for n in range(SWITCHES):
        index = first_of_bar(poses, FIRST_CUED_BAR + n)
        near[index - 1 : index + 5] = True
    usual = np.percentile(speeds[~near], 99)
    assert speeds[near].max() <= 1.5 * usual


@pytest.mark.parametrize("cut", [64, 1000, 48_000])
def test_the_dance_does_not_depend_on_how_the_audio_is_cut(cut: int) -> None:
    cues = [Cue(2.0, Command("expert", "krump"))]
    plain = dance(7.0, 480, cues=cues, seed=5)
    other = dance(7.0, cut, cues=cues, seed=5)
    shared = min(len(plain), len(other))
    assert shared > 180
    for a, b in zip(plain[:shared], other[:shared], strict=True):
        assert (a.time_s, a.bars, a.expert) == (b.time_s, b.bars, b.expert)
        assert np.array_equal(a.quats, b.quats)
        assert np.array_equal(a.root_m, b.root_m)


def test_another_seed_is_another_dance_and_the_same_seed_the_same() -> None:
    first, again, other = (dance(6.0, expert="popping", seed=seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a.quats, b.quats) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a.quats, b.quats) for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("genre", ["house", "krump", "ballet_modern"])
def test_it_moves_like_somebody_who_stands_on_a_floor(genre: str) -> None:
    joints = joints_of(dance(12.0, expert=genre, seed=2))[60:]
    assert np.isfinite(joints).all()
    feet = joints[:, [LEFT_FOOT, RIGHT_FOOT], 1]
    assert feet.min() > -0.05
    assert np.median(feet.min(axis=1)) < 0.06
    assert 0.6 < np.median(joints[:, 0, 1]) < 1.1
    spread = joints[:, :, 1] - joints[:, :1, 1]
    assert spread.std(axis=0).max() > 0.03


def test_genres_differ_more_than_takes_of_one_genre() -> None:
    """How fast each joint moves and how high it is held, which way one faces aside."""

    def figure(genre: str, seed: int) -> F64:
        poses = dance(16.0, expert=genre, seed=seed, start_s=12.0)[90:]
        joints = joints_of(poses)
        local = joints - joints[:, :1]
        speed = np.linalg.norm(np.diff(local, axis=0), axis=-1).mean(axis=0) * 30
        return np.concatenate([speed, local[..., 1].mean(axis=0), local[..., 1].std(axis=0)])

    krump, ballet = ([figure(genre, seed) for seed in (1, 2)] for genre in ("krump", "ballet_modern"))
    within = max(np.linalg.norm(krump[0] - krump[1]), np.linalg.norm(ballet[0] - ballet[1]))
    between = np.mean([np.linalg.norm(a - b) for a in krump for b in ballet])
    assert between > within


def test_a_bar_danced_again_has_the_same_moves() -> None:
    """Local rotations on the same places of the bar, without the first beat, in which the bars are joined."""

    def apart_rad(poses: list[PoseFrame], first: int, second: int) -> float:
        bars = [
            np.stack([p.quats[1:] for p in poses if bar + 0.25 - 1e-6 < p.bars < bar + 1 - 1e-6])
            for bar in (first, second)
        ]
        n = min(len(bar) for bar in bars)
        alike = np.abs((bars[0][:n].astype(np.float64) * bars[1][:n]).sum(axis=-1)).clip(0, 1)
        return float(2 * np.arccos(alike).mean())

    poses = dance(18.0, cues=[Cue(4.0, Command("again"))], expert="house", seed=3)
    usual = np.median([apart_rad(poses, bar, bar + 1) for bar in (2, 3, 5, 6)])
    assert apart_rad(poses, 4, 5) < 0.3 * usual


def test_the_ghost_of_an_armed_expert_changes_nothing() -> None:
    cues = [Cue(4.0, Command("expert", "krump"))]
    for a, b in zip(dance(10.0, cues=cues), dance(10.0, cues=cues, ghost=True), strict=True):
        assert (a.time_s, a.bars, a.expert) == (b.time_s, b.bars, b.expert)
        assert np.array_equal(a.quats, b.quats)
        assert np.array_equal(a.root_m, b.root_m)
