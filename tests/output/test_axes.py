from typing import get_args

import numpy as np
import pytest

from megadance_live.core import quaternion
from megadance_live.core.destination import AxesName
from megadance_live.core.errors import DestinationError
from megadance_live.core.kinematics import forward
from megadance_live.core.skeleton import JOINT_COUNT, REST_OFFSETS_M
from megadance_live.output.axes import AXES, axes_named, euler_xyz_deg

RNG = np.random.default_rng(3)
QUATS = quaternion.normalise(RNG.normal(size=(JOINT_COUNT, 4)))
ROOT_M = np.array([0.3, 0.9, -0.4])

# The table as it is published for each target: position and quaternion of SMPL (1, 2, 3) and (1, 2, 3, 4).
TABLE = {
    "smpl": ((1, 2, 3), (1, 2, 3, 4)),
    "unity": ((-1, 2, 3), (1, -2, -3, 4)),
    "unreal_y": ((100, 300, 200), (-1, -3, -2, 4)),
    "unreal_x": ((300, -100, 200), (-3, 1, -2, 4)),
    "blender": ((1, -3, 2), (1, -3, 2, 4)),
    "godot": ((-1, 2, -3), (-1, 2, -3, 4)),
}
LEFT_HANDED = {"unity", "unreal_y", "unreal_x"}


@pytest.mark.parametrize("name", AXES)
def test_positions_and_quaternions_follow_the_table(name: str) -> None:
    position, quat = TABLE[name]
    np.testing.assert_allclose(AXES[name].position(np.array([1.0, 2.0, 3.0])), position)
    np.testing.assert_array_equal(AXES[name].quaternion(np.array([1.0, 2.0, 3.0, 4.0])), quat)


@pytest.mark.parametrize("name", AXES)
def test_a_rotation_becomes_c_r_c_transposed(name: str) -> None:
    axes = AXES[name]
    c = axes.matrix
    assert np.linalg.det(c) == pytest.approx(-1 if name in LEFT_HANDED else 1)
    np.testing.assert_allclose(c @ c.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(
        quaternion.to_matrix(axes.quaternion(QUATS)), c @ quaternion.to_matrix(QUATS) @ c.T, atol=1e-12
    )


@pytest.mark.parametrize("name", AXES)
def test_the_converted_skeleton_stands_where_the_original_stands(name: str) -> None:
    axes = AXES[name]
    expected, _ = forward(ROOT_M, QUATS)
    got, _ = forward(axes.position(ROOT_M), axes.quaternion(QUATS), axes.position(REST_OFFSETS_M))
    np.testing.assert_allclose(got, axes.position(expected), atol=1e-5 * axes.units_per_m)


@pytest.mark.parametrize("name", sorted(LEFT_HANDED | {"blender", "godot"}))
def test_the_same_check_fails_without_the_sign_flips(name: str) -> None:
    """The negative control: quaternions that were not converted put the joints elsewhere."""
    axes = AXES[name]
    expected, _ = forward(ROOT_M, QUATS)
    got, _ = forward(axes.position(ROOT_M), QUATS, axes.position(REST_OFFSETS_M))
    assert np.abs(got - axes.position(expected)).max() > 0.1 * axes.units_per_m


def test_x_is_negated_in_the_skeleton_that_unity_gets() -> None:
    expected, _ = forward(ROOT_M, QUATS)
    unity = AXES["unity"]
    got, _ = forward(unity.position(ROOT_M), unity.quaternion(QUATS), unity.position(REST_OFFSETS_M))
    np.testing.assert_allclose(got, expected * [-1, 1, 1], atol=1e-6)


@pytest.mark.parametrize(
    ("name", "forward_axis"),
    [("unreal_y", (0, 1, 0)), ("unreal_x", (1, 0, 0)), ("blender", (0, -1, 0)), ("godot", (0, 0, -1))],
)
def test_the_character_faces_where_the_target_expects(name: str, forward_axis: tuple[int, int, int]) -> None:
    axes = AXES[name]
    np.testing.assert_allclose(axes.position(np.array([0.0, 0.0, 1.0])) / axes.units_per_m, forward_axis, atol=1e-12)


def _about(axis: int, degrees: np.ndarray) -> np.ndarray:
    vectors = np.zeros((len(degrees), 3))
    vectors[:, axis] = np.deg2rad(degrees)
    return quaternion.from_axis_angle(vectors)


def _rotate_order_xyz(euler: np.ndarray) -> np.ndarray:
    """x applied first, then y, then z: R = Rz Ry Rx."""
    x, y, z = (_about(axis, euler[:, axis]) for axis in range(3))
    return quaternion.multiply(z, quaternion.multiply(y, x))


def test_euler_angles_in_rotate_order_xyz_give_the_rotation_back() -> None:
    quats = quaternion.normalise(RNG.normal(size=(500, 4)))
    again = _rotate_order_xyz(euler_xyz_deg(quats))
    np.testing.assert_allclose(quaternion.to_matrix(again), quaternion.to_matrix(quats), atol=1e-6)


@pytest.mark.parametrize("ry", [90.0, -90.0])
def test_euler_angles_give_the_rotation_back_at_gimbal_lock(ry: float) -> None:
    quats = _rotate_order_xyz(np.array([[20.0, ry, 50.0], [-170.0, ry, 0.0]]))
    euler = euler_xyz_deg(quats)
    np.testing.assert_allclose(euler[:, 1], ry, atol=1e-3)
    np.testing.assert_allclose(quaternion.to_matrix(_rotate_order_xyz(euler)), quaternion.to_matrix(quats), atol=1e-4)


def test_single_turns_keep_their_axis_and_sign() -> None:
    quats = np.concatenate([_about(axis, np.array([30.0])) for axis in range(3)])
    np.testing.assert_allclose(euler_xyz_deg(quats), 30 * np.eye(3), atol=1e-9)


def test_float32_stays_float32() -> None:
    assert euler_xyz_deg(QUATS.astype(np.float32)).dtype == np.float32
    for axes in AXES.values():
        assert axes.quaternion(QUATS.astype(np.float32)).dtype == np.float32
        assert axes.position(ROOT_M.astype(np.float32)).dtype == np.float32


def test_unknown_axes_name_the_choices() -> None:
    with pytest.raises(DestinationError, match=r"axes=maya is not known; choose one of smpl, unity"):
        axes_named("maya")


def test_the_names_of_axes_are_those_a_destination_may_ask_for() -> None:
    assert tuple(AXES) == get_args(AxesName)
