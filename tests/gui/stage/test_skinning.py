"""Poses carried to the mesh."""

from dataclasses import replace

import numpy as np
import pytest

from gui.stage.body_mesh import BodyMesh
from gui.stage.mannequin import COARSE_M, mannequin
from gui.stage.skinning import Rig, skin
from megadance_live.core import kinematics, quaternion
from megadance_live.core.skeleton import JOINT_COUNT, REST_OFFSETS_M, STANDING_PELVIS_M

STANDING_M = np.array([0.3, STANDING_PELVIS_M, -0.2], np.float32)


@pytest.fixture(scope="module")
def body() -> BodyMesh:
    return mannequin(COARSE_M)


def some_pose(seed: int = 1) -> np.ndarray:
    return quaternion.from_axis_angle(np.random.default_rng(seed).normal(0, 0.4, (JOINT_COUNT, 3)).astype(np.float32))


def test_joints_are_where_forward_kinematics_puts_them() -> None:
    quats = some_pose()
    posed = Rig(REST_OFFSETS_M, -STANDING_PELVIS_M).pose(STANDING_M, quats)
    assert np.allclose(posed.joints_m, kinematics.forward(STANDING_M, quats)[0], atol=1e-5)


def test_a_body_at_rest_is_its_rest_shape_on_the_floor(body: BodyMesh) -> None:
    posed = Rig(body.offsets_m, body.floor_m).pose(STANDING_M, quaternion.identity(JOINT_COUNT))
    vertices = skin(body, posed)
    assert vertices[:, 1].min() == pytest.approx(0.0, abs=1e-4)
    moved = vertices - body.vertices_m
    assert np.allclose(moved, moved[0], atol=1e-5)


def test_each_vertex_goes_with_its_joint(body: BodyMesh) -> None:
    quats = some_pose()
    rig = Rig(body.offsets_m, body.floor_m)
    posed, rest = rig.pose(STANDING_M, quats), rig.pose(STANDING_M, quaternion.identity(JOINT_COUNT))
    stiff = np.tile(np.array([[1, 0, 0, 0]], np.float32), (len(body.weights), 1))
    vertices = skin(replace(body, weights=stiff), posed)
    for joint in (0, 4, 15, 18, 20):
        own = body.joints[:, 0] == joint
        before = np.linalg.norm(body.vertices_m[own] + rest.joints_m[0] - rest.joints_m[joint], axis=1)
        after = np.linalg.norm(vertices[own] - posed.joints_m[joint], axis=1)
        assert own.any()
        assert np.allclose(before, after, atol=1e-5)


@pytest.mark.parametrize("longer", [0.85, 1.15])
@pytest.mark.parametrize("bend", [0.0, 0.9])
def test_longer_and_shorter_legs_stand_on_the_same_floor(body: BodyMesh, longer: float, bend: float) -> None:
    offsets = REST_OFFSETS_M.copy()
    offsets[[4, 5, 7, 8]] *= longer
    floor_m = body.floor_m + float(offsets[[4, 7], 1].sum() - REST_OFFSETS_M[[4, 7], 1].sum())
    angles = np.zeros((JOINT_COUNT, 3), np.float32)
    angles[[1, 2], 0], angles[[4, 5], 0], angles[[7, 8], 0] = -bend, 2 * bend, -bend
    quats = quaternion.from_axis_angle(angles)
    usual = Rig(body.offsets_m, body.floor_m).pose(STANDING_M, quats)
    other = Rig(offsets, floor_m).pose(STANDING_M, quats)
    assert other.joints_m[[10, 11], 1] == pytest.approx(usual.joints_m[[10, 11], 1], abs=1e-4)
    assert (other.joints_m[0, 1] > usual.joints_m[0, 1]) == (longer > 1)


def test_four_weights_are_blended(body: BodyMesh) -> None:
    halves = replace(
        body,
        joints=np.tile(np.array([[0, 15, 0, 0]], np.uint32), (len(body.joints), 1)),
        weights=np.tile(np.array([[0.5, 0.5, 0, 0]], np.float32), (len(body.joints), 1)),
    )
    posed = Rig(body.offsets_m, body.floor_m).pose(STANDING_M, some_pose())
    whole = [skin(replace(halves, weights=np.roll(halves.weights * 0 + [[1, 0, 0, 0]], i, 1)), posed) for i in (0, 1)]
    assert np.allclose(skin(halves, posed), (whole[0] + whole[1]) / 2, atol=1e-5)
