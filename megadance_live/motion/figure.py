"""The drawn body: rounded parts hung on the joints, as discs in the picture."""

from dataclasses import dataclass

import numpy as np

from megadance_live.core.motion import PoseFrame
from megadance_live.core.skeleton import (
    HEAD,
    LEFT_ANKLE,
    LEFT_COLLAR,
    LEFT_ELBOW,
    LEFT_FOOT,
    LEFT_HAND,
    LEFT_HIP,
    LEFT_KNEE,
    LEFT_SHOULDER,
    LEFT_WRIST,
    MIRROR_JOINTS,
    NECK,
    PELVIS,
    SPINE1,
    SPINE2,
    SPINE3,
)
from megadance_live.motion.camera import Camera
from megadance_live.motion.local_frame import F64
from megadance_live.motion.rotations import skeleton

Ball = tuple[int, tuple[float, float, float], float]
"""A joint, a place in its frame (m), a radius (m)."""


@dataclass(frozen=True)
class Part:
    """The hull of a few balls. `tone` scales its colour; `skin` parts are pale rather than in the expert's colour."""

    balls: tuple[Ball, ...]
    tone: float = 1.0
    skin: bool = False
    head: bool = False
    outlined: bool = True


@dataclass(frozen=True)
class Disc:
    """A part in the picture: centres [n, 2] and radii [n] in pixels, and how far it is from the camera."""

    part: Part
    centres: F64
    radii_px: F64
    nearness_m: float


_MIDDLE = (
    Part(
        (
            (PELVIS, (0.062, -0.035, -0.005), 0.098),
            (PELVIS, (-0.062, -0.035, -0.005), 0.098),
            (SPINE1, (0, 0, 0.01), 0.1),
        ),
        0.9,
        outlined=False,
    ),
    Part(
        ((SPINE1, (0, -0.02, 0.012), 0.098), (SPINE2, (0.028, 0, 0.005), 0.1), (SPINE2, (-0.028, 0, 0.005), 0.1)),
        outlined=False,
    ),
    Part(
        (
            (SPINE2, (0, 0.0, 0.005), 0.1),
            (SPINE3, (0.085, 0.075, 0.0), 0.1),
            (SPINE3, (-0.085, 0.075, 0.0), 0.1),
            (NECK, (0, -0.05, 0.0), 0.06),
        ),
        outlined=False,
    ),
    Part(((NECK, (0, -0.03, 0), 0.06), (HEAD, (0, 0.0, -0.005), 0.053)), 0.9, True),
    Part(
        ((HEAD, (0, 0.015, 0.035), 0.07), (HEAD, (0, 0.088, 0.008), 0.098), (HEAD, (0, 0.068, 0.028), 0.09)),
        1.0,
        True,
        True,
    ),
)
_LEFT = (
    Part(((LEFT_COLLAR, (0.02, -0.02, 0.01), 0.066), (LEFT_SHOULDER, (-0.005, -0.01, 0), 0.066))),
    Part(
        (
            (LEFT_SHOULDER, (0.0, -0.005, 0), 0.06),
            (LEFT_SHOULDER, (0.11, -0.012, -0.012), 0.05),
            (LEFT_ELBOW, (0, 0, 0), 0.041),
        )
    ),
    Part(
        ((LEFT_ELBOW, (0, 0, 0), 0.041), (LEFT_ELBOW, (0.08, 0, 0), 0.041), (LEFT_WRIST, (0, 0, 0), 0.027)), 1.0, True
    ),
    Part(
        ((LEFT_WRIST, (0.01, 0, 0), 0.028), (LEFT_HAND, (0.0, 0, 0), 0.038), (LEFT_HAND, (0.075, -0.008, 0), 0.02)),
        1.05,
        True,
    ),
    Part(((LEFT_HAND, (-0.03, 0, 0.02), 0.017), (LEFT_HAND, (0.015, 0, 0.055), 0.014)), 1.05, True),
    Part(
        (
            (LEFT_HIP, (0.005, -0.01, 0), 0.092),
            (LEFT_HIP, (0.02, -0.17, 0.01), 0.079),
            (LEFT_KNEE, (0, 0, 0.005), 0.055),
        ),
        0.86,
    ),
    Part(
        (
            (LEFT_KNEE, (0, 0, 0.005), 0.055),
            (LEFT_KNEE, (-0.005, -0.12, -0.02), 0.056),
            (LEFT_ANKLE, (0, 0.02, 0), 0.036),
        ),
        0.86,
    ),
    Part(
        (
            (LEFT_ANKLE, (0, -0.038, -0.05), 0.036),
            (LEFT_ANKLE, (0, 0.0, 0.0), 0.042),
            (LEFT_FOOT, (-0.008, 0.012, 0.0), 0.04),
            (LEFT_FOOT, (0.012, 0.01, 0.0), 0.036),
        ),
        1.25,
    ),
    Part(((LEFT_FOOT, (-0.008, 0.01, 0.0), 0.036), (LEFT_FOOT, (0.004, 0.002, 0.055), 0.028)), 1.25),
)
_RIGHT_TONE = 0.8
"""The right side is darker, so that left and right can be told apart."""


