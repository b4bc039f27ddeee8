"""One picture of the stage, before it is drawn."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from gui.stage.body_mesh import F32
from gui.stage.camera import Eye
from gui.stage.skinning import Posed
from megadance_live.core.skeleton import LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT

Colour = tuple[float, float, float]
"""Red, green, blue as on the screen (sRGB), 0..1."""


_FEET = np.array([LEFT_ANKLE, LEFT_FOOT, RIGHT_ANKLE, RIGHT_FOOT])
_AHEAD_M = np.array([[-0.03], [0.03], [-0.03], [0.03]], np.float32)
"""From the ankle to the heel, from the joint of the toes to the ball of the foot."""


ASIDE_M: Final = 1.2
"""From the dancer to the ghost."""


class Look(IntEnum):
    """How a body is drawn."""

    LIVE = 0
    FROZEN = 1
    BLACKOUT = 2
    GHOST = 3


@dataclass(frozen=True)
class Ghost:
    """The armed expert, beside the dancer; `label_m` [3] is over the head."""

    posed: Posed
    name: str
    colour: Colour
    label_m: F32


@dataclass(frozen=True)
class Scene:
    """`place_m` is the floor (x, z) under the middle of the picture, `contacts` [4] how firmly left heel, left toe,
    right heel and right toe stand, 0..1."""

    eye: Eye
    place_m: tuple[float, float]
    dancer: Posed | None = None
    contacts: F32 | None = None
    look: Look = Look.LIVE
    accent: Colour = (0.8, 0.8, 0.8)
    ghost: Ghost | None = None


def colour_of(text: str) -> Colour:
    """From #rrggbb."""
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def linear(colour: Colour) -> Colour:
    """From the screen's scale to that of light."""
    red, green, blue = (float(value) for value in np.power(colour, 2.2))
    return red, green, blue


def stands_m(posed: Posed) -> F32:
    """[4, 2] the places (x, z) on the floor of left heel, left toe, right heel and right toe."""
    places: F32 = (posed.joints_m[_FEET] + _AHEAD_M * posed.bones[_FEET, :, 2])[:, [0, 2]]
    return places
