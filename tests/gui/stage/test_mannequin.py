"""The built-in body."""

import numpy as np
import pytest

from gui.stage.body_mesh import BodyMesh, smooth_normals, strongest
from gui.stage.mannequin import COARSE_M, mannequin
from megadance_live.core.skeleton import JOINT_COUNT, MIRROR_JOINTS, STANDING_PELVIS_M


@pytest.fixture(scope="module")
def body() -> BodyMesh:
    return mannequin(COARSE_M)


def test_it_stands_as_tall_as_a_dancer_does(body: BodyMesh) -> None:
    low, high = body.vertices_m.min(axis=0), body.vertices_m.max(axis=0)
    assert -STANDING_PELVIS_M - 0.04 < low[1] < -STANDING_PELVIS_M
    assert 1.6 < high[1] - low[1] < 1.9
    assert body.floor_m == low[1]


def test_its_surface_is_closed_but_for_the_visor_and_faces_outwards(body: BodyMesh) -> None:
    solid = body.faces[(body.paint[body.faces][..., 3] == 0).all(axis=1)]
    edges = np.sort(np.concatenate([solid[:, [0, 1]], solid[:, [1, 2]], solid[:, [2, 0]]]), axis=1)
    _, counts = np.unique(edges, axis=0, return_counts=True)
    assert (counts % 2 == 0).all()
    corners = body.vertices_m[body.faces]
    outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    agree = np.einsum("ij,ij->i", outward, body.normals[body.faces[:, 0]]) > 0
    assert agree.mean() > 0.99


def test_normals_are_of_unit_length_and_weights_sum_to_one(body: BodyMesh) -> None:
    assert np.allclose(np.linalg.norm(body.normals, axis=1), 1, atol=1e-4)
    assert np.allclose(body.weights.sum(axis=1), 1, atol=1e-5)
    assert body.joints.max() < JOINT_COUNT


def test_left_and_right_are_alike_in_shape_and_not_in_brightness(body: BodyMesh) -> None:
    low, high = body.vertices_m.min(axis=0), body.vertices_m.max(axis=0)
    assert low[0] == pytest.approx(-high[0], abs=0.01)
    main = body.joints[:, 0]
    for joint in (18, 4, 10):
        left, right = (body.paint[main == side, :3].mean() for side in (joint, MIRROR_JOINTS[joint]))
        assert right < 0.9 * left


def test_the_normals_of_a_cube_look_away_from_its_middle() -> None:
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], np.float32)
    faces = np.array([[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1],
                      [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4], [1, 5, 7], [1, 7, 3]], np.uint32)  # fmt: skip
    normals = smooth_normals(corners, faces)
    assert (np.einsum("ij,ij->i", normals, corners) > 1.0).all()


def test_the_strongest_joints_share_what_the_others_lose() -> None:
    weights = np.zeros((2, JOINT_COUNT))
    weights[0, [3, 5, 7, 9, 11]] = [0.4, 0.3, 0.1, 0.1, 0.1]
    joints, shares = strongest(weights)
    assert joints[0].tolist() == [3, 5, 7, 9]
    assert shares[0] == pytest.approx([4 / 9, 3 / 9, 1 / 9, 1 / 9])
    assert shares[1].tolist() == [1, 0, 0, 0]
