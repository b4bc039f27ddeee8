"""A dancer drawn in software: rounded, shaded limbs on a lit stage, with the beat beside him.

For contact sheets and films, and for looking at what a model does; needs Pillow, and no graphics card.
"""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from megadance_live.core.bar_clock import BarClock
from megadance_live.core.motion import PoseFrame
from megadance_live.motion.camera import FLOOR_Y_M, Camera
from megadance_live.motion.figure import VISOR_COLUMNS, Disc, Figure, pose_figure
from megadance_live.motion.hud import Color, color_of, draw_hud, mixed
from megadance_live.motion.local_frame import F64

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZE = (1280, 720)
_SKIN: Color = (214, 205, 196)
_VISOR: Color = (20, 26, 34)
_SHARP = 2  # the dancer is drawn this much larger and then reduced
_SHADOW_COARSE = 4
_DIRECTIONS = np.linspace(0.0, 2.0 * np.pi, 32, endpoint=False)
_CIRCLE = np.stack([np.cos(_DIRECTIONS), np.sin(_DIRECTIONS)], axis=1)
_LIGHT = np.array([-0.55, -0.83])  # in the picture: from above, from the left
# Rings of a part from its dark edge to its lit side: radius, shift towards the light (in radii), brightness.
_SHADES = (
    (1.0, 0.0, 0.40), (0.92, 0.05, 0.53), (0.82, 0.11, 0.64), (0.71, 0.17, 0.74),
    (0.58, 0.24, 0.84), (0.44, 0.31, 0.94), (0.28, 0.39, 1.04), (0.13, 0.45, 1.13),
)  # fmt: skip


class Painter:
    """Draws poses into pictures of one size. `follow` keeps the dancer in the middle (for contact sheets); otherwise
    the camera stands still and the dancer goes about the stage."""

    def __init__(
        self, experts: Sequence[str] = (), width: int = SIZE[0], height: int = SIZE[1], *, follow: bool = False
    ) -> None:
        from PIL import Image

        self._experts = tuple(experts)
        self._follow = follow
        self._camera = Camera(width, height, span_m=2.45, focus_m=0.98) if follow else Camera(width, height)
        self._stage = Image.fromarray(self._camera.stage())

    def paint(self, pose: PoseFrame, clock: BarClock | None = None, caption: str | None = None) -> "Image":
        """The pose, with lamps and counters where a clock is given; a `caption` takes their place."""
        picture = self._stage.copy()
        color = color_of(pose.expert, self._experts)
        centre = (float(pose.root_m[0]), float(pose.root_m[2])) if self._follow else (0.0, 0.0)
        figure = pose_figure(pose, self._camera, centre)
        _draw_body(picture, figure, pose.contacts, color, self._camera)
        draw_hud(picture, pose, clock, caption, color)
        return picture


@functools.lru_cache(maxsize=4)
def _painter(experts: tuple[str, ...], width: int, height: int) -> Painter:
    return Painter(experts, width, height)


def draw_pose(
    pose: PoseFrame,
    clock: BarClock | None = None,
    *,
    experts: Sequence[str] = (),
    width: int = SIZE[0],
    height: int = SIZE[1],
) -> npt.NDArray[np.uint8]:
    """A pose as a picture, uint8 [height, width, 3]; `experts` gives each its colour."""
    return np.asarray(_painter(tuple(experts), width, height).paint(pose, clock))


def _draw_body(
    picture: "Image", figure: Figure, contacts: npt.NDArray[np.float32], color: Color, camera: Camera
) -> None:
    from PIL import Image, ImageDraw

    shadows, shadow_radii = _on_floor(figure, camera)
    box = _box(figure, shadows, shadow_radii, picture.size)
    if box is None:
        return
    region = picture.crop(box)
    _draw_shadow(region, shadows - box[:2], shadow_radii)
    # Repeated pixels come back unchanged when the region is reduced.
    region = region.resize((region.width * _SHARP, region.height * _SHARP), Image.Resampling.NEAREST)
    draw = ImageDraw.Draw(region)
    origin = np.array(box[:2], np.float64)
    _draw_contacts(draw, figure, contacts, color, camera, origin)
    nearest = figure.discs[-1].nearness_m
    for disc in figure.discs:
        fade = max(0.55, 1.0 - 0.35 * (nearest - disc.nearness_m))
        _draw_disc(draw, disc, _SKIN if disc.part.skin else color, fade, origin)
        if disc.part.head:
            _draw_visor(draw, figure, origin, color)
    picture.paste(region.reduce(_SHARP), box[:2])


