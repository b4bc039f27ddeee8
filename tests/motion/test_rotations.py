"""The quick arithmetic agrees with core/quaternion.py."""

import numpy as np

from megadance_live.core import kinematics, quaternion
from megadance_live.motion import rotations as r
from megadance_live.motion import vectors as v


def _random(count: int, seed: int = 0) -> np.ndarray:
    return quaternion.normalise(np.random.default_rng(seed).normal(size=(count, 4)))


def test_multiply_and_conjugate() -> None:
    a, b = _random(50), _random(50, 1)
    assert np.allclose(r.multiply(a, b), quaternion.multiply(a, b), atol=1e-14)
    assert np.allclose(r.multiply(a, r.conjugate(a)), [0, 0, 0, 1], atol=1e-14)


def test_log_undoes_exp_up_to_a_whole_turn() -> None:
    vectors = np.random.default_rng(2).normal(size=(100, 3))
    vectors *= (np.linspace(0, 2 * np.pi - 0.01, 100) / np.linalg.norm(vectors, axis=1))[:, None]
    assert np.allclose(r.log(r.exp(vectors)), vectors, atol=1e-6)


def test_exp_is_that_of_core() -> None:
    vectors = np.random.default_rng(2).normal(size=(100, 3))
    assert np.allclose(r.exp(vectors), quaternion.from_axis_angle(vectors), atol=1e-12)


def test_shorter_and_toward_keep_the_rotation() -> None:
    q, other = _random(100), _random(100, 5)
    assert (r.shorter(q)[:, 3] >= 0).all()
    assert (np.sum(r.toward(q, other) * other, axis=1) >= 0).all()
    assert np.allclose(quaternion.to_matrix(r.shorter(q)), quaternion.to_matrix(q))


def test_skeleton_is_forward_kinematics() -> None:
    quats = _random(24)
    places, world = r.skeleton(quats)
    expected, expected_world = kinematics.forward(np.zeros(3), quats)
    assert np.allclose(places, expected, atol=1e-9)
    assert np.allclose(world, quaternion.to_matrix(expected_world), atol=1e-9)


def test_tuples_agree_with_arrays() -> None:
    a, b = _random(2)
    assert np.allclose(v.multiply(v.as_quat(a), v.as_quat(b)), quaternion.multiply(a, b))
    assert np.allclose(v.rotate(v.as_quat(a), (1.0, 2.0, 3.0)), quaternion.rotate(a, np.array([1.0, 2.0, 3.0])))
    turn = v.between((1.0, 0.5, 0.0), (0.0, 0.3, 2.0))
    turned = np.array(v.rotate(turn, (1.0, 0.5, 0.0)))
    assert np.allclose(turned / np.linalg.norm(turned), np.array([0, 0.3, 2.0]) / np.hypot(0.3, 2.0))
