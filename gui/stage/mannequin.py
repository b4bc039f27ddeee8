"""The built-in body: rounded parts on the built-in skeleton, melted into one surface."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from gui.stage.body_mesh import F32, U32, BodyMesh, strongest
from gui.stage.surface_nets import surface_nets
from megadance_live.core.skeleton import (
    HEAD,
    JOINT_COUNT,
    LEFT_ANKLE,
    LEFT_ELBOW,
    LEFT_FOOT,
    LEFT_HAND,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    MIRROR_JOINTS,
    NECK,
    PARENTS,
    PELVIS,
    REST_OFFSETS_M,
    SPINE1,
    SPINE2,
    SPINE3,
)

FINE_M, COARSE_M = 0.013, 0.018
MELT_M = 0.011
"""How far parts flow into each other."""
_RIGHT_TONE = 0.72
"""The right side is darker, so that left and right can be told apart."""

Ball = tuple[int, tuple[float, float, float], float]
"""A joint, a place in its frame (m), a radius (m)."""


@dataclass(frozen=True)
class Part:
    """The hulls of each two successive balls. `tone` is its brightness, 0..1; a `skin` is warmer."""

    balls: tuple[Ball, ...]
    tone: float = 0.20
    skin: bool = False


_SKIN = 0.34
_SHOE = 0.58
_LEG = 0.11


def _mirrored(ball: Ball) -> Ball:
    joint, (x, y, z), radius = ball
    return MIRROR_JOINTS[joint], (-x, y, z), radius


def _right(part: Part) -> Part:
    return Part(tuple(_mirrored(ball) for ball in part.balls), part.tone * _RIGHT_TONE, part.skin)


_MIDDLE = (
    Part(((PELVIS, (0.05, -0.05, -0.008), 0.088), (PELVIS, (-0.05, -0.05, -0.008), 0.088)), _LEG),
    Part(((SPINE3, (0.06, 0.07, 0.036), 0.064), (SPINE3, (-0.06, 0.07, 0.036), 0.064))),
    Part(((SPINE3, (0.0, 0.07, -0.02), 0.085), (SPINE3, (0.0, 0.15, -0.03), 0.06), (NECK, (0, -0.02, -0.008), 0.05))),
    Part(((NECK, (0, -0.04, -0.004), 0.052), (HEAD, (0, 0.01, -0.012), 0.048)), _SKIN, True),
    Part(((HEAD, (0.016, 0.026, 0.040), 0.038), (HEAD, (-0.016, 0.026, 0.040), 0.038)), _SKIN, True),
    Part(((HEAD, (0, 0.098, -0.010), 0.088), (HEAD, (0, 0.095, 0.016), 0.084)), _SKIN, True),
)
_LEFT = (
    # Half of the trunk: waist, ribs and chest, trapezius and shoulder.
    Part(((PELVIS, (0.04, -0.01, -0.004), 0.086), (SPINE1, (0.04, -0.035, 0.008), 0.082)), _LEG),
    Part(
        (
            (SPINE1, (0.038, -0.01, 0.01), 0.08),
            (SPINE1, (0.038, 0.06, 0.016), 0.079),
            (SPINE2, (0.052, 0.0, 0.004), 0.085),
            (SPINE3, (0.078, 0.035, -0.002), 0.088),
            (SPINE3, (0.082, 0.085, -0.004), 0.08),
        )
    ),
    Part(((NECK, (0.02, -0.022, -0.014), 0.042), (LEFT_SHOULDER, (-0.04, 0.008, -0.008), 0.044))),
    Part(((SPINE3, (0.095, 0.06, -0.012), 0.066), (LEFT_SHOULDER, (-0.01, -0.018, 0), 0.05))),
    # Arm and hand.
    Part(
        (
            (LEFT_SHOULDER, (-0.008, -0.006, 0), 0.054),
            (LEFT_SHOULDER, (0.05, -0.008, -0.004), 0.052),
            (LEFT_SHOULDER, (0.14, -0.010, -0.008), 0.043),
            (LEFT_ELBOW, (-0.02, 0, 0), 0.037),
            (LEFT_ELBOW, (0.02, 0, 0), 0.037),
            (LEFT_ELBOW, (0.07, 0, 0), 0.039),
            (LEFT_ELBOW, (0.16, 0.002, 0), 0.031),
            (LEFT_WRIST, (-0.015, 0, 0), 0.027),
        )
    ),
    Part(
        (
            (LEFT_WRIST, (-0.02, 0, 0), 0.024),
            (LEFT_WRIST, (0.03, -0.003, -0.004), 0.024),
            (LEFT_HAND, (0.0, -0.002, -0.012), 0.021),
            (LEFT_HAND, (0.035, -0.006, -0.020), 0.016),
            (LEFT_HAND, (0.085, -0.020, -0.018), 0.011),
        ),
        _SKIN,
        True,
    ),
    Part(
        (
            (LEFT_WRIST, (0.025, -0.003, 0.010), 0.023),
            (LEFT_HAND, (0.005, -0.002, 0.016), 0.021),
            (LEFT_HAND, (0.040, -0.006, 0.014), 0.016),
            (LEFT_HAND, (0.098, -0.022, 0.006), 0.011),
        ),
        _SKIN,
        True,
    ),
    Part(
        (
            (LEFT_WRIST, (0.025, -0.006, 0.02), 0.019),
            (LEFT_WRIST, (0.065, -0.012, 0.044), 0.015),
            (LEFT_HAND, (0.016, -0.018, 0.056), 0.011),
        ),
        _SKIN,
        True,
    ),
    # Leg and foot.
    Part(((PELVIS, (0.062, -0.075, -0.042), 0.068), (LEFT_HIP, (0.004, -0.03, -0.026), 0.07)), _LEG),
    Part(
        (
            (LEFT_HIP, (0.008, 0.01, -0.006), 0.08),
            (LEFT_HIP, (0.016, -0.09, -0.002), 0.083),
            (LEFT_HIP, (0.026, -0.22, 0.004), 0.069),
            (LEFT_KNEE, (0, 0.04, 0.006), 0.053),
            (LEFT_KNEE, (0, -0.03, 0.004), 0.048),
            (LEFT_KNEE, (-0.003, -0.12, -0.014), 0.052),
            (LEFT_KNEE, (-0.006, -0.22, -0.018), 0.044),
            (LEFT_ANKLE, (0, 0.08, -0.004), 0.033),
        ),
        _LEG,
    ),
    Part(((LEFT_ANKLE, (0, 0.07, -0.004), 0.031), (LEFT_ANKLE, (0, 0.005, -0.008), 0.032)), _SHOE),
    Part(
        (
            (LEFT_ANKLE, (0.002, -0.046, -0.046), 0.035),
            (LEFT_ANKLE, (0.002, -0.015, -0.010), 0.036),
            (LEFT_ANKLE, (0.010, -0.022, 0.05), 0.036),
            (LEFT_FOOT, (-0.010, 0.010, -0.004), 0.029),
            (LEFT_FOOT, (-0.012, -0.002, 0.060), 0.022),
        ),
        _SHOE,
    ),
    Part(
        (
            (LEFT_ANKLE, (0.002, -0.052, -0.045), 0.033),
            (LEFT_ANKLE, (0.020, -0.048, 0.05), 0.031),
            (LEFT_FOOT, (0.022, 0.0, -0.01), 0.027),
            (LEFT_FOOT, (0.016, -0.005, 0.048), 0.02),
        ),
        _SHOE,
    ),
)
PARTS: tuple[Part, ...] = _MIDDLE + _LEFT + tuple(_right(part) for part in _LEFT)


def rest_joints_m(offsets_m: F32 = REST_OFFSETS_M) -> F32:
    """[24, 3] joints at rest, the pelvis at the origin."""
    places = np.zeros((JOINT_COUNT, 3), np.float32)
    for joint in range(1, JOINT_COUNT):
        places[joint] = places[PARENTS[joint]] + offsets_m[joint]
    return places


_JOINTS_M = rest_joints_m()


def _place(ball: Ball) -> F32:
    place: F32 = _JOINTS_M[ball[0]] + np.array(ball[1], np.float32)
    return place


def distance_m(points: F32, part: Part) -> F32:
    """[...] from points [..., 3] to the surface of a part, negative inside."""
    nearest: F32 | None = None
    for first, second in pairwise(part.balls):
        start = _place(first)
        axis = _place(second) - start
        along = np.clip((points - start) @ axis / float(axis @ axis), 0, 1)
        # The slope of the side moves the foot of the perpendicular; near enough for parts that taper gently.
        radius = first[2] + along * (second[2] - first[2])
        away = (np.linalg.norm(points - (start + along[..., None] * axis), axis=-1) - radius).astype(np.float32)
        nearest = away if nearest is None else np.minimum(nearest, away)
    assert nearest is not None
    return nearest


def _melted(total: F32) -> F32:
    """The distance of all parts together, from the sum of their exp(-distance / MELT_M)."""
    distance: F32 = (-MELT_M * np.log(np.maximum(total, 1e-9))).astype(np.float32)
    return distance


def body_distance_m(points: F32) -> F32:
    """[n] from points [n, 3] to the surface of the whole body."""
    total = np.zeros(len(points), np.float32)
    for part in PARTS:
        total += np.exp(np.minimum(-distance_m(points, part) / MELT_M, 60))
    return _melted(total)


def _grid(cell_m: float) -> tuple[F32, F32]:
    """Field of distances [x, y, z] around the body, and the place of its corner [3]. Each part is felt only nearby."""
    balls = [ball for part in PARTS for ball in part.balls]
    places = np.array([_place(ball) for ball in balls])
    radii = np.array([ball[2] for ball in balls])[:, None]
    reach = 4 * MELT_M
    corner = (places - radii).min(axis=0) - reach - cell_m
    size = np.ceil(((places + radii).max(axis=0) + reach + cell_m - corner) / cell_m).astype(int) + 1
    total = np.zeros(size, np.float32)
    for part in PARTS:
        ends = np.array([_place(ball) for ball in part.balls])
        radius = np.array([[ball[2]] for ball in part.balls])
        low = np.floor(((ends - radius).min(axis=0) - reach - corner) / cell_m).astype(int)
        high = np.ceil(((ends + radius).max(axis=0) + reach - corner) / cell_m).astype(int) + 1
        axes = [corner[i] + cell_m * np.arange(low[i], high[i]) for i in range(3)]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).astype(np.float32)
        total[low[0] : high[0], low[1] : high[1], low[2] : high[2]] += np.exp(
            np.minimum(-distance_m(points, part) / MELT_M, 60)
        )
    return _melted(total), corner.astype(np.float32)


def _gradient(points: F32) -> F32:
    """[n, 3] unit vectors straight out of the body."""
    step = np.eye(3, dtype=np.float32) * 0.007
    slope = np.stack([body_distance_m(points + way) - body_distance_m(points - way) for way in step], axis=1)
    unit: F32 = (slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-9)).astype(np.float32)
    return unit


_TIPS_M: dict[int, tuple[float, float, float]] = {
    HEAD: (0.0, 0.16, 0.02),
    LEFT_HAND: (0.09, -0.015, 0.0),
    LEFT_FOOT: (0.0, 0.0, 0.06),
}


def _bones() -> list[tuple[int, F32, F32]]:
    """A joint and the two ends of a bone that moves with it."""
    bones = [(PARENTS[joint], _JOINTS_M[PARENTS[joint]], _JOINTS_M[joint]) for joint in range(1, JOINT_COUNT)]
    for joint, (x, y, z) in _TIPS_M.items():
        bones.append((joint, _JOINTS_M[joint], _JOINTS_M[joint] + np.array((x, y, z), np.float32)))
        if (other := MIRROR_JOINTS[joint]) != joint:
            bones.append((other, _JOINTS_M[other], _JOINTS_M[other] + np.array((-x, y, z), np.float32)))
    return bones


def _skin_weights(vertices: F32) -> npt.NDArray[np.float64]:
    """[n, 24], falling off with the distance to the joints' bones, in proportion to the thickness of the limb."""
    nearest = np.full((len(vertices), JOINT_COUNT), 10.0)
    for joint, start, end in _bones():
        axis = end - start
        along = np.clip((vertices - start) @ axis / float(axis @ axis), 0, 1)
        away = np.linalg.norm(vertices - (start + along[:, None] * axis), axis=1)
        nearest[:, joint] = np.minimum(nearest[:, joint], away)
    return np.asarray(1.0 / np.maximum(nearest, 0.004) ** 8)


