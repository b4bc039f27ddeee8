"""The surface of a field of distances as a mesh (naive surface nets, Gibson 1998)."""

from itertools import product

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
U32 = npt.NDArray[np.uint32]

_CORNERS = np.array(list(product((0, 1), repeat=3)))
_EDGES = np.array([(a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(_CORNERS[a] - _CORNERS[b]).sum() == 1])


def surface_nets(field: F32) -> tuple[F32, U32]:
    """Vertices [n, 3], in units of the grid, and triangles [m, 3] (counter-clockwise from outside) where a field
    [x, y, z] goes through zero; it is negative inside, and must be positive at the edges of the grid."""
    inside = field < 0
    x, y, z = (size - 1 for size in field.shape)
    counts = sum(inside[i : i + x, j : j + y, k : k + z].astype(np.uint8) for i, j, k in _CORNERS)
    cells = np.argwhere((counts > 0) & (counts < 8))
    places = cells[:, None, :] + _CORNERS
    values = field[places[..., 0], places[..., 1], places[..., 2]]
    starts, ends = values[:, _EDGES[:, 0]], values[:, _EDGES[:, 1]]
    crossed = (starts < 0) != (ends < 0)
    along = np.where(crossed, starts / np.where(crossed, starts - ends, 1), 0)[..., None]
    crossings = _CORNERS[_EDGES[:, 0]] + along * (_CORNERS[_EDGES[:, 1]] - _CORNERS[_EDGES[:, 0]])
    middle = (crossings * crossed[..., None]).sum(axis=1) / crossed.sum(axis=1, keepdims=True)
    number = np.full((x, y, z), -1, np.int64)
    number[cells[:, 0], cells[:, 1], cells[:, 2]] = np.arange(len(cells))
    faces = [_faces_across(inside, number, axis) for axis in range(3)]
    return (cells + middle).astype(np.float32), np.concatenate(faces).astype(np.uint32)


def _faces_across(inside: npt.NDArray[np.bool_], number: npt.NDArray[np.int64], axis: int) -> npt.NDArray[np.int64]:
    """Two triangles for each edge of the grid along an axis that the surface cuts, between the four cells around."""
    first, last = np.delete(inside, -1, axis), np.delete(inside, 0, axis)
    edges = np.argwhere(first != last)
    leaving = first[edges[:, 0], edges[:, 1], edges[:, 2]]
    u, v = np.eye(3, dtype=np.int64)[[(axis + 1) % 3, (axis + 2) % 3]]
    quad = np.stack([number[tuple((edges - step).T)] for step in (0 * u, u, u + v, v)], axis=1)
    quad = np.where(leaving[:, None], quad, quad[:, ::-1])
    return np.concatenate([quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]])
