"""Meshes of fields."""

import numpy as np

from gui.stage.surface_nets import surface_nets


def test_the_mesh_of_a_ball_is_round_closed_and_faces_outwards() -> None:
    grid = np.stack(np.meshgrid(*[np.arange(24.0)] * 3, indexing="ij"), axis=-1) - 11.3
    vertices, faces = surface_nets((np.linalg.norm(grid, axis=-1) - 8).astype(np.float32))
    away = np.linalg.norm(vertices - 11.3, axis=1)
    assert np.abs(away - 8).max() < 0.2
    # Euler's formula: a closed surface without holes.
    edges = {tuple(sorted(pair)) for face in faces.tolist() for pair in zip(face, face[1:] + face[:1], strict=True)}
    assert len(vertices) - len(edges) + len(faces) == 2
    corners = vertices[faces] - 11.3
    outward = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert (np.einsum("ij,ij->i", outward, corners[:, 0]) > 0).all()


def test_two_balls_are_two_surfaces() -> None:
    grid = np.stack(np.meshgrid(*[np.arange(30.0)] * 3, indexing="ij"), axis=-1)
    field = np.minimum(np.linalg.norm(grid - 8, axis=-1), np.linalg.norm(grid - 22, axis=-1)) - 4
    vertices, _ = surface_nets(field.astype(np.float32))
    assert len(vertices[vertices[:, 0] < 15]) == len(vertices[vertices[:, 0] > 15]) > 50
