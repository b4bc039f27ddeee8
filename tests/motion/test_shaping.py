"""Energy, mirror, smoothing and joint limits."""

import numpy as np
import pytest

from megadance_live.core import kinematics, quaternion
from megadance_live.core.motion import RawMotion
from megadance_live.core.skeleton import JOINT_NAMES, MIRROR_JOINTS
from megadance_live.motion.energy import EnergyState, apply_energy
from megadance_live.motion.limits import SOFT_RAD, limited
from megadance_live.motion.local_frame import LocalFrame
from megadance_live.motion.mirror import mirrored
from megadance_live.motion.sanity import sane, standing
from megadance_live.motion.smooth import SmoothState, smooth
from tests.contract import same_bits
from tests.motion.moves import dance


def _frames(raw: RawMotion) -> list[LocalFrame]:
    return [sane(raw.frame(i), standing())[0] for i in range(len(raw))]


def _spread(frames: list[LocalFrame]) -> float:
    """How far the arms range about their mean."""
    arms = np.stack([quaternion.to_axis_angle(f.quats[[16, 17, 18, 19]]) for f in frames])
    return float(arms.std(axis=0).mean())


def _with_energy(frames: list[LocalFrame], energy: float) -> list[LocalFrame]:
    state: EnergyState | None = None
    out = []
    for frame in frames:
        shaped, state = apply_energy(frame, energy, state)
        out.append(shaped)
    return out


def test_energy_one_is_the_dance_itself() -> None:
    frames = _frames(dance(60))
    assert all(a is b for a, b in zip(_with_energy(frames, 1.0), frames, strict=True))


def test_energy_scales_what_is_danced() -> None:
    frames = _frames(dance(600))
    calm, plain, wild = (_spread(_with_energy(frames, e)[200:]) for e in (0.0, 1.0, 2.0))
    assert calm < 0.25 * plain
    assert 1.6 * plain < wild < 2.2 * plain
    quats = np.stack([f.quats for f in _with_energy(frames, 2.0)])
    assert np.allclose(np.linalg.norm(quats, axis=-1), 1.0)


def test_energy_moves_gently() -> None:
    frames = _frames(dance(90))
    _, state = apply_energy(frames[0], 0.0, None)
    for frame in frames[1:]:
        before = state.level
        _, state = apply_energy(frame, 2.0, state)
        assert state.level - before <= 1 / 30 + 1e-9
    assert state.level == 2.0


def test_mirror_twice_is_nothing() -> None:
    frame = _frames(dance(20))[-1]
    assert same_bits(mirrored(mirrored(frame)), frame)


def test_mirror_reflects_the_joints() -> None:
    frame = _frames(dance(20))[-1]
    plain, _ = kinematics.forward(np.zeros(3), frame.quats)
    seen, _ = kinematics.forward(np.zeros(3), mirrored(frame).quats)
    assert np.allclose(seen, plain[list(MIRROR_JOINTS)] * [-1, 1, 1], atol=1e-6)
    assert np.allclose(mirrored(frame).root, frame.root * [1, -1, 1, -1])


def _smoothed(frames: list[LocalFrame], smooth_s: float, state: SmoothState | None = None) -> list[LocalFrame]:
    out = []
    for frame in frames:
        shaped, state = smooth(frame, smooth_s, state)
        out.append(shaped)
    return out


def test_smoothing_off_is_the_dance_itself() -> None:
    frames = _frames(dance(30))
    assert all(a is b for a, b in zip(_smoothed(frames, 0.0), frames, strict=True))


@pytest.mark.parametrize("smooth_s", [0.1, 0.3])
def test_smoothing_delays_by_what_it_says(smooth_s: float) -> None:
    rising = []
    for i in range(300):
        frame = standing()
        root = frame.root.copy()
        root[0] = 0.001 * i
        rising.append(LocalFrame(frame.quats, root, frame.contacts))
    last = _smoothed(rising, smooth_s)[-1]
    assert last.root[0] == pytest.approx(0.001 * (299 - 30 * smooth_s), abs=1e-6)


def test_smoothing_on_and_off_does_not_jump() -> None:
    frames = _frames(dance(200))
    state: SmoothState | None = None
    out = []
    for i, frame in enumerate(frames):
        shaped, state = smooth(frame, 0.2 if 50 <= i < 120 else 0.0, state)
        out.append(shaped)
    fastest = np.abs(np.diff(np.stack([f.quats for f in frames]), axis=0)).max()
    assert np.abs(np.diff(np.stack([f.quats for f in out]), axis=0)).max() < 1.6 * fastest
    assert out[-1] is frames[-1]


def test_limits_leave_what_is_within_them() -> None:
    for frame in _frames(dance(60)):
        assert limited(frame.quats) is frame.quats


@pytest.mark.parametrize("joint", ["left_knee", "right_knee", "left_elbow", "right_elbow", "neck", "left_ankle"])
def test_limits_hold_and_are_smooth(joint: str) -> None:
    """Turned ever further about any axis, the joint stops, and never turns faster than it is turned."""
    index = JOINT_NAMES.index(joint)
    furthest = []
    for axis in np.eye(3):
        quats = np.tile(np.array([0.0, 0.0, 0.0, 1.0]), (24, 1))
        angles = np.linspace(-2.6, 2.6, 261)
        turned = []
        for angle in angles:
            quats[index] = [*(axis * np.sin(angle / 2)), np.cos(angle / 2)]
            result = limited(quats)
            others = np.arange(24) != index
            assert same_bits(result[others], quats[others])
            turned.append(quaternion.to_axis_angle(result[index]) @ axis)
        steps = np.diff(turned)
        assert (steps > -1e-9).all()
        assert steps.max() <= np.diff(angles).max() + 1e-9
        furthest.append(max(turned))
    assert min(furthest) < 1.3


def test_limits_are_mirrored() -> None:
    rng = np.random.default_rng(4)
    for _ in range(50):
        quats = quaternion.from_axis_angle(rng.normal(0, 1.0, (24, 3)))
        frame = LocalFrame(quats, np.zeros(4), np.zeros(4))
        there = limited(mirrored(frame).quats)
        back = mirrored(LocalFrame(limited(quats), np.zeros(4), np.zeros(4))).quats
        assert np.allclose(quaternion.to_matrix(there), quaternion.to_matrix(back), atol=1e-9)


def test_knees_do_not_bend_forward() -> None:
    quats = np.tile(np.array([0.0, 0.0, 0.0, 1.0]), (24, 1))
    quats[4] = [np.sin(-0.75), 0.0, 0.0, np.cos(-0.75)]
    assert quaternion.to_axis_angle(limited(quats)[4])[0] > -0.3 - SOFT_RAD