def _on_floor(figure: Figure, camera: Camera) -> tuple[F64, F64]:
    """Where each ball's shadow lies, pixels [n, 2], and its half-axes [n, 2]."""
    below = figure.balls_m.copy()
    # The light comes a little from the left, so the shadow falls to the right.
    below[:, 0] += 0.12 * below[:, 1]
    below[:, 1] = FLOOR_Y_M
    pixels, per_m = camera.project(below)
    wide = figure.radii_m * per_m * 1.15
    return pixels, np.stack([wide, wide * 0.3], axis=1)


def _box(figure: Figure, shadows: F64, shadow_radii: F64, size: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """The part of the picture that the dancer and his shadow touch, in whole steps of the coarse shadow."""
    low, high = (shadows - shadow_radii).min(axis=0), (shadows + shadow_radii).max(axis=0)
    for disc in figure.discs:
        low = np.minimum(low, (disc.centres - disc.radii_px[:, None]).min(axis=0))
        high = np.maximum(high, (disc.centres + disc.radii_px[:, None]).max(axis=0))
    left, top = np.maximum(low - 16, 0).astype(int) // _SHADOW_COARSE * _SHADOW_COARSE
    right, bottom = np.minimum(high + 16, size).astype(int)
    return (int(left), int(top), int(right), int(bottom)) if right > left and bottom > top else None


def _draw_shadow(region: "Image", centres: F64, radii: F64) -> None:
    from PIL import Image, ImageDraw, ImageFilter

    coarse = Image.new("L", (region.width // _SHADOW_COARSE + 1, region.height // _SHADOW_COARSE + 1))
    draw = ImageDraw.Draw(coarse)
    for corners in np.concatenate([centres - radii, centres + radii], axis=1) / _SHADOW_COARSE:
        draw.ellipse(corners.tolist(), fill=190)
    soft = coarse.filter(ImageFilter.GaussianBlur(2.2)).resize(region.size, Image.Resampling.BILINEAR)
    region.paste((6, 6, 8), (0, 0), soft)


def _draw_contacts(
    draw: "ImageDraw", figure: Figure, contacts: npt.NDArray[np.float32], color: Color, camera: Camera, origin: F64
) -> None:
    """A glowing ring on the floor under each heel and toe that stands."""
    below = figure.feet_m.copy()
    below[:, 1] = FLOOR_Y_M
    pixels, per_m = camera.project(below)
    for (x, y), metre_px, contact in zip((pixels - origin) * _SHARP, per_m * _SHARP, contacts, strict=True):
        if contact > 0.05:
            wide = 0.085 * metre_px
            glow = mixed((40, 42, 50), color, float(contact))
            draw.ellipse((x - wide, y - 0.3 * wide, x + wide, y + 0.3 * wide), outline=glow, width=3)


def _draw_disc(draw: "ImageDraw", disc: Disc, color: Color, fade: float, origin: F64) -> None:
    centres, radii = (disc.centres - origin) * _SHARP, disc.radii_px * _SHARP
    # The outline around discs: in each direction, the furthest point of the furthest disc.
    furthest = np.argmax(centres @ _CIRCLE.T + radii[:, None], axis=0)
    centres, radii = centres[furthest], radii[furthest, None]
    if disc.part.outlined:
        draw.polygon((centres + _CIRCLE * (radii + 2.5)).ravel().tolist(), fill=(10, 10, 12))
    for size, shift, light in _SHADES:
        outline = centres + (_CIRCLE * size + _LIGHT * shift) * radii
        draw.polygon(outline.ravel().tolist(), fill=mixed((0, 0, 0), color, light * fade * disc.part.tone))


def _draw_visor(draw: "ImageDraw", figure: Figure, origin: F64, color: Color) -> None:
    """The part of the visor that is turned to the camera, with a gleam."""
    half = VISOR_COLUMNS
    brow, cheek = figure.visor_px[:half], figure.visor_px[half:][::-1]
    seen = (figure.visor_open[:half] > 0.0) & (figure.visor_open[half:][::-1] > 0.0)
    if seen.sum() < 2:
        return
    brow, cheek = (brow[seen] - origin) * _SHARP, (cheek[seen] - origin) * _SHARP
    draw.polygon(np.concatenate([brow, cheek[::-1]]).ravel().tolist(), fill=_VISOR)
    gleam = 0.68 * brow + 0.32 * cheek
    draw.line(gleam.ravel().tolist(), fill=mixed(_VISOR, color, 0.9), width=3, joint="curve")