_SKIN_TINT = np.array([1.0, 0.86, 0.76])
_CLOTH_TINT = np.array([0.94, 0.97, 1.06])


def _paint(vertices: F32) -> F32:
    """[n, 4], the colours of the parts, which run into each other within millimetres."""
    shares = np.stack([np.exp(np.minimum(-distance_m(vertices, part) / 0.004, 30)) for part in PARTS], axis=1)
    shares /= shares.sum(axis=1, keepdims=True)
    colours = np.array([part.tone * (_SKIN_TINT if part.skin else _CLOTH_TINT) for part in PARTS])
    return np.concatenate([shares @ colours, np.zeros((len(vertices), 1))], axis=1).astype(np.float32)


_VISOR_COLUMNS, _VISOR_ROWS = 25, 7


def _visor() -> tuple[F32, U32]:
    """A shield before the eyes that shows where the face is: vertices and triangles."""
    across = np.linspace(-1.2, 1.2, _VISOR_COLUMNS)
    upward = np.linspace(-0.13, 0.27, _VISOR_ROWS)
    a, u = np.meshgrid(across, upward * 1.0)
    # Its ends are rounded off.
    u = 0.07 + (u - 0.07) * np.sqrt(np.clip(1 - (a / 1.22) ** 6, 0.05, 1))
    ways = np.stack([np.sin(a) * np.cos(u), np.sin(u), np.cos(a) * np.cos(u)], axis=-1).reshape(-1, 3)
    centre = _JOINTS_M[HEAD] + np.array([0, 0.088, 0.01], np.float32)
    reach = np.full(len(ways), 0.14)
    for _ in range(12):
        reach -= body_distance_m((centre + reach[:, None] * ways).astype(np.float32)) - 0.004
    vertices = (centre + reach[:, None] * ways).astype(np.float32)
    corner = np.arange((_VISOR_ROWS - 1) * _VISOR_COLUMNS).reshape(_VISOR_ROWS - 1, _VISOR_COLUMNS)[:, :-1].reshape(-1)
    right, up = corner + 1, corner + _VISOR_COLUMNS
    faces = np.concatenate([np.stack([corner, right, up + 1], 1), np.stack([corner, up + 1, up], 1)])
    return vertices, faces.astype(np.uint32)


def mannequin(cell_m: float = FINE_M) -> BodyMesh:
    """Make the body, of triangles about as large as a cell. Takes a fraction of a second."""
    field, corner = _grid(cell_m)
    cells, faces = surface_nets(field)
    vertices = (corner + cell_m * cells).astype(np.float32)
    normals = _gradient(vertices)
    vertices = vertices - body_distance_m(vertices)[:, None] * normals
    visor, visor_faces = _visor()
    joints, weights = strongest(_skin_weights(vertices))
    head = np.tile(np.array([[HEAD, 0, 0, 0]], np.uint32), (len(visor), 1))
    rigid = np.tile(np.array([[1, 0, 0, 0]], np.float32), (len(visor), 1))
    glass = np.tile(np.array([[0.01, 0.012, 0.015, 0.55]], np.float32), (len(visor), 1))
    return BodyMesh(
        np.concatenate([vertices, visor]),
        np.concatenate([normals, _gradient(visor)]),
        np.concatenate([faces, visor_faces + np.uint32(len(vertices))]),
        np.concatenate([joints, head]),
        np.concatenate([weights, rigid]),
        np.concatenate([_paint(vertices), glass]),
        REST_OFFSETS_M,
    )