def _right(part: Part) -> Part:
    balls = tuple((MIRROR_JOINTS[joint], (-x, y, z), radius) for joint, (x, y, z), radius in part.balls)
    return Part(balls, part.tone * (1.0 if part.skin else _RIGHT_TONE), part.skin)


PARTS: tuple[Part, ...] = _MIDDLE + _LEFT + tuple(_right(part) for part in _LEFT)

_BALLS = [ball for part in PARTS for ball in part.balls]
_JOINTS = np.array([joint for joint, _, _ in _BALLS])
_PLACES_M = np.array([place for _, place, _ in _BALLS])
_RADII_M = np.array([radius for _, _, radius in _BALLS])
_CUTS = np.cumsum([len(part.balls) for part in PARTS])[:-1]

# A visor around the front of the head: where it is seen, the dancer faces us.
VISOR_COLUMNS = 15
_ACROSS = np.linspace(-1.15, 1.15, VISOR_COLUMNS)
_BROW = np.stack([np.sin(_ACROSS), np.full(VISOR_COLUMNS, 0.30), np.cos(_ACROSS)], axis=1)
_CHEEK = np.stack([np.sin(_ACROSS), np.full(VISOR_COLUMNS, -0.16), np.cos(_ACROSS)], axis=1)
_VISOR = np.concatenate([_BROW, _CHEEK[::-1]])
_VISOR_M = _VISOR * [0.096, 0.096, 0.102] + [0.0, 0.075, 0.02]


@dataclass(frozen=True)
class Figure:
    """A posed body: its parts from far to near, its balls in the world, and its visor."""

    discs: tuple[Disc, ...]
    balls_m: F64  # [n, 3]
    radii_m: F64  # [n]
    visor_px: F64  # [2 * VISOR_COLUMNS, 2], brow from the left of the picture's dancer, then cheek back
    visor_open: F64  # [2 * VISOR_COLUMNS] > 0 where its surface is turned to the camera
    feet_m: F64  # [4, 3] left heel, left toe, right heel, right toe


def pose_figure(pose: PoseFrame, camera: Camera, centre_m: tuple[float, float] = (0.0, 0.0)) -> Figure:
    """The body of a pose, with `centre_m` (x, z) of the stage in the middle of the picture."""
    places, world = skeleton(pose.quats)
    places = places + pose.root_m.astype(np.float64) - [centre_m[0], 0.0, centre_m[1]]
    balls = places[_JOINTS] + np.einsum("nij,nj->ni", world[_JOINTS], _PLACES_M)
    pixels, per_m = camera.project(balls)
    discs = [
        Disc(part, centres, radii, float(near))
        for part, centres, radii, near in zip(
            PARTS,
            np.split(pixels, _CUTS),
            np.split(_RADII_M * per_m, _CUTS),
            [float(piece.mean()) for piece in np.split(balls[:, 2], _CUTS)],
            strict=True,
        )
    ]
    visor = places[HEAD] + _VISOR_M @ world[HEAD].T
    outward = (_VISOR * [1.0, 0.4, 1.0]) @ world[HEAD].T
    to_camera = np.array([0.0, camera.eye_m, camera.away_m]) - visor
    facing = np.einsum("ij,ij->i", outward, to_camera) / np.linalg.norm(to_camera, axis=1)
    heels = places[[LEFT_ANKLE, LEFT_FOOT, MIRROR_JOINTS[LEFT_ANKLE], MIRROR_JOINTS[LEFT_FOOT]]]
    return Figure(
        tuple(sorted(discs, key=lambda disc: disc.nearness_m)),
        balls,
        _RADII_M,
        camera.project(visor)[0],
        facing,
        heels,
    )
