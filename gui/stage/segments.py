"""The body as a few thick lines between joints: what throws the shadow, and what is drawn without OpenGL."""

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
    SPINE2,
    SPINE3,
)

Segment = tuple[int, int, float]
"""Two joints, half the thickness between them (m)."""

_MIDDLE: tuple[Segment, ...] = (
    (PELVIS, SPINE2, 0.12),
    (SPINE2, SPINE3, 0.13),
    (SPINE3, NECK, 0.09),
    (NECK, HEAD, 0.08),
)
_LEFT: tuple[Segment, ...] = (
    (LEFT_COLLAR, LEFT_SHOULDER, 0.065),
    (LEFT_SHOULDER, LEFT_ELBOW, 0.05),
    (LEFT_ELBOW, LEFT_WRIST, 0.038),
    (LEFT_WRIST, LEFT_HAND, 0.035),
    (LEFT_HIP, LEFT_KNEE, 0.075),
    (LEFT_KNEE, LEFT_ANKLE, 0.05),
    (LEFT_ANKLE, LEFT_FOOT, 0.042),
)
SEGMENTS: tuple[Segment, ...] = (
    *_MIDDLE,
    *_LEFT,
    *((MIRROR_JOINTS[start], MIRROR_JOINTS[end], radius) for start, end, radius in _LEFT),
)
