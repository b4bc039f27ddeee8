"""Where the pictures are taken from, and the stage as seen from there."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

F64 = npt.NDArray[np.float64]

BACKGROUND = (18, 18, 18)
FLOOR_Y_M = -0.025
"""Soles lie this much below the toe joints."""
_GRID_M = 0.5
_NEAR_M = 0.3


@dataclass(frozen=True)
class Camera:
    """A level camera at (0, `eye_m`, `away_m`) that looks towards -Z, so at a dancer who faces it.

    `focus_m` is the height that is shown in the middle of the picture, `span_m` how many metres its height covers
    where the dancer stands.
    """

    width: int
    height: int
    eye_m: float = 1.45
    focus_m: float = 0.93
    span_m: float = 2.75
    away_m: float = 5.2

    @property
    def _focal_px(self) -> float:
        return self.height * self.away_m / self.span_m

    def project(self, points: npt.NDArray[np.floating[Any]]) -> tuple[F64, F64]:
        """Pixels [n, 2] (x to the right, y down) of points [n, 3], and pixels per metre [n] at their depth."""
        per_m = self._focal_px / np.maximum(self.away_m - points[:, 2], _NEAR_M)
        # Shifted rather than tilted, as a view camera does: upright things stay upright.
        middle = self.height / 2 + (self.focus_m - self.eye_m) * self._focal_px / self.away_m
        pixels = np.stack([self.width / 2 + points[:, 0] * per_m, middle - (points[:, 1] - self.eye_m) * per_m], axis=1)
        return pixels, per_m

    def stage(self) -> npt.NDArray[np.uint8]:
        """The empty stage, [height, width, 3]: a lit floor with a grid of half metres, fading into the dark."""
        horizon = self.height / 2 + (self.focus_m - self.eye_m) * self._focal_px / self.away_m
        rows = np.arange(self.height) + 0.5
        columns = np.arange(self.width) + 0.5
        below = np.maximum(rows - horizon, 1e-3)
        depth = (self.eye_m - FLOOR_Y_M) * self._focal_px / below
        z = (self.away_m - depth)[:, None]
        metre_px = (self._focal_px / depth)[:, None]
        x = (columns[None, :] - self.width / 2) / metre_px
        light = np.exp(-(x**2 + (z * 0.9) ** 2) / 3.2)
        lines = np.maximum(
            _line(x, 1.2 / metre_px),
            _line(z + 0 * x, 1.2 * depth[:, None] / (metre_px * (self.eye_m - FLOOR_Y_M))),
        )
        glow = np.where((rows > horizon)[:, None], light, 0.0)
        picture = np.empty((self.height, self.width, 3))
        for channel, (floor, line) in enumerate(((40, 34), (42, 38), (50, 48))):
            picture[..., channel] = BACKGROUND[channel] + glow * (floor + line * lines)
        # A little ordered noise keeps the soft gradients from banding.
        picture += (np.add.outer(np.arange(self.height) * 7, np.arange(self.width) * 3) % 5 / 5.0)[..., None]
        return np.clip(picture, 0, 255).astype(np.uint8)


def _line(at_m: F64, width_m: F64) -> F64:
    """1 on a grid line, 0 away from it, over the width of a pixel; fades where lines run together."""
    off = np.abs(at_m - np.round(at_m / _GRID_M) * _GRID_M)
    return np.clip(1.0 - off / width_m, 0.0, 1.0) * np.clip(_GRID_M / (4 * width_m), 0.0, 1.0)
