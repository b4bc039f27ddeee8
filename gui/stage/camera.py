"""Where the stage is seen from. Angles in rad, places in metres, SMPL axes: the dancer at rest faces +Z."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
CameraName = Literal["orbit", "front", "side", "back", "top", "close"]
CAMERAS: tuple[CameraName, ...] = ("front", "side", "back", "top", "close", "orbit")

FIELD_OF_VIEW_RAD = math.radians(32)
"""Of the height of the picture."""
NEAREST_M, FURTHEST_M = 1.2, 20.0
LOWEST_RAD, HIGHEST_RAD = math.radians(-4), math.radians(88)
ORBIT_RAD_S = math.radians(14)
_TURN_S = 0.22
"""Time constant of the way from one camera to another."""
_FOLLOW_S = 0.55
"""Time constant with which the camera follows the dancer over the floor."""
_NEAR_PLANE_M, _FAR_PLANE_M = 0.1, 60.0
_DEFAULT_WIDTH_M = 2.2
"""Of the stage around the dancer that is to be seen, however narrow the picture is."""


@dataclass(frozen=True)
class Aim:
    """A camera that looks at a place `focus_m` [x, y, z] relative to the dancer's place on the floor."""

    yaw: float
    pitch: float
    distance_m: float
    focus_m: tuple[float, float, float] = (0.0, 0.93, 0.0)


PRESETS: dict[CameraName, Aim] = {
    "front": Aim(0.0, math.radians(7), 4.9),
    "side": Aim(math.radians(90), math.radians(7), 4.9),
    "back": Aim(math.radians(180), math.radians(10), 4.9),
    "top": Aim(0.0, math.radians(78), 4.4, (0.0, 0.6, 0.0)),
    "close": Aim(math.radians(18), math.radians(4), 2.3, (0.0, 1.30, 0.0)),
    "orbit": Aim(math.radians(30), math.radians(13), 4.7),
}


@dataclass(frozen=True)
class Eye:
    """What the picture is taken with. `view` and `projection` are [4, 4], for columns; `right` is unit [3]."""

    place_m: F32
    right: F32
    view: F32
    projection: F32

    def pixel(self, place_m: F32, width: int, height: int) -> tuple[float, float] | None:
        """Where a place in the world is seen, from the left and the top; None behind the camera."""
        x, y, _, w = self.projection @ self.view @ np.append(place_m, 1.0)
        if w <= _NEAR_PLANE_M:
            return None
        return (0.5 + 0.5 * float(x / w)) * width, (0.5 - 0.5 * float(y / w)) * height


class Follow:
    """A place on the floor that goes after the dancer, without haste."""

    def __init__(self) -> None:
        self.place_m: tuple[float, float] | None = None

    def forget(self) -> None:
        self.place_m = None

    def step(self, x_m: float, z_m: float, passed_s: float) -> tuple[float, float]:
        """The place (x, z), after the dancer has been at that one for `passed_s`."""
        if self.place_m is None:
            self.place_m = (x_m, z_m)
        share = 1.0 - math.exp(-max(passed_s, 0.0) / _FOLLOW_S)
        self.place_m = (
            self.place_m[0] + share * (x_m - self.place_m[0]),
            self.place_m[1] + share * (z_m - self.place_m[1]),
        )
        return self.place_m


class Camera:
    """Turned by the performer, or on its way to a preset."""

    def __init__(self, name: CameraName = "front") -> None:
        self.name: CameraName | None = name
        """The preset that is held; None once the performer has turned it."""
        self._chosen: CameraName = name
        self._aim = PRESETS[name]
        self._wanted = PRESETS[name]
        self._aside_m = 0.0
        self._room_m = _DEFAULT_WIDTH_M

    @property
    def aim(self) -> Aim:
        return self._aim

    @property
    def metres_per_height(self) -> float:
        """What the picture's height covers where the dancer is."""
        return 2 * math.tan(FIELD_OF_VIEW_RAD / 2) * self._aim.distance_m

    def choose(self, name: CameraName) -> None:
        """Go to a preset, the short way round."""
        self.name = self._chosen = name
        wanted = PRESETS[name]
        turn = math.remainder(wanted.yaw - self._aim.yaw, math.tau)
        self._wanted = replace(wanted, yaw=self._aim.yaw + turn)

    def back(self) -> None:
        """To the preset that was chosen last."""
        self.choose(self._chosen)

    def turn(self, right_rad: float, up_rad: float) -> None:
        """Walk around the dancer."""
        pitch = min(max(self._wanted.pitch + up_rad, LOWEST_RAD), HIGHEST_RAD)
        self._take_over(replace(self._wanted, yaw=self._wanted.yaw + right_rad, pitch=pitch))

    def pan(self, right_m: float, up_m: float) -> None:
        """Look beside the dancer."""
        x, y, z = self._wanted.focus_m
        x += right_m * math.cos(self._wanted.yaw)
        z -= right_m * math.sin(self._wanted.yaw)
        held = (min(max(x, -4), 4), min(max(y + up_m, 0.0), 2.5), min(max(z, -4), 4))
        self._take_over(replace(self._wanted, focus_m=held))

    def zoom(self, factor: float) -> None:
        """Go nearer (factor below 1) or away."""
        distance_m = min(max(self._wanted.distance_m * factor, NEAREST_M), FURTHEST_M)
        kept = self.name
        self._take_over(replace(self._wanted, distance_m=distance_m))
        self.name = kept if kept == "orbit" else None

    def _take_over(self, aim: Aim) -> None:
        self.name = None
        self._wanted = aim

    def step(self, passed_s: float, company: bool = False) -> None:
        """Time goes by. `company`: somebody stands to the dancer's right, and is to be seen too."""
        passed_s = max(passed_s, 0.0)
        share = 1.0 - math.exp(-passed_s / _TURN_S)
        if self.name == "orbit":
            self._wanted = replace(self._wanted, yaw=self._wanted.yaw + ORBIT_RAD_S * passed_s)
        now, end = self._aim, self._wanted
        x, y, z = (a + share * (b - a) for a, b in zip(now.focus_m, end.focus_m, strict=True))
        self._aim = Aim(
            now.yaw + share * (end.yaw - now.yaw),
            now.pitch + share * (end.pitch - now.pitch),
            now.distance_m + share * (end.distance_m - now.distance_m),
            (x, y, z),
        )
        self._aside_m += share * ((0.6 if company else 0.0) - self._aside_m)
        self._room_m += share * ((3.3 if company else _DEFAULT_WIDTH_M) - self._room_m)

    def eye(self, place_m: tuple[float, float], aspect: float) -> Eye:
        """For a dancer at (x, z) and a picture `aspect` times as wide as it is high."""
        aim = self._aim
        tangent = math.tan(FIELD_OF_VIEW_RAD / 2)
        # Where the picture is narrow, the camera steps back; near cameras keep their crop.
        scale = max(1.0, self._room_m / max(2 * tangent * aspect * PRESETS["front"].distance_m, 1e-3))
        distance_m = aim.distance_m * scale
        cy, sy, cp, sp = math.cos(aim.yaw), math.sin(aim.yaw), math.cos(aim.pitch), math.sin(aim.pitch)
        right = np.array([cy, 0.0, -sy])
        away = np.array([sy * cp, sp, cy * cp])
        up = np.cross(away, right)
        focus = np.array([place_m[0], 0.0, place_m[1]]) + aim.focus_m + self._aside_m * right
        eye = focus + distance_m * away
        view = np.eye(4)
        view[:3, :3] = [right, up, away]
        view[:3, 3] = -view[:3, :3] @ eye
        near, far = _NEAR_PLANE_M, _FAR_PLANE_M
        projection = np.zeros((4, 4))
        projection[0, 0] = 1 / (tangent * max(aspect, 1e-3))
        projection[1, 1] = 1 / tangent
        projection[2, 2] = (far + near) / (near - far)
        projection[2, 3] = 2 * far * near / (near - far)
        projection[3, 2] = -1
        return Eye(*(values.astype(np.float32) for values in (eye, right, view, projection)))
